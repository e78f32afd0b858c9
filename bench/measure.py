"""Measures Postern and Postfix in alternation and prints medians, ratios, and what Postern is meant to reach."""
import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from servers import Postern, Postfix, Sink

SESSIONS, LENGTH = 20, 4096
PATIENCE = 600

# Row, floor and goal as multiples of Postfix (docs/performance.md).
ROWS = [
    ("accepted/s, one connection per message", "accepted-new", 3.5, 6),
    ("accepted/s, connections reused", "accepted-reuse", 8, 15),
    ("relayed/s, one connection per message in", "relayed-new", 3, 5),
    ("relayed/s, connections reused in", "relayed-reuse", 4, 8),
    ("delivered to a Maildir/s", "maildir", 2.5, 4),
]


def send(port, count, recipient, reuse):
    """Seconds until smtp-source has its last acknowledgement."""
    started = time.monotonic()
    subprocess.run(
        ["smtp-source", *(["-d"] if reuse else []), "-s", str(SESSIONS), "-l", str(LENGTH), "-m", str(count),
         "-f", "alice@example.org", "-t", recipient, f"127.0.0.1:{port}"],
        check=True, capture_output=True,
    )
    return time.monotonic() - started


def await_count(read, target, what):
    deadline = time.monotonic() + PATIENCE
    while read() < target:
        if time.monotonic() > deadline:
            raise SystemExit(f"{what}: {read()} of {target} came")
        time.sleep(0.005)


def files_in(folder):
    try:
        return len(os.listdir(folder))
    except FileNotFoundError:
        return 0


def relay(server, sink, count, reuse, results):
    """One run gives both rows: when the client had all replies, and when the sink had all messages."""
    cpu = server.cpu_seconds() if isinstance(server, Postern) else 0
    before, started = sink.taken, time.monotonic()
    accepted = send(server.port, count, "x@elsewhere.example", reuse)
    await_count(lambda: sink.taken, before + count, f"{server.name} relaying")
    relayed = time.monotonic() - started
    mode = "reuse" if reuse else "new"
    results[f"accepted-{mode}"] = count / accepted
    results[f"relayed-{mode}"] = count / relayed
    if isinstance(server, Postern):
        results[f"cpu-{mode}"] = (server.cpu_seconds() - cpu) / count * 1e6


def maildir(server, count, results):
    before, started = files_in(server.maildir), time.monotonic()
    send(server.port, count, "bob@example.org", reuse=False)
    await_count(lambda: files_in(server.maildir), before + count, f"{server.name} delivering")
    results["maildir"] = count / (time.monotonic() - started)


def make_base():
    """
    A folder whose subfolders ext4 places apart from each other, and that is emptied at the very end: where files were
    deleted within the last minutes, ext4 makes new ones several times slower, and a server is not to pay for the one before.
    """
    base = tempfile.mkdtemp(prefix="bench-")
    os.chmod(base, 0o755)
    subprocess.run(["chattr", "+T", base], capture_output=True)
    return base


def measure(start, sink, messages, base):
    """Starts one server, warms it up, measures every row, stops it."""
    folder = tempfile.mkdtemp(dir=base)
    os.chmod(folder, 0o755)
    server = start(folder)
    results = {}
    try:
        if isinstance(server, Postern):
            results["idle-mib"] = server.memory_mib()
        warm_up = max(200, messages // 10)
        for reuse in (False, True):
            relay(server, sink, warm_up, reuse, {})
        maildir(server, warm_up, {})
        for reuse in (False, True):
            relay(server, sink, messages, reuse, results)
        maildir(server, messages, results)
    finally:
        server.stop()
    print(f"  {server.name}: " + ", ".join(f"{key} {value:,.0f}" for key, value in results.items()), flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(prog="bench/run", description="Postern beside Postfix")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--pairs", type=int, default=3, help="of runs, Postern and Postfix in alternation (%(default)s)")
    parser.add_argument("--messages", type=int, default=10000, help="in each run (%(default)s)")
    options = parser.parse_args()
    sink = Sink()
    starts = {
        "Postern": lambda folder: Postern(folder, options.bin, sink.port),
        "Postfix": lambda folder: Postfix(folder, sink.port),
    }
    all_results = {name: [] for name in starts}
    base = make_base()
    try:
        print(f"{options.messages} messages of {LENGTH} bytes over {SESSIONS} sessions; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        direct = [options.messages / send(sink.port, options.messages, "x@elsewhere.example", reuse) for reuse in (False, True)]
        print(f"smtp-source straight into smtp-sink: {direct[0]:,.0f}/s new connections, {direct[1]:,.0f}/s reused")
        for pair in range(options.pairs):
            print(f"pair {pair + 1}")
            # Who goes first changes, so that neither always finds the warmer disk.
            for name in sorted(starts, reverse=pair % 2 == 1):
                all_results[name].append(measure(starts[name], sink, options.messages, base))
    finally:
        sink.stop()
        shutil.rmtree(base, ignore_errors=True)
    report(all_results)


def report(all_results):
    def median(name, key):
        return statistics.median(one[key] for one in all_results[name])

    print(f"\n{'median':42} {'Postern':>9} {'Postfix':>9} {'ratio':>7} {'floor':>6} {'goal':>6}")
    for text, key, floor, goal in ROWS:
        ours, theirs = median("Postern", key), median("Postfix", key)
        ratio = ours / theirs
        verdict = "goal" if ratio >= goal else "floor" if ratio >= floor else "BELOW"
        print(f"{text:42} {ours:9,.0f} {theirs:9,.0f} {ratio:7.1f} {floor:6} {goal:6}  {verdict}")
    for text, key, floor, goal in [
        ("CPU µs per relayed message, new", "cpu-new", 300, 150),
        ("CPU µs per relayed message, reused", "cpu-reuse", 300, 150),
        ("all programs idle, MiB", "idle-mib", 80, 40),
    ]:
        ours = median("Postern", key)
        verdict = "goal" if ours <= goal else "floor" if ours <= floor else "ABOVE"
        print(f"{text:42} {ours:9,.0f} {'':9} {'':7} {floor:6} {goal:6}  {verdict}")


if __name__ == "__main__":
    main()
