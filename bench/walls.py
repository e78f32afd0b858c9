"""Accepted/s, processor time and time to ready of the same programs with their walls and without, in alternation."""
import argparse
import statistics
import time

from latency import maximum, running
from servers import Postern, Sink
from tables import table

STARTS = 5


def ready(server):
    """Seconds from the start of posternd until it says that all its programs serve."""
    server.stop()
    started = time.monotonic()
    server.start()
    return time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(prog="bench/walls", description="The price of the walls")
    for name in ("--bin", "--load", "--no-walls"):
        parser.add_argument(name, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--pairs", type=int, default=5, help="of runs, with walls and without in alternation (%(default)s)")
    parser.add_argument("--messages", type=int, default=30000, help="in each run (%(default)s)")
    options = parser.parse_args()
    sink = Sink()
    kinds = {"with walls": (), "without": (options.no_walls,)}
    rates, costs, starts = ({name: [] for name in kinds} for _ in range(3))
    try:
        for pair in range(options.pairs):
            for name in sorted(kinds, reverse=pair % 2 == 1):
                with running(lambda folder: Postern(folder, options.bin, sink.port, wrapper=kinds[name])) as server:
                    if ("missing=system-calls,files" in server.said()) != (name == "without"):
                        raise SystemExit(f"{name}: not what was meant")
                    starts[name] += [ready(server) for _ in range(STARTS)]
                    cpu, taken = server.cpu_seconds(), sink.taken
                    rates[name].append(maximum(options, server, sink, options.messages))
                    costs[name].append((server.cpu_seconds() - cpu) / (sink.taken - taken) * 1e6)
                print(f"{name}: {rates[name][-1]:,.0f}/s, ready after {statistics.median(starts[name][-STARTS:]) * 1000:.0f} ms", flush=True)
    finally:
        sink.stop()
    table(("median", *kinds, "with / without"), [
        ("accepted/s, 50 sessions", *(statistics.median(rates[name]) for name in kinds), f"{share(rates):.2f}"),
        ("processor µs per relayed message", *(statistics.median(costs[name]) for name in kinds), f"{share(costs):.2f}"),
        ("start to ready, ms", *(statistics.median(starts[name]) * 1000 for name in kinds), f"{share(starts):.2f}"),
    ])


def share(figures):
    with_walls, without = (statistics.median(figures[name]) for name in ("with walls", "without"))
    return with_walls / without


if __name__ == "__main__":
    main()
