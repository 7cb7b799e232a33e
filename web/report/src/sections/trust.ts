// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import { h } from '../dom';
import { percent } from '../format';
import { estimateCell, isSupported, section, table } from '../parts';
import type { Trust, TrustState } from '../report';

const STATES: TrustState[] = ['normal', 'confirm', 'uncertain', 'recovering', 'stale', 'halt_new'];

const plain = (name: string) => name.replaceAll('_', ' ');

type Row = Trust['assets'][number];

const shareOf = (row: Row, state: TrustState) => {
    const share = row.share[state];
    return isSupported(share) ? share.value : 0;
};

/** The states that occurred as one bar. */
function strip(row: Row): HTMLElement {
    const parts = STATES.filter((state) => shareOf(row, state) > 0).map((state) => {
        const value = shareOf(row, state);
        const part = h('span', { class: `state ${state}`, title: `${plain(state)} ${percent(value)}` });
        part.style.flexGrow = String(value);
        return part;
    });
    return h('span', { class: 'states', role: 'img', 'aria-label': `States of ${row.asset}` }, ...parts);
}

function legend(): HTMLElement {
    return h(
        'p',
        { class: 'legend-of-states' },
        ...STATES.map((state) =>
            h('span', {}, h('span', { class: `state ${state}`, 'aria-hidden': 'true' }), plain(state)),
        ),
    );
}

function refused(part: Trust): HTMLElement {
    const rows = part.assets.flatMap((row) =>
        row.refused.map((one) => [row.asset, plain(one.reason), estimateCell(one.mean, 'number')]),
    );
    if (!rows.length) return h('p', {}, 'No report was refused.');
    return table(
        'Reports refused',
        [{ name: 'Asset' }, { name: 'Reason', words: true }, { name: 'Reports', unit: 'mean per path' }],
        rows,
    );
}

export function trust(part: Trust): HTMLElement {
    return section(
        'trust',
        'Trust in the feeds',
        h('p', { class: 'lead' }, part.definition),
        legend(),
        table(
            'Time in each state of trust',
            [
                { name: 'Asset' },
                { name: 'Share of the steps', words: true },
                ...STATES.map((state) => ({ name: plain(state) })),
            ],
            part.assets.map((row) => [
                row.asset,
                strip(row),
                ...STATES.map((state) => estimateCell(row.share[state], 'ratio')),
            ]),
        ),
        h('h3', {}, 'Reports refused'),
        refused(part),
    );
}
