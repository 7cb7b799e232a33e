// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// What every section is built from: a heading, an estimate with its interval, a table.

import { type Child, h } from './dom';
import { difference, exact, percent, quantity, shortened, usd, usdExact } from './format';
import type { Estimate, Figure, Interval, Limit, Unit } from './report';

export function section(id: string, title: string, ...children: Child[]): HTMLElement {
    return h(
        'section',
        { id, 'aria-labelledby': `${id}-title` },
        h('h2', { id: `${id}-title` }, title),
        ...children,
    );
}

export const isSupported = (estimate: Estimate): estimate is Interval =>
    !('unsupported' in estimate);

const confidence = (estimate: Interval) => percent(estimate.confidence ?? 0.95, true);

/** "$1.10M – $1.35M", or nothing when the figure is exact. */
export function range(estimate: Interval, unit: Unit, show = quantity): string {
    if (estimate.low === estimate.high) return '';
    // A dash beside a sign reads as one more minus.
    const between = estimate.low < 0 || show !== quantity ? ' to ' : ' – ';
    return show(estimate.low, unit) + between + show(estimate.high, unit);
}

/** "95 % interval $1.10M – $1.35M" */
export function rangeInWords(estimate: Interval, unit: Unit): string {
    const text = range(estimate, unit);
    return text && `${confidence(estimate)} interval ${text}`;
}

function title(estimate: Interval, unit: Unit): string {
    const { value, low, high } = estimate;
    if (low === high) return exact(value, unit);
    const ends = `${exact(low, unit)} to ${exact(high, unit)}`;
    return `${exact(value, unit)}, ${confidence(estimate)} interval ${ends}`;
}

/** Value with its interval below; a figure without support says why instead of showing a number. */
export function estimateCell(estimate: Estimate, unit: Unit, show = quantity): HTMLElement {
    if (!isSupported(estimate)) {
        return h(
            'span',
            { class: 'unsupported' },
            'not supported',
            h('small', {}, estimate.unsupported),
        );
    }
    return h(
        'span',
        { class: 'estimate', title: title(estimate, unit) },
        show(estimate.value, unit),
        h('small', {}, range(estimate, unit, show)),
    );
}

export const differenceCell = (estimate: Estimate, unit: Unit) =>
    estimateCell(estimate, unit, difference);

export const money = (value: number) => h('span', { title: usdExact(value) }, usd(value));

export function identifier(id: string): HTMLElement {
    const short = shortened(id);
    return short === id
        ? h('span', {}, id)
        : h('span', { class: 'id', title: id, 'aria-label': id }, short);
}

export interface Column {
    name: string;
    unit?: string | undefined;
    /** Numbers stand right, words left. */
    words?: boolean;
}

/** A table that scrolls inside itself; the first cell of each row is its header. */
export function table(caption: string, columns: Column[], rows: Child[][], kind = ''): HTMLElement {
    const side = (index: number) =>
        index === 0 ? undefined : columns[index]?.words ? 'words' : 'number';
    const head = columns.map((column, index) =>
        h(
            'th',
            { scope: 'col', class: side(index) },
            column.name,
            column.unit && h('small', {}, column.unit),
        ),
    );
    const body = rows.map((row) =>
        h(
            'tr',
            {},
            ...row.map((cell, index) =>
                index === 0
                    ? h('th', { scope: 'row' }, cell)
                    : h('td', { class: side(index) }, cell),
            ),
        ),
    );
    return h(
        'div',
        { class: `scroll ${kind}`.trim(), role: 'region', tabindex: 0, 'aria-label': caption },
        h(
            'table',
            {},
            h('caption', {}, caption),
            h('thead', {}, h('tr', {}, ...head)),
            h('tbody', {}, ...body),
        ),
    );
}

/** A command to copy: one click selects it, and lines break between options only. */
export function command(text: string): HTMLElement {
    const options = text.split(/ (?=--)/).flatMap((option) => [h('span', {}, option), ' ']);
    return h('code', { class: 'command' }, ...options.slice(0, -1));
}

/** Figures with their definitions beside them: the bare letters never stand alone. */
export function figureTable(caption: string, figures: Figure[], kind = ''): HTMLElement {
    const rows = figures.map((figure) => [
        h('span', {}, figure.label, figure.definition && h('small', {}, figure.definition)),
        estimateCell(figure.estimate, figure.unit),
    ]);
    return table(
        caption,
        [{ name: 'Figure' }, { name: 'With its interval' }],
        rows,
        `figures ${kind}`,
    );
}

/** A share as a bar inside a cell. */
export function bar(share: number, text: string): HTMLElement {
    const width = Math.max(0, Math.min(1, share)) * 100;
    const fill = h('span', { class: 'fill' });
    fill.style.width = `${width}%`;
    return h(
        'span',
        { class: 'bar' },
        h('span', { class: 'track', 'aria-hidden': 'true' }, fill),
        h('span', {}, text),
    );
}

const BIAS = {
    understates: 'loss understated',
    overstates: 'loss overstated',
    either: 'either way',
    none: 'no bias known',
};

export function limitLine(limit: Limit): HTMLElement {
    return h(
        'li',
        { class: 'limit' },
        h('span', { class: `bias ${limit.bias}` }, BIAS[limit.bias] ?? limit.bias),
        h('span', {}, limit.what, limit.detail && h('small', {}, limit.detail)),
    );
}
