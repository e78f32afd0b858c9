"""A good client's waiting, the server's processor time and its memory while strangers flood it."""
import argparse
import contextlib
import os
import sys
import time

sys.path.insert(1, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from latency import running
from probe import Probe
from servers import Postern, Postfix, Sink
from strangers import FLOODS, HELD, flooding
from tables import table


# Else a tenth of the places would be kept from strangers, the good client among them.
SETTINGS = "[limits]\nconnections = 20000\n"


def late(moments):
    """The 99th of a hundred, and the worst, in milliseconds."""
    moments = sorted(moments)
    return f"{moments[int(len(moments) * 0.99)] * 1000:,.1f} / {moments[-1] * 1000:,.1f}" if moments else "none"


def trial(server, name, seconds):
    """One row: what came of a flood."""
    ours = isinstance(server, Postern)
    time.sleep(1)
    idle = server.memory_mib() if ours else 0
    with flooding(name, server.port) if name else contextlib.nullcontext() as done:
        probe = Probe(server.port)
        probe.start()
        before, cpu, started, peak = done.value if done else 0, server.cpu_seconds() if ours else 0, time.monotonic(), 0.0
        while time.monotonic() - started < seconds:
            peak = max(peak, server.memory_mib() if ours else 0)
            time.sleep(0.5)
        took = time.monotonic() - started
        cpu = (server.cpu_seconds() - cpu) / took * 100 if ours else 0
        volume = f"{done.value:,} held" if name in HELD else f"{(done.value - before) / took:,.0f}/s" if done else ""
        probe.stop()
    return (server.name, name or "none", volume, late(probe.messages), late(probe.greetings), str(probe.failures),
            f"{cpu:.0f} %" if ours else "", f"{peak - idle:.1f}" if ours else "")


def main():
    parser = argparse.ArgumentParser(prog="bench/floods", description="Floods")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=15, help="of each flood (%(default)s)")
    parser.add_argument("floods", nargs="*", choices=[*FLOODS, []], metavar="flood", help=", ".join(FLOODS))
    options = parser.parse_args()
    sink = Sink()
    rows = []
    try:
        for name in ["", *(options.floods or FLOODS)]:
            for start in (lambda folder: Postern(folder, options.bin, sink.port, SETTINGS), lambda folder: Postfix(folder, sink.port)):
                with running(start) as server:
                    rows.append(trial(server, name, options.seconds))
                    print("; ".join(rows[-1]), flush=True)
    finally:
        sink.stop()
    table(("server", "flood", "volume", "message ms, p99 / worst", "greeting ms, p99 / worst", "failed", "a processor", "MiB above idle"), rows)


if __name__ == "__main__":
    main()
