"""Queue times (250 to arrival) of messages to living destinations, beside many for dead ones and beside a large mailing."""
import argparse
import math
import os
import shutil
import subprocess
import tempfile
import time

from servers import Postern
from world import RESOLVER, World

SETTINGS = f'[dns]\nresolvers = ["{RESOLVER}"]\n[remote]\nallow_private = true\n'
SESSIONS = 50
PATIENCE = 60


class Trial:
    """A fresh server in a fresh world."""

    def __init__(self, options):
        self._options = options
        self._folder = tempfile.mkdtemp(prefix="bench-")
        os.chmod(self._folder, 0o755)
        self._world = World(f"{self._folder}/arrivals")
        self._server = Postern(self._folder, options.bin, None, SETTINGS)

    def offer(self, rate, messages, to, *more):
        """Sends; returns the moment of each message's 250. A rate of 0 is as fast as it goes."""
        stamps = f"{self._folder}/stamps"
        subprocess.run(
            [self._options.load, "-e", "-p", str(self._server.port), "-r", str(rate), "-n", str(messages), "-s", str(SESSIONS), "-l", "1024",
             "-t", to, "-o", stamps, *more], check=True, capture_output=True)
        with open(stamps, encoding="ascii") as file:
            return {int(number): int(taken) for number, _, taken in map(str.split, file)}

    def queue_times(self, taken, address):
        """Sorted seconds between 250 and arrival; what has not come in the end counts as the whole time that was waited."""
        deadline = time.monotonic() + PATIENCE
        while True:
            arrived, now = self._world.arrivals(), time.monotonic()
            missing = sum(address(number) not in arrived for number in taken)
            if missing == 0 or now > deadline:
                break
            time.sleep(0.5)
        moments = ((int(arrived.get(address(number), now * 1e9)) - moment) / 1e9 for number, moment in taken.items())
        return sorted(max(0.0, moment) for moment in moments), missing

    def stop(self):
        self._server.stop()
        self._world.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def dead(to, *more):
    return lambda trial, options: trial.offer(0, options.dead, to, "-f", "bulk@example.org", *more)


def mailing(messages, to, recipients):
    return lambda trial, options: trial.offer(0, messages, to, "-f", "mailing@example.org", "-R", str(recipients))


# What is queued before the measured messages; the limit, and at which share of them it is meant. None: shown only.
SCENARIOS = [
    ("nothing else", None, None, None),
    ("a domain that is silent", dead("x{i}@silent.example"), 0.99, 2),
    ("a domain that refuses connections", dead("x{i}@refuse.example"), 0.99, 2),
    ("300 domains that are silent", dead("x{i}@d{d}.silent.example", "-D", "300"), 0.99, 5),
    ("20 domains that answer, then hang", dead("x{i}@d{d}.hang.example", "-D", "20"), 0.99, 2),
    ("a mailing, 10,000 messages to one domain", mailing(10_000, "x{i}@d0.live.example", 1), 1, 1),
    ("a mailing, 10 times 1,000 recipients there", mailing(10, "x{n}@d0.live.example", 1000), 1, 1),
    ("a mailing, 10,000 recipients, as many domains", mailing(10, "x@e{n}.live.example", 1000), 1, 1),
]


def measure(options, before):
    trial = Trial(options)
    try:
        if before:
            before(trial, options)
        taken = trial.offer(options.rate, options.living, "m{i}@d{d}.live.example", "-D", "20")
        return trial.queue_times(taken, lambda number: f"m{number}@d{number % 20}.live.example")
    finally:
        trial.stop()


def main():
    parser = argparse.ArgumentParser(prog="bench/fairness", description="Fairness between destinations and senders")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--load", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--dead", type=int, default=10_000, help="messages for dead destinations (%(default)s)")
    parser.add_argument("--living", type=int, default=1000, help="messages for living ones (%(default)s)")
    parser.add_argument("--rate", type=float, default=100, help="living messages a second (%(default)s)")
    parser.add_argument("--only", help="only the scenarios that contain this")
    options = parser.parse_args()
    print(f"{options.living} messages to 20 living domains, {options.rate:.0f} a second; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'seconds from 250 to arrival, beside':48}{'p50':>8}{'p99':>8}{'max':>8}  meant")
    for name, before, share, limit in SCENARIOS:
        if options.only and options.only not in name:
            continue
        times, missing = measure(options, before)
        at = {each: times[math.ceil(each * len(times)) - 1] for each in (0.5, 0.99, 1)}
        verdict = "" if limit is None else f"{'p99' if share == 0.99 else 'max'} < {limit} s: {'yes' if at[share] < limit else 'NO'}"
        lost = f", {missing} did not come in {PATIENCE} s" if missing else ""
        print(f"{name:48}{at[0.5]:8.3f}{at[0.99]:8.3f}{at[1]:8.3f}  {verdict}{lost}", flush=True)


if __name__ == "__main__":
    main()
