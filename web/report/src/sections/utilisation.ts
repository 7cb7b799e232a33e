// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import { h } from '../dom';
import { percent } from '../format';
import { estimateCell, money, section, table } from '../parts';
import type { Estimate, Unit, Utilisation } from '../report';

const cell = (estimate: Estimate | undefined, unit: Unit) =>
    estimate ? estimateCell(estimate, unit) : '–';

export function utilisation(part: Utilisation): HTMLElement {
    return section(
        'utilisation',
        'Utilisation and cash',
        h('p', { class: 'lead' }, part.definition),
        table(
            'Utilisation by debt asset',
            [
                { name: 'Asset' },
                { name: 'Before' },
                { name: 'At the end', unit: 'mean' },
                { name: 'At the end', unit: '95 % quantile' },
                { name: 'At the end', unit: '99 % quantile' },
                { name: 'P(≥ 99 %)', unit: 'at any time' },
                { name: 'P(≥ 99 %)', unit: 'at the end' },
                { name: 'Without exit', unit: 'mean hours' },
            ],
            part.assets.map((row) => [
                row.asset,
                percent(row.before),
                estimateCell(row.after, 'ratio'),
                cell(row.after_95, 'ratio'),
                cell(row.after_99, 'ratio'),
                estimateCell(row.at_99, 'ratio'),
                cell(row.at_99_end, 'ratio'),
                estimateCell(row.hours_without_exit, 'hours'),
            ]),
        ),
        h('h3', {}, 'Cash'),
        table(
            'Cash by debt asset',
            [
                { name: 'Asset' },
                { name: 'Cash before' },
                { name: 'At the end', unit: 'mean' },
                { name: 'At the end', unit: '5 % quantile' },
                { name: 'At the end', unit: '1 % quantile' },
            ],
            part.assets.map((row) => [
                row.asset,
                money(row.cash_before_usd),
                estimateCell(row.cash_after_usd, 'usd'),
                cell(row.cash_after_5_usd, 'usd'),
                cell(row.cash_after_1_usd, 'usd'),
            ]),
        ),
    );
}
