// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import { h } from '../dom';
import { plain } from '../format';
import { limitLine, section, table } from '../parts';
import type { Cell, Limit, Parameters, Provenance } from '../report';

function cell(value: Cell | undefined): string {
    if (value === null || value === undefined) return '–';
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    return typeof value === 'number' ? plain(value) : value;
}

type Group = NonNullable<Parameters['groups']>[number];
type Table = NonNullable<Parameters['tables']>[number];

function group(one: Group): HTMLElement {
    const rows = one.rows.flatMap((row) => [
        h('dt', {}, row.name),
        h(
            'dd',
            {},
            cell(row.value),
            row.unit && h('span', { class: 'unit' }, ' ', row.unit),
            row.note && h('small', {}, row.note),
        ),
    ]);
    return h('div', {}, h('h3', {}, one.title), h('dl', { class: 'pairs' }, ...rows));
}

function grid(one: Table): HTMLElement {
    const words = (index: number) => one.rows.some((row) => typeof row[index] === 'string');
    return h(
        'div',
        {},
        h('h3', {}, one.title),
        table(
            one.title,
            one.columns.map((column, index) => ({ ...column, words: words(index) })),
            one.rows.map((row) => row.map(cell)),
        ),
    );
}

function limits(all: Limit[]): HTMLElement {
    const list = (title: string, some: Limit[]) =>
        some.length
            ? h('div', {}, h('h4', {}, title), h('ul', { class: 'limits' }, ...some.map(limitLine)))
            : null;
    return h(
        'div',
        { class: 'box' },
        h('h3', {}, 'Limits, each with the sign of its bias'),
        list(
            'Not modelled',
            all.filter((limit) => !limit.modelled),
        ),
        list(
            'Modelled simply',
            all.filter((limit) => limit.modelled),
        ),
    );
}

function provenance(one: Provenance): HTMLElement {
    const rows = [
        ['Command', one.command],
        ['Seed', one.seed],
        ['Commit', one.commit],
        ['Version', one.version],
        ['Input hash', one.input_hash],
    ];
    return h(
        'div',
        {},
        h('h3', {}, 'Provenance'),
        h(
            'dl',
            { class: 'pairs' },
            ...rows.flatMap(([name, value]) => [
                h('dt', {}, name),
                h('dd', {}, h('code', {}, value)),
            ]),
        ),
    );
}

export function parameters(part: Parameters): HTMLElement {
    return section(
        'parameters',
        'Parameters and limits',
        part.warnings?.length
            ? h('ul', { class: 'warnings' }, ...part.warnings.map((text) => h('li', {}, text)))
            : null,
        part.limits?.length ? limits(part.limits) : null,
        h('div', { class: 'columns three' }, ...(part.groups ?? []).map(group)),
        ...(part.tables ?? []).map(grid),
        part.provenance && provenance(part.provenance),
    );
}
