"""M/M/5 at load 0.9 in SimPy: five servers, one queue in order of arrival.

Usage: /usr/bin/python3 mm5.py [CUSTOMERS] [SEED]

Prints one line of JSON; times are in minutes. Needs SimPy 3 or later (Debian
python3-simpy3). The Erlang C formula gives a mean wait of 15.25.
"""

import json
import random
import sys
import time

import simpy

SERVERS = 5
SERVICE = 10.0
BETWEEN = SERVICE / (0.9 * SERVERS)


class Totals:
    wait = system = 0.0


def customer(env, servers, service, totals):
    arrived = env.now
    with servers.request() as turn:
        yield turn
        totals.wait += env.now - arrived
        yield env.timeout(service)
    totals.system += env.now - arrived


def source(env, servers, customers, rng, totals):
    for _ in range(customers):
        yield env.timeout(rng.expovariate(1 / BETWEEN))
        env.process(customer(env, servers, rng.expovariate(1 / SERVICE), totals))


def main(customers=1_000_000, seed=1):
    rng, totals, env = random.Random(seed), Totals(), simpy.Environment()
    servers = simpy.Resource(env, SERVERS)
    env.process(source(env, servers, customers, rng, totals))
    began = time.perf_counter()
    env.run()
    seconds = time.perf_counter() - began
    print(json.dumps({
        "model": "mm5", "engine": "simpy " + simpy.__version__, "customers": customers,
        "seconds": seconds, "per_second": customers / seconds,
        "mean_wait": totals.wait / customers, "mean_system": totals.system / customers,
    }))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
