// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

import { readFileSync } from 'node:fs';

import { defineConfig, type Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

import { fill } from './scripts/fill.mjs';

/** While developing, the page shows the sample; a build leaves the place empty. */
function sampleWhileServing(): Plugin {
    return {
        name: 'sample-while-serving',
        apply: 'serve',
        transformIndexHtml: (html) => fill(html, readFileSync('sample.json', 'utf8')),
    };
}

export default defineConfig({
    plugins: [sampleWhileServing(), viteSingleFile({ removeViteModuleLoader: true })],
    server: { open: '/report.html' },
    build: {
        target: 'es2022',
        reportCompressedSize: false,
        rollupOptions: { input: 'report.html' },
    },
});
