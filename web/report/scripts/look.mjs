// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// Opens the built page from disk in a browser and checks what a reader would notice: nothing
// fetched, nothing cut off at desktop and phone width, every section drawn, absent ones left out,
// hostile text shown as text.
//     node scripts/look.mjs [FOLDER FOR SCREENSHOTS]        CHROMIUM=/usr/bin/chromium

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { fill } from './fill.mjs';

const shots = process.argv[2];
const page = readFileSync('dist/report.html', 'utf8');
const sample = JSON.parse(readFileSync('sample.json', 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'breakwater-report-'));
const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };
const CHARTS = 5;

function written(name, report) {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, fill(page, JSON.stringify(report)));
    return pathToFileURL(file).href;
}

/** Opens a report; fails on any request, error or overflow. */
async function open(browser, url, options) {
    const context = await browser.newContext(options);
    const tab = await context.newPage();
    const faults = [];
    tab.on('pageerror', (error) => faults.push(`error: ${error}`));
    tab.on(
        'console',
        (message) =>
            ['error', 'warning'].includes(message.type()) &&
            faults.push(`console: ${message.text()}`),
    );
    tab.on(
        'request',
        (request) =>
            request.url() !== url &&
            !request.url().startsWith('data:') &&
            faults.push(`fetched: ${request.url()}`),
    );
    await tab.goto(url);
    await tab.waitForTimeout(250);
    const cut = await tab.evaluate(() => {
        const inside = (element) => element.closest('.scroll') || element.closest('.uplot');
        const wide = [...document.querySelectorAll('main *')].filter(
            (element) =>
                !inside(element) &&
                getComputedStyle(element).clipPath === 'none' &&
                (element.getBoundingClientRect().right > innerWidth + 0.5 ||
                    element.getBoundingClientRect().left < -0.5),
        );
        const page = document.documentElement.scrollWidth > innerWidth ? ['the page itself'] : [];
        return [
            ...page,
            ...wide.map(
                (element) =>
                    `${element.tagName}.${element.className}: ${element.textContent.slice(0, 40)}`,
            ),
        ];
    });
    faults.push(...cut.map((what) => `cut off: ${what}`));
    assert.deepEqual(faults, [], `${url} at ${options.viewport.width}`);
    return { context, tab };
}

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
});
try {
    const full = written('full', sample);
    for (const [size, viewport] of Object.entries(SIZES)) {
        for (const colorScheme of ['light', 'dark']) {
            const { context, tab } = await open(browser, full, {
                viewport,
                colorScheme,
                deviceScaleFactor: size === 'phone' ? 2 : 1,
            });
            assert.equal(await tab.locator('.broken').count(), 0, 'a section is broken');
            assert.equal(
                await tab.locator('.uplot canvas').count(),
                CHARTS,
                'every chart is drawn',
            );
            assert.equal(await tab.locator('main > section').count(), 11, 'every section is there');
            assert.match(await tab.title(), /Breakwater/);
            if (shots)
                await tab.screenshot({
                    path: join(shots, `${size}-${colorScheme}.png`),
                    fullPage: true,
                });
            if (shots)
                await tab.screenshot({ path: join(shots, `${size}-${colorScheme}-first.png`) });
            // Another asset, then the table below the chart.
            await tab.locator('#wall .chooser button').nth(2).click();
            assert.match(await tab.locator('#wall .note').innerText(), /^wstETH/);
            await tab.locator('#wall summary').click();
            await tab.locator('#wall details tbody tr').first().waitFor();
            assert.equal(
                await tab.locator('#wall details tbody tr').count(),
                sample.wall.moves.length,
            );
            await context.close();
        }
    }

    // A section that is absent is not shown; the rest stands.
    for (const absent of [
        'answer',
        'summary',
        'exceedance',
        'price_fan',
        'liquidation_over_time',
        'wall',
        'loss_by',
        'utilisation',
        'trust',
        'comparison',
        'parameters',
    ]) {
        const { [absent]: _, ...rest } = sample;
        const { context, tab } = await open(browser, written(`without-${absent}`, rest), {
            viewport: SIZES.phone,
        });
        assert.equal(await tab.locator('main > section').count(), 10, `without ${absent}`);
        await context.close();
    }
    const { format, title, run } = sample;
    await (
        await open(browser, written('bare', { format, title, run }), { viewport: SIZES.phone })
    ).context.close();

    // A calm week: no loss at all, no support for any quantile.
    const none = { unsupported: 'rests on 0 losses of 2,000 paths; 20 are needed' };
    const calm = structuredClone(sample);
    calm.run.horizon_hours = 168;
    calm.answer.figure.estimate = none;
    calm.exceedance = {
        ...calm.exceedance,
        loss: [],
        probability: [],
        low: [],
        high: [],
        marks: [],
    };
    for (const figure of calm.summary.distribution) figure.estimate = none;
    calm.liquidation_over_time.volume.mean.fill(0);
    for (const column of calm.liquidation_over_time.volume.quantiles) column.fill(0);
    const still = await open(browser, written('calm', calm), { viewport: SIZES.phone });
    assert.match(
        await still.tab.locator('#exceedance .lead').last().innerText(),
        /^No path of 2,000/,
    );
    assert.equal(await still.tab.locator('.broken').count(), 0);
    await still.context.close();

    // One loss only: a curve of one point, all of it without support.
    const single = structuredClone(sample);
    Object.assign(single.exceedance, {
        loss: [1000],
        probability: [0.0005],
        low: [0],
        high: [0.003],
        marks: [],
    });
    const one = await open(browser, written('single', single), { viewport: SIZES.phone });
    assert.equal(await one.tab.locator('.broken').count(), 0);
    await one.context.close();

    // Names come from strangers.
    const hostile = structuredClone(sample);
    hostile.title = '</script><img src=x onerror="document.title=1">' + 'W'.repeat(200);
    hostile.loss_by.accounts.rows[0].account = '<b>bold</b>'.repeat(20);
    hostile.answer.drivers[0].name = '"><script>document.title=1</script>';
    const { context, tab } = await open(browser, written('hostile', hostile), {
        viewport: SIZES.phone,
    });
    assert.notEqual(await tab.title(), '1');
    assert.equal(
        await tab.locator('main img, main script, main b b').count(),
        0,
        'text became markup',
    );
    await context.close();

    // The template as it is committed, and a format of the future.
    writeFileSync(join(folder, 'empty.html'), page);
    const empty = await open(browser, pathToFileURL(join(folder, 'empty.html')).href, {
        viewport: SIZES.phone,
    });
    assert.match(await empty.tab.locator('.notice').innerText(), /empty page/);
    await empty.context.close();
    const future = await open(
        browser,
        written('future', { ...sample, format: 'breakwater-report/2' }),
        { viewport: SIZES.phone },
    );
    assert.match(await future.tab.locator('.notice').innerText(), /reads breakwater-report\/1/);
    await future.context.close();
    console.log(
        'the page holds at three widths, in light and dark, with every section absent in turn, ' +
            'without losses, and with hostile text',
    );
} finally {
    await browser.close();
}
