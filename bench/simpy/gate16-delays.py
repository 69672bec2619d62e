"""A gate of 16 lanes in SimPy, lighter than gate16.py: vehicles of two
priorities wait in one zone, a free lane takes the next, high priority first,
and holds it for four delays, one after the other, where scenarios/gate16.yaml
has agencies with officers and lines. Load 0.9.

Usage: /usr/bin/python3 gate16-delays.py [VEHICLES] [SEED]

Prints one line of JSON; times are in minutes. Needs SimPy 3 or later (Debian
python3-simpy3).
"""

import json
import random
import sys
import time

import simpy

LANES = 16
AGENCIES = (2.0, 3.0, 4.0, 3.0)
BETWEEN = sum(AGENCIES) / (0.9 * LANES)
HIGH_SHARE = 0.3
HIGH, LOW = 0, 1


class Totals:
    def __init__(self):
        self.wait = [0.0, 0.0]
        self.count = [0, 0]
        self.system = 0.0


def vehicle(env, lanes, priority, rng, totals):
    arrived = env.now
    with lanes.request(priority=priority) as call:
        yield call
        totals.wait[priority] += env.now - arrived
        totals.count[priority] += 1
        for mean in AGENCIES:
            yield env.timeout(rng.expovariate(1 / mean))
    totals.system += env.now - arrived


def source(env, lanes, vehicles, rng, totals):
    for _ in range(vehicles):
        yield env.timeout(rng.expovariate(1 / BETWEEN))
        priority = HIGH if rng.random() < HIGH_SHARE else LOW
        env.process(vehicle(env, lanes, priority, rng, totals))


def main(vehicles=1_000_000, seed=1):
    rng, totals, env = random.Random(seed), Totals(), simpy.Environment()
    lanes = simpy.PriorityResource(env, LANES)
    env.process(source(env, lanes, vehicles, rng, totals))
    began = time.perf_counter()
    env.run()
    seconds = time.perf_counter() - began
    print(json.dumps({
        "model": "gate16-delays", "engine": "simpy " + simpy.__version__, "customers": vehicles,
        "seconds": seconds, "per_second": vehicles / seconds,
        "mean_wait": sum(totals.wait) / vehicles, "mean_system": totals.system / vehicles,
        "mean_wait_high": totals.wait[HIGH] / totals.count[HIGH],
        "mean_wait_low": totals.wait[LOW] / totals.count[LOW],
    }))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
