// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// Numbers as a reader of a memo wants them: three significant digits in sight, all of them in the
// title of the element. Minus is U+2212, the space before a unit is narrow and does not break.

import type { Unit } from './report';

const NARROW = '\u202f';
const MINUS = '\u2212';
const SCALES: [number, string][] = [
    [1, ''],
    [1e3, 'K'],
    [1e6, 'M'],
    [1e9, 'B'],
    [1e12, 'T'],
];

const signed = (value: number, text: string) => (value < 0 ? MINUS + text : text);
const grouped = (value: number, digits: number) =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** $1.23M: three significant digits, or fewer when `short` drops zeros at the end (axes). */
export function usd(value: number, short = false): string {
    const size = Math.abs(value);
    if (size === 0) return '$0';
    if (size < 0.01) return signed(value, '<$0.01');
    // 999.6 thousand reads 1.00M, so the scale is chosen after rounding.
    const rounded = Number(size.toPrecision(3));
    const [scale, suffix] = SCALES.filter(([least]) => rounded >= least).at(-1) ?? SCALES[0]!;
    const scaled = rounded / scale;
    const text =
        scale === 1 && (scaled >= 100 || Number.isInteger(scaled))
            ? String(scaled)
            : scale === 1
              ? scaled.toFixed(2)
              : scaled.toPrecision(3);
    return signed(value, '$' + (short ? String(Number(text)) : text) + suffix);
}

export const usdExact = (value: number) =>
    signed(value, '$' + grouped(Math.abs(value), Math.abs(value) < 1 ? 6 : 2));

/** 61.2 %, 4.37 %, 0.15 %. */
export function percent(ratio: number, short = false): string {
    const size = Math.abs(ratio * 100);
    const digits = size === 0 || size >= 99.95 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
    const text = size.toFixed(digits);
    return signed(ratio, (short ? String(Number(text)) : text) + NARROW + '%');
}

/** A part of a whole, to be read down a column: 44.0 %, 7.0 %. */
export const share = (ratio: number) =>
    signed(ratio, Math.abs(ratio * 100).toFixed(1) + NARROW + '%');

export function plain(value: number): string {
    const size = Math.abs(value);
    const text = size.toLocaleString('en-US', { maximumSignificantDigits: size >= 1e5 ? 12 : 6 });
    return signed(value, text);
}

function count(value: number): string {
    return signed(
        value,
        grouped(Math.abs(value), Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1),
    );
}

export function hours(value: number): string {
    if (value >= 48 && value % 24 === 0) return value / 24 + NARROW + 'd';
    if (value !== 0 && Math.abs(value) < 1) {
        const minutes = Math.abs(value * 60);
        return signed(
            value,
            (minutes < 10 ? minutes.toFixed(1) : minutes.toFixed(0)) + NARROW + 'min',
        );
    }
    return signed(value, String(Number(Math.abs(value).toPrecision(3)))) + NARROW + 'h';
}

export function quantity(value: number, unit: Unit): string {
    switch (unit) {
        case 'usd':
            return usd(value);
        case 'ratio':
            return percent(value);
        case 'multiple':
            return value.toFixed(2) + '×';
        case 'count':
            return count(value);
        case 'hours':
            return hours(value);
        case 'number':
            return plain(value);
        case 'percentage_points':
            return percent(value / 100).replace('%', 'pp');
    }
}

export function exact(value: number, unit: Unit): string {
    return unit === 'usd' ? usdExact(value) : String(value);
}

/** A difference carries its sign, zero none. */
export const difference = (value: number, unit: Unit) =>
    (value > 0 ? '+' : '') + quantity(value, unit);

/** 2025-06-10, with the time of day where there is one. */
export const instant = (iso: string) =>
    iso
        .replace('T00:00:00Z', '')
        .replace('T', ' ')
        .replace(/:\d\dZ$/, NARROW + 'UTC');

/** How old data is on the day on which the page is read, which no file can know. */
export function age(iso: string, now = Date.now()): string {
    const days = Math.floor((now - Date.parse(iso)) / 86_400_000);
    if (!Number.isFinite(days) || days < 0) return '';
    return days === 0
        ? 'today'
        : days === 1
          ? '1 day old today'
          : `${days.toLocaleString('en-US')} days old today`;
}

/** Long identifiers keep their ends; the whole stands in the title. */
export const shortened = (id: string) =>
    id.length > 16 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id;
