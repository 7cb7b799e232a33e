// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import uPlot from 'uplot';

import { axis, type Chart, colour, figure, line, sideAxis } from '../chart';
import { chooser, h } from '../dom';
import { percent, usd } from '../format';
import { money, section, table } from '../parts';
import type { Wall, WallAsset } from '../report';

const name = (asset: WallAsset) => asset.label ?? asset.symbol;

/** The two moves that matter, in words. */
function reading(part: Wall, asset: WallAsset): string {
    const beyond = part.moves.findIndex(
        (_, at) => (asset.liquidatable_usd[at] ?? 0) > (asset.capacity_usd[at] ?? 0),
    );
    const debt = asset.bad_debt_usd.findIndex((value) => value > 0);
    const limit =
        beyond < 0
            ? 'At every move shown, what becomes liquidatable can be sold within the bonus.'
            : `From ${percent(part.moves[beyond]!, true)} on, more becomes liquidatable ` +
              'than can be sold with slippage below the bonus: ' +
              `${usd(asset.liquidatable_usd[beyond] ?? 0)} against ` +
              `${usd(asset.capacity_usd[beyond] ?? 0)}.`;
    const appears =
        debt < 0
            ? 'No bad debt appears.'
            : `Bad debt appears from ${percent(part.moves[debt]!, true)} on.`;
    return `${name(asset)}. ${limit} ${appears}`;
}

function chart(part: Wall, index: number): Chart {
    const asset = part.assets[index]!;
    const falls = part.moves.map((move) => -move * 100);
    const step = Math.abs((falls[1] ?? 10) - (falls[0] ?? 5));
    const bars = uPlot.paths.bars!({ size: [0.66, 54] });
    const thin = uPlot.paths.bars!({ size: [0.3, 24] });
    const at = (values: number[]) => (one: number) => usd(values[one] ?? 0);
    return {
        description:
            `Liquidation wall of ${name(asset)}: collateral that becomes liquidatable and bad debt ` +
            'that appears at each fall, with the capacity line.',
        data: [falls, asset.liquidatable_usd, asset.bad_debt_usd, asset.capacity_usd],
        options: {
            scales: {
                x: {
                    time: false,
                    range: () => [(falls[0] ?? 0) - step * 0.6, (falls.at(-1) ?? 0) + step * 0.6],
                },
                y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
            },
            axes: [
                axis((value) => percent(-value / 100, true), {
                    splits: (u) => falls.filter((_, one) => u.width > 700 || one % 4 === 1),
                    grid: { show: false },
                }),
                sideAxis((value) => usd(value, true)),
            ],
            series: [
                {},
                {
                    paths: bars,
                    fill: () => colour('accent', 0.34, 'paper'),
                    stroke: 'transparent',
                    width: 0,
                    points: { show: false },
                },
                {
                    paths: thin,
                    fill: () => colour('loss'),
                    stroke: 'transparent',
                    width: 0,
                    points: { show: false },
                },
                line('capacity', 2.5),
            ],
        },
        keys: [
            {
                label: 'liquidatable',
                swatch: 'area',
                tone: 'accent',
                alpha: 0.34,
                read: at(asset.liquidatable_usd),
            },
            { label: 'capacity', swatch: 'line', tone: 'capacity', read: at(asset.capacity_usd) },
            { label: 'bad debt', swatch: 'area', tone: 'loss', read: at(asset.bad_debt_usd) },
        ],
        readX: (one) => `at ${percent(part.moves[one] ?? 0, true)}`,
        rest: Math.max(
            0,
            part.moves.findIndex((move) => Math.abs(move + 0.3) < 1e-9),
        ),
        asTable: () =>
            table(
                `Liquidation wall of ${name(asset)}`,
                [
                    { name: 'Move' },
                    { name: 'Liquidatable' },
                    { name: 'Capacity' },
                    { name: 'Bad debt' },
                ],
                part.moves.map((move, one) => [
                    percent(move, true),
                    money(asset.liquidatable_usd[one] ?? 0),
                    money(asset.capacity_usd[one] ?? 0),
                    money(asset.bad_debt_usd[one] ?? 0),
                ]),
            ),
    };
}

export function wall(part: Wall): HTMLElement {
    const words = h('p', { class: 'note', 'aria-live': 'polite' });
    const drawn = part.assets.length > 0 && figure(chart(part, 0));
    const choose = (index: number) => {
        words.textContent = reading(part, part.assets[index]!);
        if (drawn && index >= 0) drawn.show(chart(part, index));
    };
    if (part.assets[0]) words.textContent = reading(part, part.assets[0]);
    return section(
        'wall',
        'Liquidation wall',
        h('p', { class: 'lead' }, part.definition),
        part.assets.length > 1 && chooser('Asset', part.assets.map(name), choose),
        words,
        drawn && drawn.element,
    );
}
