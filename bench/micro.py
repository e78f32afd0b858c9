"""Sends messages through the three programs of Postern.Micro and has it print what each allocated for one."""
import argparse
import subprocess
import tempfile
import time

from servers import Sink

SESSIONS = 20


class Path:
    """The running Postern.Micro, with the sink behind it."""

    def __init__(self, options, folder):
        self._load = options.load
        self._sink = Sink()
        command = [options.program, "path", folder, str(self._sink.port), *(["types"] if options.types else [])]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._port = self._process.stdout.readline().strip()

    def send(self, messages, recipients=1, per_connection=500):
        before = self._sink.taken
        subprocess.run(
            [self._load, "-p", self._port, "-r", "0", "-n", str(messages), "-s", str(SESSIONS), "-R", str(recipients), "-c", str(per_connection),
             "-t", "x{r}@elsewhere.example"], check=True, capture_output=True)
        while self._sink.taken < before + messages:
            time.sleep(0.01)
        # The last results are on their way, and marks of finished deliveries wait half a second for a sync.
        time.sleep(1)

    def report(self, text="", count=0):
        """The row of what was sent since the last one; without a text nothing is printed."""
        self._process.stdin.write(f"{text} {count}\n" if text else "\n")
        self._process.stdin.flush()
        while (line := self._process.stdout.readline().rstrip("\n")) != "ready":
            print(line, flush=True)

    def stop(self):
        self._process.stdin.close()
        self._process.wait()
        self._sink.stop()


def main():
    parser = argparse.ArgumentParser(prog="bench/micro", description="Allocations for a message")
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--load", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--messages", type=int, default=20000, help="sent through each program (%(default)s)")
    parser.add_argument("--types", action="store_true", help="the types of what is allocated, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(options, folder)
        try:
            print(f"{'bytes allocated':42}{'smtpd':>10}{'queue':>10}{'remote':>10}")
            path.send(options.messages // 2)
            path.report()
            path.send(options.messages)
            path.report("a message, connections reused", options.messages)
            path.send(options.messages // 4, per_connection=1)
            path.report("a message over a connection of its own", options.messages // 4)
            path.send(options.messages // 50, recipients=100)
            path.report("a recipient of 100 in one message", options.messages * 2)
        finally:
            path.stop()


if __name__ == "__main__":
    main()
