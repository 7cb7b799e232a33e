// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import {
    type Chart,
    colour,
    figure,
    type Key,
    line,
    sideAxis,
    timeAxis,
    timeScale,
} from '../chart';
import { h } from '../dom';
import { hours, percent, plain, usd } from '../format';
import { money, section, table } from '../parts';
import type { Flow, LiquidationOverTime } from '../report';

const AREA = 0.13;

function chart(part: LiquidationOverTime, flow: Flow, title: string): Chart {
    const { levels } = part;
    const keys: Key[] = [
        { label: 'mean', swatch: 'line', tone: 'accent', read: (at) => usd(flow.mean[at] ?? 0) },
    ];
    levels.forEach((level, index) =>
        keys.push({
            label: percent(level, true),
            swatch: 'area',
            tone: 'accent',
            alpha: 1 - (1 - AREA) ** (levels.length - index),
            read: (at) => usd(flow.quantiles[index]?.[at] ?? 0),
        }),
    );
    return {
        description: `${title} over time: mean and quantiles over the paths.`,
        data: [part.hours, flow.mean, ...flow.quantiles],
        options: {
            scales: {
                x: timeScale(part.hours.at(-1) ?? 1),
                y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
            },
            axes: [timeAxis(part.hours.at(-1) ?? 1), sideAxis((value) => usd(value, true))],
            series: [
                {},
                line('accent', 2),
                ...levels.map(() => ({
                    stroke: 'transparent',
                    width: 0,
                    fill: () => colour('accent', AREA),
                    points: { show: false },
                })),
            ],
        },
        keys,
        readX: (at) => `at ${hours(part.hours[at] ?? 0)}`,
        rest: flow.mean.indexOf(Math.max(...flow.mean)),
        height: 260,
        asTable: () =>
            table(
                title,
                [
                    { name: 'Hours' },
                    { name: 'Mean' },
                    ...levels.map((level) => ({ name: percent(level, true) })),
                ],
                part.hours.map((hour, at) => [
                    plain(hour),
                    money(flow.mean[at] ?? 0),
                    ...flow.quantiles.map((one) => money(one[at] ?? 0)),
                ]),
            ),
    };
}

export function liquidationOverTime(part: LiquidationOverTime): HTMLElement {
    const show = (title: string, flow: Flow) =>
        h(
            'div',
            {},
            h('h3', {}, title),
            h('p', { class: 'note' }, flow.definition),
            figure(chart(part, flow, title)).element,
        );
    return section(
        'liquidations',
        'Liquidations',
        h(
            'div',
            { class: 'columns' },
            show(`Volume per ${hours(part.interval_hours)}`, part.volume),
            show('Backlog', part.backlog),
        ),
    );
}
