// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import uPlot from 'uplot';

import { axis, type Chart, colour, figure, FONT, hidden, line, sideAxis } from '../chart';
import { h } from '../dom';
import { percent, plain, usd } from '../format';
import { money, section, table } from '../parts';
import type { Exceedance } from '../report';

/** Round numbers of a logarithmic axis: 1-2-5 where there is room, else 1-3, else powers of ten. */
function roundNumbers(min: number, max: number, pixels: number, label: number): number[] {
    const decades = Math.log10(max / min);
    const room = pixels / decades / label;
    const steps = room >= 4 ? [1, 2, 5] : room >= 2.5 ? [1, 3] : [1];
    const splits: number[] = [];
    for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power += 1) {
        // Written as a literal, 1e-3 is exact to the last bit; a power of ten need not be.
        for (const step of steps) splits.push(Number(`${step}e${power}`));
    }
    return splits.filter((split) => split >= min && split <= max);
}

/** Where fewer than 20 losses remain, and the quantiles that are printed above. */
function drawSupport(u: uPlot, part: Exceedance): void {
    const { ctx, bbox } = u;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.font = FONT.replace('12px', `${11 * ratio}px`);
    ctx.textAlign = 'left';
    const y = u.valToPos(part.supported_from, 'y', true);
    if (y > bbox.top && y < bbox.top + bbox.height) {
        ctx.strokeStyle = ctx.fillStyle = colour('muted');
        ctx.setLineDash([4 * ratio, 4 * ratio]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
        ctx.textBaseline = 'top';
        ctx.fillText('fewer than 20 losses below', bbox.left + 6 * ratio, y + 4 * ratio);
    }
    ctx.setLineDash([]);
    ctx.textBaseline = 'bottom';
    for (const mark of part.marks ?? []) {
        const left = u.valToPos(mark.loss, 'x', true);
        const top = u.valToPos(mark.probability, 'y', true);
        if (left < bbox.left || left > bbox.left + bbox.width) continue;
        ctx.fillStyle = colour('ink');
        ctx.beginPath();
        ctx.arc(left, top, 3.5 * ratio, 0, 2 * Math.PI);
        ctx.fill();
        ctx.fillText(mark.label, left + 7 * ratio, top - 3 * ratio);
    }
    ctx.restore();
}

function chart(part: Exceedance): Chart {
    // Five decades below the largest loss are enough for any decision.
    const least = (part.loss.at(-1) ?? 1) * 1e-5;
    const from = Math.max(
        0,
        part.loss.findIndex((loss) => loss >= least),
    );
    const [loss, probability, low, high] = [part.loss, part.probability, part.low, part.high].map(
        (one) => one.slice(from),
    ) as [number[], number[], number[], number[]];
    const floor = 0.5 / part.paths;
    const lift = (values: number[]) => values.map((value) => Math.max(value, floor));
    const supported = probability.map((p) => (p >= part.supported_from ? p : null));
    // The curve falls, so the supported part comes first; the tail begins where it ends.
    const edge = supported.filter((p) => p !== null).length - 1;
    const tail = probability.map((p, index) => (index >= edge ? p : null));
    const wide = (loss.at(-1) ?? 1) / (loss[0] ?? 1) > 20;
    const mark = part.marks?.at(-1)?.loss ?? 0;
    return {
        description:
            'Exceedance curve: probability that the loss is above x, on logarithmic scales, ' +
            `with a ${percent(part.confidence, true)} confidence band.`,
        data: [loss, lift(high), lift(low), supported, tail],
        options: {
            scales: {
                x: {
                    time: false,
                    distr: wide ? 3 : 1,
                    range: (_, min, max) => [min, max * (wide ? 1.25 : 1.03)],
                },
                y: { distr: 3, range: [Math.min(floor, ...lift(low)), 1] },
            },
            axes: [
                axis(
                    (value) => usd(value, true),
                    wide
                        ? {
                              splits: (u, _, min, max) => roundNumbers(min, max, u.width - 60, 52),
                              filter: (_, splits) => splits,
                          }
                        : { space: 60 },
                ),
                sideAxis((value) => percent(value, true), {
                    splits: (_, __, min, max) => roundNumbers(min, max, 280, 70),
                    filter: (_, splits) => splits,
                }),
            ],
            series: [{}, hidden, hidden, line('loss', 2), line('loss', 1.5, [3, 4])],
            bands: [{ series: [1, 2], fill: () => colour('loss', 0.16) }],
            hooks: { draw: [(u) => drawSupport(u, part)] },
        },
        keys: [
            {
                label: 'P(loss > x)',
                swatch: 'line',
                tone: 'loss',
                read: (at) => percent(probability[at] ?? 0),
            },
            {
                label: `${percent(part.confidence, true)} band`,
                swatch: 'area',
                tone: 'loss',
                alpha: 0.16,
                read: (at) => `${percent(low[at] ?? 0)} – ${percent(high[at] ?? 0)}`,
            },
        ],
        readX: (at) => `x = ${usd(loss[at] ?? 0)}`,
        rest: Math.max(
            0,
            loss.findIndex((value) => value >= mark),
        ),
        height: 360,
        asTable: () =>
            table(
                'Exceedance curve',
                [
                    { name: 'Loss above' },
                    { name: 'Probability' },
                    { name: 'Low' },
                    { name: 'High' },
                ],
                part.loss.map((value, at) => [
                    money(value),
                    percent(part.probability[at] ?? 0),
                    percent(part.low[at] ?? 0),
                    percent(part.high[at] ?? 0),
                ]),
            ),
    };
}

export function exceedance(part: Exceedance): HTMLElement {
    const nothing = h(
        'p',
        { class: 'lead' },
        `No path of ${plain(part.paths)} ends with a loss: ` +
            `the probability is below ${percent(3 / part.paths)}.`,
    );
    return section(
        'exceedance',
        'Exceedance',
        h('p', { class: 'lead' }, part.definition),
        part.loss.length ? figure(chart(part)).element : nothing,
    );
}
