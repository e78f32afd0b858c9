"""Runs the parts of bench/scale that are asked for, each with its own table."""
import argparse
import os
import sys
import time

sys.path.insert(1, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import deferred
import memory
import restart
import stalls
import traffic

PARTS = {
    "sessions": traffic.by_sessions,
    "sizes": traffic.by_size,
    "deferred": deferred.measure,
    "restart": restart.measure,
    "stalls": stalls.measure,
    "memory": memory.measure,
}


def main():
    parser = argparse.ArgumentParser(prog="bench/scale", description="How Postern scales")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--fill", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="less of everything: to see that it works")
    parser.add_argument("--work", default="/var/tmp", help="where queues are kept, some gigabytes (%(default)s)")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part", help=", ".join(PARTS))
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for part in options.parts or PARTS:
        started = time.monotonic()
        PARTS[part](options)
        print(f"({part}: {time.monotonic() - started:.0f} s; load {os.getloadavg()[0]:.1f})", flush=True)


if __name__ == "__main__":
    main()
