// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// Puts a report into the page, exactly as `breakwater stress --html` does:
//     node scripts/fill.mjs REPORT.json [PAGE.html]      (default: dist/report.html to stdout)

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OPEN = '<script type="application/json" id="breakwater-report">';
const CLOSE = '</script>';

/** The page with the JSON in its place. `<` is escaped, so that no text can end the element. */
export function fill(page, json) {
    const begin = page.indexOf(OPEN) + OPEN.length;
    const end = page.indexOf(CLOSE, begin);
    if (begin < OPEN.length || end < 0 || page.indexOf(OPEN, begin) >= 0) {
        throw new Error(`the page must contain ${OPEN} exactly once`);
    }
    return page.slice(0, begin) + json.trim().replaceAll('<', '\\u003c') + page.slice(end);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [report, page] = process.argv.slice(2);
    const template = page ?? fileURLToPath(new URL('../dist/report.html', import.meta.url));
    process.stdout.write(fill(readFileSync(template, 'utf8'), readFileSync(report, 'utf8')));
}
