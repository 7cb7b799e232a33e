#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Breakwater Authors
"""The baseline of the main job: a lending book in vectorised numpy, as a careful analyst would write it.

10,000 accounts x 288 steps, every account's health at every step, half of the debt of unhealthy
accounts repaid at a bonus of 5 %. No oracle lag, no gas, no keepers, no price impact, no interest,
doubles instead of exact integers: it does much less than the engine. Prints the CPU time of 10,000
paths, scaled from those that it ran.

usage: bench/numpy_baseline.py [PATHS]
"""
import json
import sys
import time

import numpy as np

ACCOUNTS, STEPS, ASSETS, JOB = 10_000, 288, 8, 10_000


def book(rng):
    collateral = np.zeros((ACCOUNTS, ASSETS))
    rows = np.arange(ACCOUNTS)
    main = rng.integers(0, ASSETS - 2, ACCOUNTS)
    debt = np.exp(rng.normal(10, 2, ACCOUNTS))
    near = 1.01 + 0.1 * rng.random(ACCOUNTS)
    far = 1.1 + rng.lognormal(-0.4, 0.8, ACCOUNTS)
    health = np.where(rng.random(ACCOUNTS) < 0.05, near, far)
    collateral[rows, main] = debt * health / 0.8
    return collateral, debt


def path(rng, collateral, debt):
    collateral, debt = collateral.copy(), debt.copy()
    volatility = np.full(ASSETS, 0.7) * np.sqrt(300 / 31_536_000)
    volatility[-2:] = 0
    common = rng.normal(size=(STEPS, 1))
    own = rng.normal(size=(STEPS, ASSETS))
    log_price = np.cumsum(volatility * (np.sqrt(0.85) * common + np.sqrt(0.15) * own), axis=0)
    log_price[rng.integers(1, STEPS):, :-2] += np.log(1 - 0.135) + 0.0446 * rng.normal()
    price = np.exp(log_price)
    liquidations = 0
    for step in range(STEPS):
        value = collateral @ price[step]
        unhealthy = np.nonzero((0.8 * value < debt) & (debt > 1))[0]
        if unhealthy.size:
            repaid = 0.5 * debt[unhealthy]
            share = np.minimum(1.0, 1.05 * repaid / np.maximum(value[unhealthy], 1e-9))
            collateral[unhealthy] *= (1 - share)[:, None]
            debt[unhealthy] -= repaid
            liquidations += unhealthy.size
    value = collateral @ price[-1]
    return liquidations, np.maximum(debt - value, 0).sum()


def main():
    paths = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    rng = np.random.default_rng(1)
    collateral, debt = book(rng)
    path(rng, collateral, debt)
    start = time.process_time()
    liquidations = sum(path(rng, collateral, debt)[0] for _ in range(paths))
    cpu = time.process_time() - start
    setup = f"numpy {np.__version__}, {paths} paths run, scaled to {JOB}"
    setup += f"; {liquidations / paths:.1f} liquidations a path"
    figure = {"figure": "numpy_baseline_cpu_s", "value": cpu * JOB / paths, "unit": "s"}
    print(json.dumps(figure | {"baseline": "itself", "setup": setup}))


if __name__ == "__main__":
    main()
