// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// The first screen: six lines that stand for the whole report.

import { h } from '../dom';
import { age, hours, instant, plain, quantity, share as shareOf, shortened, usd } from '../format';
import { command, differenceCell, estimateCell, identifier, isSupported, limitLine, rangeInWords } from '../parts';
import type { Answer, Driver, Figure, Provenance, Report } from '../report';

export function header(report: Report): HTMLElement {
    const { run } = report;
    const facts = [
        run.accounts !== undefined && `${plain(run.accounts)} accounts`,
        run.borrowed_usd !== undefined && `${usd(run.borrowed_usd)} borrowed`,
        `${plain(run.paths)} paths`,
        hours(run.horizon_hours),
        run.rulebook,
        run.conditional ? 'figures given the scenario' : 'unconditional',
    ].filter((fact) => fact !== false);
    return h(
        'header',
        {},
        ...(report.notices ?? []).map((notice) => h('p', { class: 'notice' }, notice)),
        h('p', { class: 'kind' }, 'Breakwater stress report'),
        h('h1', {}, report.title),
        h('p', { class: 'facts' }, ...facts.map((fact) => h('span', {}, fact))),
    );
}

function headline(figure: Figure): HTMLElement {
    const { estimate, unit } = figure;
    const supported = isSupported(estimate);
    return h(
        'div',
        { class: 'headline' },
        h(
            'p',
            { class: supported ? 'value' : 'value none', title: supported ? String(estimate.value) : undefined },
            supported ? quantity(estimate.value, unit) : 'not supported',
        ),
        h(
            'p',
            { class: 'interval' },
            supported ? rangeInWords(estimate, unit) : estimate.unsupported,
        ),
        h(
            'p',
            { class: 'label' },
            h('strong', {}, figure.label),
            figure.definition && h('small', {}, figure.definition),
        ),
    );
}

function beside(figures: Figure[]): HTMLElement {
    return h(
        'ul',
        { class: 'beside' },
        ...figures.map((figure) => {
            const cell = figure.id.startsWith('difference_') ? differenceCell : estimateCell;
            return h(
                'li',
                {},
                h('span', {}, figure.label),
                cell(figure.estimate, figure.unit),
            );
        }),
    );
}

function driver(one: Driver): HTMLElement {
    const share = one.share === undefined ? '' : `${shareOf(one.share)} of the mean`;
    return h(
        'li',
        {},
        h('strong', {}, identifier(one.name)),
        h('span', {}, share),
        h('small', {}, one.detail ?? ''),
    );
}

export function reproduce(by: Provenance): HTMLElement[] {
    return [
        command(by.command),
        h(
            'p',
            { class: 'facts' },
            h('span', {}, `seed ${by.seed}`),
            h('span', { title: by.commit }, `commit ${by.commit.slice(0, 12)}`),
            h('span', {}, `version ${by.version}`),
            h('span', { title: by.input_hash }, `input ${shortened(by.input_hash)}`),
        ),
    ];
}

export function answer(part: Answer): HTMLElement {
    const row = (name: string, ...content: (Node | string)[]) =>
        h('div', { class: 'row' }, h('dt', {}, name), h('dd', {}, ...content));
    const data = part.data.map((one) =>
        h(
            'li',
            {},
            h('strong', {}, one.what),
            h('span', {}, instant(one.as_of)),
            h('small', {}, age(one.as_of)),
        ),
    );
    return h(
        'section',
        { class: 'answer', 'aria-label': 'The answer in six lines' },
        h(
            'dl',
            {},
            row('Asked', h('p', { class: 'asked' }, part.asked)),
            row(
                'Answer',
                h(
                    'div',
                    { class: 'result' },
                    headline(part.figure),
                    part.beside?.length ? beside(part.beside) : '',
                ),
            ),
            row('Driven by', h('ol', { class: 'inline' }, ...part.drivers.map(driver))),
            row('Not modelled', h('ul', { class: 'limits' }, ...part.not_modelled.map(limitLine))),
            row('Data', h('ul', { class: 'inline' }, ...data)),
            row('Reproduce', ...reproduce(part.reproduce)),
        ),
    );
}
