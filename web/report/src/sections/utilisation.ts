// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import { h } from '../dom';
import { percent } from '../format';
import { estimateCell, money, section, table } from '../parts';
import type { Utilisation } from '../report';

export function utilisation(part: Utilisation): HTMLElement {
    return section(
        'utilisation',
        'Utilisation',
        h('p', { class: 'lead' }, part.definition),
        table(
            'Utilisation by debt asset',
            [
                { name: 'Asset' },
                { name: 'Before' },
                { name: 'After', unit: 'mean' },
                { name: 'P(≥ 99 %)' },
                { name: 'Without exit', unit: 'mean hours' },
                { name: 'Cash before' },
                { name: 'Cash after', unit: 'mean' },
            ],
            part.assets.map((row) => [
                row.asset,
                percent(row.before),
                estimateCell(row.after, 'ratio'),
                estimateCell(row.at_99, 'ratio'),
                estimateCell(row.hours_without_exit, 'hours'),
                money(row.cash_before_usd),
                estimateCell(row.cash_after_usd, 'usd'),
            ]),
        ),
    );
}
