"""The time from the end of a message's data to its 250, at half of the maximum rate, of Postern and Postfix in alternation."""
import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from servers import Postern, Postfix, Sink

# Postfix serves a hundred sessions at once unless told otherwise; half of them leaves it some.
SESSIONS = 50
LENGTH = 4096
PATIENCE = 300


def load(options, port, rate, messages, *more, sessions=SESSIONS):
    """One run of the generator (bench/load.c); a rate of 0 is as fast as it goes."""
    command = [options.load, "-e", "-p", str(port), "-r", str(rate), "-n", str(messages), "-s", str(sessions), "-l", str(LENGTH), *more]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(run.stderr.strip())
    return json.loads(run.stdout)


def await_sink(sink, target):
    deadline = time.monotonic() + PATIENCE
    while sink.taken < target:
        if time.monotonic() > deadline:
            raise SystemExit(f"the sink has {sink.taken} of {target} messages")
        time.sleep(0.01)


@contextlib.contextmanager
def running(start, parent=None):
    """A server with a folder of its own, gone afterwards."""
    folder = tempfile.mkdtemp(prefix="bench-", dir=parent)
    os.chmod(folder, 0o755)
    server = start(folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def maximum(options, server, sink, messages, sessions=SESSIONS):
    """Accepted a second over connections that stay, as fast as it goes; everything is relayed before this returns."""
    before = sink.taken
    warm_up = max(200, messages // 10)
    load(options, server.port, 0, warm_up, sessions=sessions)
    result = load(options, server.port, 0, messages, sessions=sessions)
    await_sink(sink, before + warm_up + messages)
    return result["rate"]


def at_rate(options, server, sink, rate):
    """One open-loop run; everything is relayed before this returns."""
    before, messages = sink.taken, max(100, int(rate * options.seconds))
    result = load(options, server.port, rate, messages)
    await_sink(sink, before + messages)
    return result


def say(server, what, result):
    print(f"  {server.name} {what} {result['rate']:,.0f}/s: p50 {result['p50']:.2f}, p99 {result['p99']:.2f}, p99.9 {result['p999']:.2f}, "
          f"max {result['max']:.1f} ms; {result['late']} of {result['messages']:,} found no session ready", flush=True)


def measure_pair(options, starts, sink, order, results):
    halves = {}
    for name in order:
        with running(starts[name]) as server:
            halves[name] = maximum(options, server, sink, options.messages if name == "Postern" else options.messages // 5) / 2
            results[name, "maximum"].append(halves[name] * 2)
            result = at_rate(options, server, sink, halves[name])
            say(server, "at half of its maximum,", result)
            results[name, "half"].append(result)
    for name in order:
        with running(starts[name]) as server:
            load(options, server.port, 0, 500)
            result = at_rate(options, server, sink, min(halves.values()))
            say(server, "at the same rate,", result)
            results[name, "same"].append(result)


def report(results):
    def median(name, run, key):
        values = results[name, run]
        return statistics.median(value[key] if key else value for value in values)

    print(f"\n{'median, ms from the end of data to 250':42} {'Postern':>9} {'Postfix':>9} {'Postfix/Postern':>16}")
    ours, theirs = (median(name, "maximum", None) for name in ("Postern", "Postfix"))
    print(f"{f'maximum/s, {SESSIONS} sessions':42} {ours:9,.0f} {theirs:9,.0f}")
    for run, text in (("half", "half of its own maximum"), ("same", "half of the lower maximum")):
        for key in ("p50", "p99", "p999"):
            ours, theirs = median("Postern", run, key), median("Postfix", run, key)
            print(f"{f'{key}, {text}':42} {ours:9.2f} {theirs:9.2f} {theirs / ours:16.1f}")


def main():
    parser = argparse.ArgumentParser(prog="bench/latency", description="Latency of Postern beside Postfix")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--load", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--pairs", type=int, default=3, help="of runs, Postern and Postfix in alternation (%(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="of each open-loop run (%(default)s)")
    parser.add_argument("--messages", type=int, default=20000, help="for finding the maximum; Postfix gets a fifth of them (%(default)s)")
    options = parser.parse_args()
    sink = Sink()
    starts = {
        "Postern": lambda folder: Postern(folder, options.bin, sink.port),
        "Postfix": lambda folder: Postfix(folder, sink.port),
    }
    print(f"messages of {LENGTH} bytes; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    results = {(name, run): [] for name in starts for run in ("maximum", "half", "same")}
    try:
        for pair in range(options.pairs):
            print(f"pair {pair + 1}", flush=True)
            measure_pair(options, starts, sink, sorted(starts, reverse=pair % 2 == 1), results)
    finally:
        sink.stop()
    report(results)


if __name__ == "__main__":
    main()
