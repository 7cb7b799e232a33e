// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// Checks a report against docs/report.schema.json, then what a schema cannot say: columns of one
// length, ascending axes, intervals that contain their value, quantiles in order.
//     node scripts/check.mjs [REPORT.json]        (default: sample.json)

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import Ajv from 'ajv/dist/2020.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const file = process.argv[2] ?? here('../sample.json');
const schema = JSON.parse(readFileSync(here('../../../docs/report.schema.json'), 'utf8'));
const report = JSON.parse(readFileSync(file, 'utf8'));
const faults = [];

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);
if (!validate(report)) {
    for (const { instancePath, message, params } of validate.errors) {
        faults.push(`${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
    }
}

function estimates(node, path) {
    if (node === null || typeof node !== 'object') return;
    if (
        'low' in node &&
        'high' in node &&
        typeof node.value === 'number' &&
        !(node.low <= node.value && node.value <= node.high)
    ) {
        faults.push(`${path}: ${node.value} is outside of [${node.low}, ${node.high}]`);
    }
    for (const [key, child] of Object.entries(node)) estimates(child, `${path}/${key}`);
}

const ascending = (path, values) =>
    values.every((value, at) => at === 0 || values[at - 1] < value) ||
    faults.push(`${path}: not ascending`);

function columns(path, axis, named) {
    for (const [name, column] of Object.entries(named)) {
        if (column && column.length !== axis.length)
            faults.push(`${path}/${name}: ${column.length} values for ${axis.length} places`);
    }
}

function quantiles(path, axis, levels, all) {
    if (all.length !== levels.length)
        faults.push(`${path}: ${all.length} columns for ${levels.length} levels`);
    columns(path, axis, all);
    axis.forEach((_, at) =>
        all.forEach((column, level) => {
            if (level > 0 && all[level - 1][at] > column[at])
                faults.push(`${path}: quantiles cross at place ${at}`);
        }),
    );
}

function charts({
    exceedance: curve,
    price_fan: fan,
    liquidation_over_time: flow,
    wall,
    parameters,
}) {
    if (curve) {
        ascending('/exceedance/loss', curve.loss);
        columns('/exceedance', curve.loss, {
            probability: curve.probability,
            low: curve.low,
            high: curve.high,
        });
    }
    if (fan) {
        ascending('/price_fan/hours', fan.hours);
        ascending('/price_fan/levels', fan.levels);
        for (const asset of fan.assets) {
            quantiles(`/price_fan/${asset.symbol}`, fan.hours, fan.levels, asset.quantiles);
            columns(`/price_fan/${asset.symbol}`, fan.hours, {
                worst: asset.worst,
                median: asset.median,
            });
        }
    }
    if (flow) {
        ascending('/liquidation_over_time/hours', flow.hours);
        for (const name of ['volume', 'backlog']) {
            quantiles(
                `/liquidation_over_time/${name}`,
                flow.hours,
                flow.levels,
                flow[name].quantiles,
            );
            columns(`/liquidation_over_time/${name}`, flow.hours, { mean: flow[name].mean });
        }
    }
    for (const { symbol, liquidatable_usd, bad_debt_usd, capacity_usd } of wall?.assets ?? []) {
        columns(`/wall/${symbol}`, wall.moves, { liquidatable_usd, bad_debt_usd, capacity_usd });
    }
    for (const { id, columns: heads, rows } of parameters?.tables ?? []) {
        rows.forEach(
            (row, at) =>
                row.length === heads.length ||
                faults.push(`/parameters/tables/${id}: row ${at} has ${row.length} cells`),
        );
    }
}

estimates(report, '');
if (faults.length === 0) charts(report);
for (const fault of faults) console.error(fault);
console.log(`${faults.length === 0 ? 'valid' : 'not valid'}: ${file}`);
process.exitCode = faults.length === 0 ? 0 : 2;
