// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import { type Child, h } from '../dom';
import { share } from '../format';
import { bar, estimateCell, identifier, money, section, table } from '../parts';
import type { LossBy } from '../report';

const withNote = (name: Child, note: string | undefined) =>
    h('span', { class: 'keep' }, name, note && h('small', {}, note));

function byAsset(part: NonNullable<LossBy['assets']>): HTMLElement {
    return h(
        'div',
        {},
        h('h3', {}, 'By debt asset'),
        h('p', { class: 'note' }, part.definition),
        table(
            'Loss by debt asset',
            [
                { name: 'Asset' },
                { name: 'Share', words: true },
                { name: 'Mean loss' },
                { name: 'Debt today' },
            ],
            part.rows.map((row) => [
                row.asset,
                bar(row.share, share(row.share)),
                estimateCell(row.loss, 'usd'),
                money(row.debt_usd),
            ]),
        ),
    );
}

function byLayer(part: NonNullable<LossBy['layers']>): HTMLElement {
    return h(
        'div',
        {},
        h('h3', {}, 'By layer: who bears it'),
        h('p', { class: 'note' }, part.definition),
        table(
            'Loss by layer',
            [
                { name: 'Layer' },
                { name: 'Cover' },
                { name: 'Mean paid' },
                { name: 'Paid', unit: '95 % quantile' },
                { name: 'Paid', unit: '99 % quantile' },
                { name: 'P(exhausted)' },
            ],
            part.rows.map((row) => [
                withNote(row.layer, row.asset),
                row.cover_usd === null ? 'no limit' : money(row.cover_usd),
                estimateCell(row.paid, 'usd'),
                row.paid_95 ? estimateCell(row.paid_95, 'usd') : '–',
                row.paid_99 ? estimateCell(row.paid_99, 'usd') : '–',
                row.exhausted ? estimateCell(row.exhausted, 'ratio') : '–',
            ]),
        ),
    );
}

function byAccount(part: NonNullable<LossBy['accounts']>): HTMLElement {
    return h(
        'div',
        {},
        h('h3', {}, 'By account'),
        h('p', { class: 'note' }, part.definition),
        table(
            'Accounts with the largest mean loss',
            [
                { name: 'Account' },
                { name: 'Mean loss' },
                { name: 'P(loss > 0)' },
                { name: 'Collateral' },
                { name: 'Debt' },
                { name: 'Health' },
            ],
            part.rows.map((row) => [
                withNote(identifier(row.account), row.position),
                estimateCell(row.loss, 'usd'),
                estimateCell(row.probability, 'ratio'),
                money(row.collateral_usd),
                money(row.debt_usd),
                row.health.toFixed(3),
            ]),
        ),
    );
}

export function lossBy(part: LossBy): HTMLElement {
    return section(
        'loss-by',
        'Who bears the loss',
        part.assets && byAsset(part.assets),
        part.layers && byLayer(part.layers),
        part.accounts && byAccount(part.accounts),
    );
}
