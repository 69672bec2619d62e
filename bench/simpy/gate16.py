"""scenarios/gate16.yaml in SimPy: vehicles of two priorities wait in one zone,
a free lane takes the next, high priority first, and holds it while it calls at
four agencies one after the other, each with sixteen officers and a line of its
own. Waits for a lane and for each agency, and each agency's busy time, are
measured. Load 0.9.

Usage: /usr/bin/python3 gate16.py [VEHICLES] [SEED]

Prints one line of JSON; times are in minutes. Needs SimPy 3 or later (Debian
python3-simpy3).
"""

import json
import random
import sys
import time

import simpy

LANES = 16
OFFICERS = 16
AGENCIES = (2.0, 3.0, 4.0, 3.0)
BETWEEN = sum(AGENCIES) / (0.9 * LANES)
HIGH_SHARE = 0.3
HIGH, LOW = 0, 1


class Totals:
    def __init__(self):
        self.wait = [0.0, 0.0]
        self.count = [0, 0]
        self.agency_wait = [0.0] * len(AGENCIES)
        self.agency_busy = [0.0] * len(AGENCIES)
        self.system = 0.0


def vehicle(env, lanes, agencies, priority, rng, totals):
    arrived = env.now
    with lanes.request(priority=priority) as call:
        yield call
        totals.wait[priority] += env.now - arrived
        totals.count[priority] += 1
        for i, mean in enumerate(AGENCIES):
            joined = env.now
            with agencies[i].request() as turn:
                yield turn
                totals.agency_wait[i] += env.now - joined
                service = rng.expovariate(1 / mean)
                totals.agency_busy[i] += service
                yield env.timeout(service)
    totals.system += env.now - arrived


def source(env, lanes, agencies, vehicles, rng, totals):
    for _ in range(vehicles):
        yield env.timeout(rng.expovariate(1 / BETWEEN))
        priority = HIGH if rng.random() < HIGH_SHARE else LOW
        env.process(vehicle(env, lanes, agencies, priority, rng, totals))


def main(vehicles=1_000_000, seed=1):
    rng, totals, env = random.Random(seed), Totals(), simpy.Environment()
    lanes = simpy.PriorityResource(env, LANES)
    agencies = [simpy.Resource(env, OFFICERS) for _ in AGENCIES]
    env.process(source(env, lanes, agencies, vehicles, rng, totals))
    began = time.perf_counter()
    env.run()
    seconds = time.perf_counter() - began
    print(json.dumps({
        "model": "gate16", "engine": "simpy " + simpy.__version__, "customers": vehicles,
        "seconds": seconds, "per_second": vehicles / seconds,
        "mean_wait": sum(totals.wait) / vehicles, "mean_system": totals.system / vehicles,
        "mean_wait_high": totals.wait[HIGH] / totals.count[HIGH],
        "mean_wait_low": totals.wait[LOW] / totals.count[LOW],
        "mean_wait_agency": [w / vehicles for w in totals.agency_wait],
        "utilisation": [b / (OFFICERS * env.now) for b in totals.agency_busy],
    }))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
