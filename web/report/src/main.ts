// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import 'uplot/dist/uPlot.min.css';
import './style.css';

import { followColours } from './chart';
import { h } from './dom';
import type { Report } from './report';
import { answer, header } from './sections/answer';
import { comparison } from './sections/comparison';
import { exceedance } from './sections/exceedance';
import { liquidationOverTime } from './sections/liquidation_over_time';
import { lossBy } from './sections/loss_by';
import { parameters } from './sections/parameters';
import { priceFan } from './sections/price_fan';
import { summary } from './sections/summary';
import { trust } from './sections/trust';
import { utilisation } from './sections/utilisation';
import { wall } from './sections/wall';

const FORMAT = 'breakwater-report/1';

type Show<T> = (part: T, report: Report) => HTMLElement;

/** A section that is absent is not shown; one that cannot be read says so and spares the others. */
function attempt<T>(
    part: T | undefined,
    title: string,
    show: Show<T>,
    report: Report,
): HTMLElement | null {
    if (part === undefined || part === null) return null;
    try {
        return show(part, report);
    } catch (error) {
        return h(
            'section',
            { class: 'broken' },
            h('h2', {}, title),
            h('p', {}, `This section cannot be shown: ${error}`),
        );
    }
}

function contents(sections: HTMLElement[]): HTMLElement {
    const links = sections
        .filter((one) => one.id)
        .map((one) =>
            h(
                'li',
                {},
                h('a', { href: `#${one.id}` }, one.querySelector('h2')?.textContent ?? one.id),
            ),
        );
    return h('nav', { 'aria-label': 'Sections' }, h('ul', {}, ...links));
}

function render(page: HTMLElement, report: Report): void {
    document.title = `${report.title} · Breakwater`;
    const r = report;
    const sections = [
        attempt(r.summary, 'Summary', summary, r),
        attempt(r.exceedance, 'Exceedance', exceedance, r),
        attempt(r.price_fan, 'Prices', priceFan, r),
        attempt(r.liquidation_over_time, 'Liquidations', liquidationOverTime, r),
        attempt(r.wall, 'Wall', wall, r),
        attempt(r.loss_by, 'Who loses', lossBy, r),
        attempt(r.utilisation, 'Utilisation', utilisation, r),
        attempt(r.trust, 'Trust in the feeds', trust, r),
        attempt(r.comparison, 'Comparison', comparison, r),
        attempt(r.parameters, 'Parameters', parameters, r),
    ].filter((one) => one !== null);
    const first = attempt(r.answer, 'Answer', answer, r);
    page.append(
        header(r),
        ...(first ? [first] : []),
        ...(sections.length ? [contents(sections), ...sections] : []),
    );
    page.append(
        h('footer', {}, `Breakwater report, format ${report.format}. This file fetches nothing.`),
    );
    followColours();
}

/** "99 %" must not break before its sign; commands are left as they are, to be copied. */
function typeset(key: string, value: unknown): unknown {
    const literal = key === 'command' || key === 'replay';
    return typeof value === 'string' && !literal ? value.replace(/(\d) %/g, '$1\u202f%') : value;
}

function start(): void {
    const page = document.getElementById('page')!;
    const complain = (text: string) => page.append(h('p', { class: 'notice' }, text));
    try {
        const report = JSON.parse(
            document.getElementById('breakwater-report')?.textContent || 'null',
            typeset,
        ) as Report | null;
        if (!report)
            return complain(
                'This is the empty page. `breakwater stress BOOK --html FILE` fills it.',
            );
        if (report.format !== FORMAT)
            return complain(`This page reads ${FORMAT}; the file holds ${report.format}.`);
        render(page, report);
    } catch (error) {
        complain(`The report in this file cannot be read: ${error}`);
    }
}

start();
