// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// Current against proposed on the same paths: the difference has its own, paired interval.

import { h } from '../dom';
import { differenceCell, estimateCell, isSupported, section, table } from '../parts';
import type { Comparison, Estimate } from '../report';

/** An interval that straddles zero decides nothing, and the page says so. */
function verdict(difference: Estimate): HTMLElement {
    if (!isSupported(difference)) return h('span', { class: 'verdict' }, 'cannot tell');
    const { low, high } = difference;
    const [word, tone] =
        low > 0
            ? ['higher', 'up']
            : high < 0
              ? ['lower', 'down']
              : low === 0 && high === 0
                ? ['equal', '']
                : ['cannot tell', ''];
    return h('span', { class: `verdict ${tone}` }, word!);
}

export function comparison(part: Comparison): HTMLElement {
    const cases = part.cases.map((one) =>
        h(
            'div',
            {},
            h('h3', {}, one.label),
            h('p', { class: 'note' }, one.definition),
            table(
                `Current against proposed: ${one.label}`,
                [
                    { name: 'Figure' },
                    { name: 'Current' },
                    { name: 'Proposed' },
                    { name: 'Difference', unit: 'paired' },
                    { name: 'Reading', words: true },
                ],
                one.rows.map((row) => [
                    h('span', {}, row.label, row.definition && h('small', {}, row.definition)),
                    estimateCell(row.current, row.unit),
                    estimateCell(row.proposed, row.unit),
                    differenceCell(row.difference, row.difference_unit),
                    verdict(row.difference),
                ]),
            ),
        ),
    );
    return section(
        'comparison',
        'Current against proposed',
        h(
            'p',
            { class: 'lead' },
            'Both run on the same paths, so the difference is known better than either figure.',
        ),
        table(
            'Changes',
            [{ name: 'Parameter' }, { name: 'Current' }, { name: 'Proposed' }],
            part.changes.map((change) => [change.parameter, change.current, change.proposed]),
            'narrow',
        ),
        ...cases,
    );
}
