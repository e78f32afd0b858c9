"""Memory of all programs at rest, and of as many that are empty."""
import argparse
import shutil
import subprocess
import tempfile
import time

from latency import running
from servers import Postern, free_port, proportional_kib
from tables import table


class Empty:
    """One program that does nothing, many times, each from a file of its own as different programs are."""

    def __init__(self, program, count):
        self._folder = tempfile.mkdtemp()
        files = [shutil.copy(program, f"{self._folder}/empty-{number}") for number in range(count)]
        environment = {"DOTNET_GCgen0size": "100000", "DOTNET_EnableDiagnostics": "0"}
        self._running = [subprocess.Popen([file], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for file in files]
        for process in self._running:
            process.stdout.readline()

    def kib(self):
        return {process.pid: proportional_kib(process.pid) for process in self._running}

    def stop(self):
        for process in self._running:
            process.kill()
            process.wait()
        shutil.rmtree(self._folder)


def main():
    parser = argparse.ArgumentParser(prog="bench/idle", description="Memory of programs at rest")
    for name in ("--bin", "--empty"):
        parser.add_argument(name, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    acme = f'\n[tls]\nacme = true\n[acme]\nlisten = "127.0.0.1:{free_port()}"\ndirectory = "https://ca.invalid/"\n'
    for settings, what in (("", "all programs"), (acme, "with `postern-acme`")):
        with running(lambda folder: Postern(folder, options.bin, None, settings)) as server:
            time.sleep(2)
            programs = {name: proportional_kib(pid) for name, pid in server.programs().items()}
        empty = Empty(options.empty, len(programs))
        try:
            bound = sum(empty.kib().values())
        finally:
            empty.stop()
        table(("MiB at rest", what, f"{len(programs)} empty programs", "each of those"), [
            ("sum of proportional sets", *(f"{kib / 1024:.1f}" for kib in (sum(programs.values()), bound, bound / len(programs))))])
        print(", ".join(f"{name} {kib / 1024:.1f}" for name, kib in programs.items()) + "\n")


if __name__ == "__main__":
    main()
