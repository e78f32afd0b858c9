"""How long one sender's 250 takes at worst while an administrator asks for something that concerns every queued message."""
import contextlib
import smtplib
import statistics
import subprocess
import threading
import time

from servers import Postern

from setting import filled, server, sink
from tables import table

ACTS = (("status",), ("queue", "list", "--filter", "nobody-has-this"), ("queue", "hold", "--all"), ("queue", "release", "--all"))


def measure(options):
    queued = 100_000 if options.quick else 1_000_000
    rows = []
    with sink() as taker, filled(options, queued) as queue, server(Postern, options, taker, queue) as postern:
        for act in ACTS:
            with sending(postern) as times:
                time.sleep(1)
                started = time.monotonic()
                subprocess.run([*postern.tool, *act], check=True, capture_output=True)
                took = time.monotonic() - started
                time.sleep(0.5)
            rows.append(("postern " + " ".join(act), f"{took:.2f}", f"{statistics.median(times):.1f}", f"{max(times):.1f}"))
    table((f"beside {queued:,} queued", "takes s", "median ms", "worst ms"), rows)


@contextlib.contextmanager
def sending(postern):
    """One sender after another message over one connection; gives the milliseconds of each."""
    times, over = [], threading.Event()

    def send():
        with smtplib.SMTP("127.0.0.1", postern.port) as client:
            while not over.is_set():
                started = time.monotonic()
                client.sendmail("alice@example.org", "x@elsewhere.example", "Subject: x\r\n\r\nx\r\n")
                times.append((time.monotonic() - started) * 1e3)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    try:
        yield times
    finally:
        over.set()
        sender.join()
