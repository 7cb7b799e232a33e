// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// The distribution of the loss, bad debt on three price bases, and apart from it liquidations.

import { h } from '../dom';
import { estimateCell, figureTable, section, table } from '../parts';
import type { BadDebtRow, Figure, Report, Summary } from '../report';

function badDebt(part: NonNullable<Summary['bad_debt']>): HTMLElement[] {
    const row = (one: BadDebtRow) => [
        h('span', {}, one.label, h('small', {}, one.statistic)),
        estimateCell(one.oracle, 'usd'),
        estimateCell(one.market, 'usd'),
        estimateCell(one.after_exit_cost, 'usd'),
    ];
    const { oracle, market, after_exit_cost } = part.prices;
    // A measure is defined once, however many statistics of it are shown.
    const definitions = new Map<string, string>();
    for (const one of part.rows) if (one.definition) definitions.set(one.label, one.definition);
    definitions
        .set('At oracle price', oracle)
        .set('At market', market)
        .set('After exit cost', after_exit_cost);
    return [
        h('h3', {}, 'Bad debt, by when and at which price'),
        table(
            'Bad debt by moment and price basis',
            [
                { name: 'Bad debt' },
                { name: 'At oracle price' },
                { name: 'At market' },
                { name: 'After exit cost' },
            ],
            part.rows.map(row),
        ),
        h(
            'dl',
            { class: 'definitions' },
            ...[...definitions].flatMap(([name, text]) => [h('dt', {}, name), h('dd', {}, text)]),
        ),
    ];
}

/** What kept keepers from liquidating. */
function refusals(part: NonNullable<Summary['refusals']>): HTMLElement[] {
    return [
        h('h3', {}, 'Why liquidations waited'),
        h('p', { class: 'note' }, part.definition),
        table(
            'Refusals by reason',
            [
                { name: 'Reason' },
                { name: 'Refusals', unit: 'mean a path' },
                { name: 'Share', unit: 'of all' },
                { name: 'P(any)' },
            ],
            part.rows.map((row) => [
                h('span', {}, row.label, h('small', {}, row.definition)),
                estimateCell(row.mean, 'count'),
                estimateCell(row.share, 'ratio'),
                estimateCell(row.paths, 'ratio'),
            ]),
        ),
    ];
}

/** What faults of the feeds and a guard against them came to. */
function guard(figures: Figure[]): HTMLElement[] {
    return [
        h('h3', {}, 'Doubt about prices'),
        h(
            'p',
            { class: 'note' },
            'Contested: healthy at one end of the band of prices and not at the other. ' +
                'Suspended: unhealthy at every price, while the state of an asset forbids liquidation.',
        ),
        figureTable('Doubt about prices', figures, 'wide'),
    ];
}

export function summary(part: Summary, report: Report): HTMLElement {
    const group = (title: string, figures: Figure[] | undefined) =>
        figures?.length ? h('div', {}, h('h3', {}, title), figureTable(title, figures)) : null;
    const scope = report.run.conditional
        ? 'Percentiles are quantiles given the scenario, not value at risk: ' +
          'the scenario itself has no probability.'
        : 'Value at risk and expected shortfall are unconditional, ' +
          'for the horizon and price basis stated.';
    return section(
        'summary',
        'Loss',
        h('p', { class: 'lead' }, part.loss, ' ', scope),
        figureTable('Distribution of the loss', part.distribution, 'wide'),
        ...(part.bad_debt ? badDebt(part.bad_debt) : []),
        h(
            'div',
            { class: 'columns' },
            group('Liquidations at risk, apart from bad debt', part.liquidations_at_risk),
            h('div', {}, group('Stuck positions', part.stuck), group('Cascade', part.cascade)),
        ),
        ...(part.refusals ? refusals(part.refusals) : []),
        ...(part.guard?.length ? guard(part.guard) : []),
    );
}
