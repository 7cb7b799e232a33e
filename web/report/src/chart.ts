// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// One kind of chart for the whole page: legend with a live reading above, plot, and the same
// figures as a table below for those who cannot see or do not trust a picture.

import uPlot from 'uplot';

import { h } from './dom';
import { hours } from './format';

export type Tone = 'ink' | 'muted' | 'rule' | 'accent' | 'loss' | 'capacity' | 'paper';

/** Colours live in the style sheet, so that dark mode and print change charts too. */
export function colour(tone: Tone, alpha = 1, over: Tone | 'transparent' = 'transparent'): string {
    const style = getComputedStyle(document.documentElement);
    const value = (name: string) =>
        name === 'transparent' ? name : style.getPropertyValue(`--${name}`).trim();
    return alpha === 1
        ? value(tone)
        : `color-mix(in srgb, ${value(tone)} ${alpha * 100}%, ${value(over)})`;
}

export interface Key {
    label: string;
    swatch: 'line' | 'dash' | 'area';
    tone: Tone;
    alpha?: number;
    /** What the reading shows at an index of the data. */
    read: (index: number) => string;
}

export interface Chart {
    /** Spoken instead of the picture. */
    description: string;
    options: Omit<uPlot.Options, 'width' | 'height'>;
    data: uPlot.AlignedData;
    keys: Key[];
    readX: (index: number) => string;
    /** Where the reading stands when nobody points. */
    rest: number;
    height?: number;
    asTable: () => HTMLElement;
}

export const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** An axis in the page's type, wide enough for its longest label. */
export function axis(values: (value: number) => string, more: uPlot.Axis = {}): uPlot.Axis {
    return {
        font: FONT,
        stroke: () => colour('muted'),
        grid: { stroke: () => colour('rule'), width: 1 },
        ticks: { show: false },
        border: { show: false },
        size: 30,
        gap: 6,
        values: (_, splits) => splits.map((split) => (split == null ? '' : values(split))),
        ...more,
    };
}

/** Time since the start: whole hours, or whole days where there are several. */
export function timeAxis(last: number): uPlot.Axis {
    const incrs = last > 72 ? [24, 48, 168] : [0.25, 0.5, 1, 2, 3, 6, 12, 24];
    return axis(hours, { space: 48, incrs });
}

export const timeScale = (last: number): uPlot.Scale => ({ time: false, range: () => [0, last] });

export function sideAxis(values: (value: number) => string, more: uPlot.Axis = {}): uPlot.Axis {
    const size = (u: uPlot, labels: string[] | null) => {
        if (!labels?.length) return 40;
        u.ctx.save();
        u.ctx.font = FONT;
        const width = Math.max(...labels.map((label) => u.ctx.measureText(label ?? '').width));
        u.ctx.restore();
        return Math.ceil(width) + 14;
    };
    return axis(values, { size, gap: 6, ...more });
}

export const hidden: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };

export function line(tone: Tone, width = 1.75, dash?: number[]): uPlot.Series {
    return {
        stroke: () => colour(tone),
        width,
        points: { show: false },
        ...(dash ? { dash } : {}),
    };
}

const drawn = new Map<uPlot, Chart>();
const heightFor = (chart: Chart, width: number) => (width < 560 ? 0.8 : 1) * (chart.height ?? 320);

function legend(chart: Chart): { element: HTMLElement; read: (index: number) => void } {
    const x = h('b', { class: 'at' });
    const values = chart.keys.map(() => h('b', {}));
    const items = chart.keys.map((key, index) => {
        const swatch = h('i', { class: `swatch ${key.swatch}`, 'aria-hidden': 'true' });
        swatch.style.setProperty('--tone', `var(--${key.tone})`);
        swatch.style.setProperty('--alpha', `${(key.alpha ?? 1) * 100}%`);
        return h('li', {}, swatch, key.label, ' ', values[index]);
    });
    const read = (index: number) => {
        x.textContent = chart.readX(index);
        chart.keys.forEach((key, at) => {
            values[at]!.textContent = key.read(index);
        });
    };
    return { element: h('ul', { class: 'legend' }, h('li', {}, x), ...items), read };
}

/** Makes the figure; `show` later replaces what it draws (another asset). */
export function figure(first: Chart): { element: HTMLElement; show: (chart: Chart) => void } {
    const plot = h('div', { class: 'plot', role: 'img' });
    const top = h('div', {});
    const below = h('details', {}, h('summary', {}, 'The figures as a table'));
    const element = h('figure', {}, top, plot, below);
    let current = first;
    let chart: uPlot | undefined;

    const draw = () => {
        const width = plot.clientWidth;
        if (width === 0) return;
        const { element: keys, read } = legend(current);
        const rest = current.rest;
        top.replaceChildren(keys);
        read(rest);
        if (chart) drawn.delete(chart);
        chart?.destroy();
        chart = new uPlot(
            {
                ...current.options,
                width,
                height: heightFor(current, width),
                legend: { show: false },
                cursor: {
                    y: false,
                    drag: { setScale: false, x: false, y: false },
                    points: { size: 6 },
                },
                padding: [12, 20, 0, 0],
                hooks: { ...current.options.hooks, setCursor: [(u) => read(u.cursor.idx ?? rest)] },
            },
            current.data,
            plot,
        );
        drawn.set(chart, current);
    };
    const show = (next: Chart) => {
        current = next;
        plot.setAttribute('aria-label', next.description);
        below.querySelector('.scroll')?.remove();
        if (below.open) below.append(next.asTable());
        draw();
    };
    // A long table is built only for who asks for it.
    below.addEventListener('toggle', () => {
        if (below.open && !below.querySelector('.scroll')) below.append(current.asTable());
    });
    plot.setAttribute('aria-label', first.description);
    new ResizeObserver(() => {
        const width = plot.clientWidth;
        if (!chart) draw();
        else if (width > 0 && width !== chart.width)
            chart.setSize({ width, height: heightFor(current, width) });
    }).observe(plot);
    return { element, show };
}

/** Charts are pixels: they must be told when the colours around them change. */
export function followColours(): void {
    const redraw = () => {
        for (const chart of drawn.keys()) chart.redraw(false);
    };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    // Paper is light and narrower than most screens.
    addEventListener('beforeprint', () => {
        document.documentElement.dataset['print'] = '';
        for (const chart of drawn.keys())
            chart.setSize({ width: Math.min(chart.width, 660), height: 250 });
    });
    addEventListener('afterprint', () => {
        delete document.documentElement.dataset['print'];
        for (const [chart, what] of drawn) {
            const width = chart.root.parentElement?.clientWidth ?? chart.width;
            chart.setSize({ width, height: heightFor(what, width) });
        }
    });
}
