#!/usr/bin/env python3
"""Starts /bin/true again and again: plainly, in a cell, and in bubblewrap where it is installed. In turns, each as often."""
import argparse
import os
import shutil
import statistics
import subprocess
import time


def once(command):
    began = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def throughput(command, megabytes):
    with open("/dev/zero", "rb") as zeroes:
        began = time.perf_counter()
        source = subprocess.Popen(["head", "-c", str(megabytes << 20)], stdin=zeroes, stdout=subprocess.PIPE)
        subprocess.run(command, check=True, stdin=source.stdout, stdout=subprocess.DEVNULL)
        source.stdout.close()
        source.wait()
        return megabytes / (time.perf_counter() - began)


def main():
    arguments = argparse.ArgumentParser(prog="bench/cell", description=__doc__)
    arguments.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    arguments.add_argument("--times", type=int, default=200, help="starts of each way (%(default)s)")
    arguments.add_argument("--megabytes", type=int, default=100, help="what goes through each way (%(default)s)")
    options = arguments.parse_args()
    cell = [os.path.join(options.bin, "postern-cell"), "--output", "10G", "--"]
    ways = {"plain": [], "postern-cell": cell}
    if shutil.which("bwrap"):
        ways["bwrap"] = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib",
                         "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin", "--dev", "/dev", "--"]
    print(f"load {os.getloadavg()[0]:.2f}, as uid {os.getuid()}, {options.times} starts each")
    times = {way: [] for way in ways}
    for _ in range(options.times):
        for way, command in ways.items():
            times[way].append(once([*command, "/bin/true"]))
    rates = {way: statistics.median(throughput([*command, "cat"], options.megabytes) for _ in range(3)) for way, command in ways.items()}
    middle = {way: statistics.median(values) for way, values in times.items()}
    other = "bwrap" if "bwrap" in ways else "plain"
    print(f"| /bin/true | ms, median | ms, 9 of 10 | of {other} | MB/s through cat |\n|---|---|---|---|---|")
    for way, values in times.items():
        tenth = sorted(values)[len(values) * 9 // 10]
        print(f"| {way} | {middle[way]:.1f} | {tenth:.1f} | {middle[way] / middle[other]:.2f} × | {rates[way]:.0f} |")


main()
