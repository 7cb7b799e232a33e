// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import {
    type Chart,
    colour,
    figure,
    hidden,
    type Key,
    line,
    sideAxis,
    timeAxis,
    timeScale,
} from '../chart';
import { chooser, h } from '../dom';
import { hours, percent, plain } from '../format';
import { command, money, section, table } from '../parts';
import type { PathReference, PriceFan } from '../report';

const BAND = 0.15;

function chart(part: PriceFan, index: number): Chart {
    const asset = part.assets[index]!;
    const { levels } = part;
    const price = (value: number | undefined) =>
        value === undefined ? '' : '$' + plain(Number(value.toPrecision(4)));
    const pairs = Array.from(
        { length: Math.floor(levels.length / 2) },
        (_, at) => [at, levels.length - 1 - at] as const,
    );
    const middle = levels.indexOf(0.5);
    const paths = (
        [
            ['median', 'ink', [5, 4]],
            ['worst', 'loss', undefined],
        ] as const
    ).filter(([name]) => asset[name]);
    const keys: Key[] = [];
    if (middle >= 0)
        keys.push({
            label: 'median',
            swatch: 'line',
            tone: 'accent',
            read: (at) => price(asset.quantiles[middle]?.[at]),
        });
    pairs.forEach(([low, high], depth) =>
        keys.push({
            label: `${percent(levels[low]!, true)} – ${percent(levels[high]!, true)}`,
            swatch: 'area',
            tone: 'accent',
            alpha: 1 - (1 - BAND) ** (depth + 1),
            read: (at) =>
                `${price(asset.quantiles[low]?.[at])} – ${price(asset.quantiles[high]?.[at])}`,
        }),
    );
    for (const [name, tone, dash] of paths) {
        keys.push({
            label: `path of the ${name} loss`,
            swatch: dash ? 'dash' : 'line',
            tone,
            read: (at) => price(asset[name]?.[at]),
        });
    }
    return {
        description:
            `Price of ${asset.symbol} over ${hours(part.hours.at(-1) ?? 0)}: quantile bands, median, ` +
            'and the paths of the worst and the median loss.',
        data: [part.hours, ...asset.quantiles, ...paths.map(([name]) => asset[name]!)],
        options: {
            scales: { x: timeScale(part.hours.at(-1) ?? 1), y: {} },
            axes: [timeAxis(part.hours.at(-1) ?? 1), sideAxis((value) => '$' + plain(value))],
            series: [
                {},
                ...levels.map((_, at) => (at === middle ? line('accent') : hidden)),
                ...paths.map(([, tone, dash]) => line(tone, 1.5, dash ? [...dash] : undefined)),
            ],
            bands: pairs.map(([low, high]) => ({
                series: [high + 1, low + 1] as [number, number],
                fill: () => colour('accent', BAND),
            })),
        },
        keys,
        readX: (at) => `after ${hours(part.hours[at] ?? 0)}`,
        rest: part.hours.length - 1,
        asTable: () =>
            table(
                `Price of ${asset.symbol}`,
                [
                    { name: 'Hours' },
                    ...levels.map((level) => ({ name: percent(level, true) })),
                    ...paths.map(([name]) => ({ name: `${name} path` })),
                ],
                part.hours.map((hour, at) => [
                    plain(hour),
                    ...asset.quantiles.map((one) => price(one[at])),
                    ...paths.map(([name]) => price(asset[name]?.[at])),
                ]),
            ),
    };
}

function pathNote(name: string, path: PathReference | undefined): HTMLElement | null {
    if (!path) return null;
    return h(
        'p',
        { class: 'path' },
        h(
            'span',
            {},
            `The path of the ${name} loss is path ${plain(path.path)}, `,
            money(path.loss),
            path.replay ? '. It replays alone:' : '.',
        ),
        path.replay && command(path.replay),
    );
}

export function priceFan(part: PriceFan): HTMLElement {
    const drawn = part.assets.length > 0 && figure(chart(part, 0));
    return section(
        'prices',
        'Prices',
        h('p', { class: 'lead' }, part.definition),
        part.assets.length > 1 && drawn
            ? chooser(
                  'Asset',
                  part.assets.map((asset) => asset.symbol),
                  (index) => drawn.show(chart(part, index)),
              )
            : h('h3', {}, part.assets[0]?.symbol ?? ''),
        drawn && drawn.element,
        pathNote('worst', part.paths?.worst),
        pathNote('median', part.paths?.median),
    );
}
