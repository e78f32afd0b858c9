"""Throughput beside a queue full of deferred messages, against an empty one."""
import statistics

from servers import Postern

from setting import filled, relay, server, sink
from tables import table

QUEUED = (10_000, 100_000, 1_000_000)
FLOOR, GOAL = 80, 95


def measure(options):
    count = 5000 if options.quick else 100_000
    rows = []
    with sink() as taker:
        # The empty queue before and after: what the machine itself did meanwhile shows in the difference.
        for queued in (0, *QUEUED, 0):
            with filled(options, queued) as queue, server(Postern, options, taker, queue) as postern:
                relay(postern, taker, 2000)
                rows.append((queued, relay(postern, taker, count)))
    empty = statistics.mean(result["relayed"] for queued, result in rows if queued == 0)
    shares = [result["relayed"] / empty * 100 for _, result in rows]
    table(
        ("deferred in the queue", "accepted/s", "relayed/s", "CPU µs", "of them queue", "of an empty queue", ""),
        [(queued, *result.values(), f"{share:.0f} %", "goal" if share >= GOAL else "floor" if share >= FLOOR else "BELOW")
         for (queued, result), share in zip(rows, shares)],
    )
