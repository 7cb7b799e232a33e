// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// The report as Breakwater writes it, format "breakwater-report/1".
// The contract is docs/report-schema.md; these types mirror docs/report.schema.json.

/** A value with its interval (95 % unless `confidence` says otherwise), or why there is none. */
export type Estimate = Interval | { unsupported: string };
export interface Interval {
    value: number;
    low: number;
    high: number;
    confidence?: number;
}

export type Unit = 'usd' | 'ratio' | 'multiple' | 'count' | 'hours' | 'number' | 'percentage_points';

/** A headline figure: what it is called, how sure it is, and what exactly it means. */
export interface Figure {
    id: string;
    label: string;
    unit: Unit;
    estimate: Estimate;
    definition?: string;
}

/** What leaving something out does to the loss that is reported. */
export type Bias = 'understates' | 'overstates' | 'either' | 'none';

export interface Run {
    book: string;
    scenario: string;
    scenario_title?: string;
    conditional: boolean;
    horizon_hours: number;
    step_seconds: number;
    paths: number;
    accounts?: number;
    rulebook: string;
    as_of: string;
    supplied_usd?: number;
    borrowed_usd?: number;
}

export interface Provenance {
    command: string;
    seed: string;
    commit: string;
    version: string;
    input_hash: string;
}

export interface Driver {
    name: string;
    kind: 'asset' | 'account' | 'layer' | 'cause';
    share?: number;
    loss?: Estimate;
    detail?: string;
}

export interface Limit {
    what: string;
    bias: Bias;
    modelled?: boolean;
    detail?: string;
}

export interface DataAge {
    what: string;
    as_of: string;
    source?: string;
}

export interface Answer {
    asked: string;
    figure: Figure;
    beside?: Figure[];
    drivers: Driver[];
    not_modelled: Limit[];
    data: DataAge[];
    reproduce: Provenance;
}

export interface BadDebtRow {
    id: string;
    label: string;
    statistic: string;
    definition?: string;
    oracle: Estimate;
    market: Estimate;
    after_exit_cost: Estimate;
}

export interface Summary {
    loss: string;
    distribution: Figure[];
    bad_debt?: {
        prices: { oracle: string; market: string; after_exit_cost: string };
        rows: BadDebtRow[];
    };
    stuck?: Figure[];
    liquidations_at_risk?: Figure[];
    cascade?: Figure[];
    guard?: Figure[];
    refusals?: { definition: string; rows: RefusalRow[] };
}

export interface RefusalRow {
    id: string;
    label: string;
    definition: string;
    mean: Estimate;
    share: Estimate;
    paths: Estimate;
}

export interface Exceedance {
    definition: string;
    confidence: number;
    paths: number;
    supported_from: number;
    loss: number[];
    probability: number[];
    low: number[];
    high: number[];
    marks?: { label: string; loss: number; probability: number }[];
}

export interface PathReference {
    path: number;
    loss: number;
    replay?: string;
}

export interface PriceFan {
    definition: string;
    hours: number[];
    levels: number[];
    paths?: { worst?: PathReference; median?: PathReference };
    assets: {
        symbol: string;
        quantiles: number[][];
        worst?: number[];
        median?: number[];
    }[];
}

export interface Flow {
    definition: string;
    mean: number[];
    quantiles: number[][];
}

export interface LiquidationOverTime {
    hours: number[];
    interval_hours: number;
    levels: number[];
    volume: Flow;
    backlog: Flow;
}

export interface WallAsset {
    symbol: string;
    label?: string;
    liquidatable_usd: number[];
    bad_debt_usd: number[];
    capacity_usd: number[];
}

export interface Wall {
    definition: string;
    moves: number[];
    assets: WallAsset[];
}

export interface LossBy {
    assets?: {
        definition: string;
        rows: { asset: string; loss: Estimate; share: number; debt_usd: number }[];
    };
    layers?: {
        definition: string;
        rows: {
            layer: string;
            asset: string;
            cover_usd: number | null;
            paid: Estimate;
            paid_95?: Estimate;
            paid_99?: Estimate;
            exhausted?: Estimate;
        }[];
    };
    accounts?: {
        definition: string;
        rows: {
            account: string;
            loss: Estimate;
            probability: Estimate;
            collateral_usd: number;
            debt_usd: number;
            health: number;
            position?: string;
        }[];
    };
}

export interface Utilisation {
    definition: string;
    assets: {
        asset: string;
        before: number;
        after: Estimate;
        after_95?: Estimate;
        after_99?: Estimate;
        at_99: Estimate;
        at_99_end?: Estimate;
        hours_without_exit: Estimate;
        cash_before_usd: number;
        cash_after_usd: Estimate;
        cash_after_5_usd?: Estimate;
        cash_after_1_usd?: Estimate;
    }[];
}

export type TrustState = 'normal' | 'confirm' | 'uncertain' | 'recovering' | 'stale' | 'halt_new';

export interface Trust {
    definition: string;
    assets: {
        asset: string;
        share: Record<TrustState, Estimate>;
        refused: { reason: string; mean: Estimate }[];
    }[];
}

export interface Comparison {
    changes: { parameter: string; current: string; proposed: string }[];
    cases: {
        id: string;
        label: string;
        definition: string;
        rows: {
            id: string;
            label: string;
            unit: Unit;
            difference_unit: Unit;
            definition?: string;
            current: Estimate;
            proposed: Estimate;
            difference: Estimate;
        }[];
    }[];
}

export type Cell = string | number | boolean | null;

export interface Parameters {
    groups?: {
        id: string;
        title: string;
        rows: { name: string; value: Cell; unit?: string; note?: string }[];
    }[];
    tables?: {
        id: string;
        title: string;
        columns: { name: string; unit?: string }[];
        rows: Cell[][];
    }[];
    provenance?: Provenance;
    warnings?: string[];
    limits?: Limit[];
}

export interface Report {
    format: string;
    title: string;
    notices?: string[];
    run: Run;
    answer?: Answer;
    summary?: Summary;
    exceedance?: Exceedance;
    price_fan?: PriceFan;
    liquidation_over_time?: LiquidationOverTime;
    wall?: Wall;
    loss_by?: LossBy;
    utilisation?: Utilisation;
    trust?: Trust;
    comparison?: Comparison;
    parameters?: Parameters;
}
