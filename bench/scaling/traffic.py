"""Throughput and CPU by the number of sessions and by the size of the messages, with an empty queue."""
from servers import Postern, Postfix

from setting import relay, server, sink
from tables import table

SESSIONS = (1, 2, 5, 20, 50, 100, 200)

# Bytes, and how many of them in a full run.
SIZES = ((1 << 10, 20000), (4 << 10, 20000), (64 << 10, 4000), (1 << 20, 400), (10 << 20, 60))

# Postfix's own limit is 10,240,000 bytes, and a hundred sessions at once.
BESIDE_SESSIONS = (1, 20, 100)
BESIDE_SIZES = (4 << 10, 64 << 10, 1 << 20)

HEADS = ("accepted/s", "relayed/s", "CPU µs", "of them queue", "Postfix relayed/s", "ratio")


def by_sessions(options):
    count = 2000 if options.quick else 20000
    runs = [(f"{sessions} sessions", count, sessions, 4096, sessions in BESIDE_SESSIONS) for sessions in SESSIONS]
    report(options, "messages of 4 KiB over", runs)


def by_size(options):
    runs = [(name(size), max(10, count // 10) if options.quick else count, 20, size, size in BESIDE_SIZES) for size, count in SIZES]
    report(options, "20 sessions, messages of", runs)


def name(size):
    return f"{size >> 20} MiB" if size >> 20 else f"{size >> 10} KiB"


def report(options, head, runs):
    rows = []
    with sink() as taker:
        with server(Postern, options, taker) as postern, server(Postfix, options, taker) as postfix:
            for running in (postern, postfix):
                relay(running, taker, 1000)
            for text, count, sessions, length, beside in runs:
                ours = relay(postern, taker, count, sessions, length)
                theirs = relay(postfix, taker, max(10, count // 5), sessions, length)["relayed"] if beside else 0
                rows.append((text, *ours.values(), theirs or "", f"{ours['relayed'] / theirs:.1f}" if theirs else ""))
    table((head, *HEADS), rows)
