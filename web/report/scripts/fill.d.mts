// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

export function fill(page: string, json: string): string;
