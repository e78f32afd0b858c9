"""After a kill with many messages queued: how long until mail is taken and delivered, and what the queue's memory is."""
import smtplib
import time

from servers import Postern

from setting import PATIENCE, filled, memory_of, relay, server, settle, sink
from tables import table

# Messages, recipients of each, and whether they wait for a moment or stand in the line of a destination that rests.
QUEUES = ((0, 1, False), (100_000, 1, False), (300_000, 1, False), (1_000_000, 1, False), (1_000_000, 1, True), (20_000, 50, False))
QUICK = ((0, 1, False), (100_000, 1, False), (100_000, 1, True), (2_000, 50, False))

HEADS = ("queued", "accepts after s", "delivers after s", "PSS MiB", "RSS", "peak RSS", "at rest: PSS", "RSS", "bytes per message")


def measure(options):
    rows, at_rest = [], {}
    with sink() as taker:
        for messages, recipients, ready in QUICK if options.quick else QUEUES:
            with filled(options, messages, recipients, ready=ready) as queue, server(Postern, options, taker, queue) as postern:
                relay(postern, taker, 2000)
                postern.kill()
                accepts, delivers = revive(postern, taker)
                first = memory_of(postern.programs()["queue"])
                settle(postern)
                rest = memory_of(postern.programs()["queue"])
            at_rest[messages, recipients, ready] = rest[0]
            each = f"{(rest[0] - at_rest[0, 1, False]) * (1 << 20) / messages:.0f}" if messages else ""
            text = f"{messages:,}" + (f" to {recipients} each" if recipients > 1 else "") + (" ready" if ready else "")
            rows.append((text, f"{accepts:.2f}", f"{delivers:.2f}", *first, *rest[:2], each))
    table(HEADS, rows)
    extrapolate(at_rest, rows)


def revive(postern, taker):
    """Seconds from the start until the first 250 for a message, and until the sink has it."""
    before, started = taker.taken, time.monotonic()
    postern.launch()
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", postern.port, timeout=PATIENCE) as client:
                client.sendmail("alice@example.org", "first@elsewhere.example", "Subject: first\r\n\r\nfirst\r\n")
            break
        except (OSError, smtplib.SMTPException):
            if time.monotonic() - started > PATIENCE:
                raise
            time.sleep(0.01)
    accepts = time.monotonic() - started
    # Marks of what was delivered just before the kill may be lost: any delivery counts.
    while taker.taken == before:
        time.sleep(0.002)
    delivers = time.monotonic() - started
    postern.await_ready()
    return accepts, delivers


def extrapolate(at_rest, rows):
    """Ten million are not measured: the line through the last two points is drawn on."""
    points = [(key[0], memory, float(row[1])) for (key, memory), row in zip(at_rest.items(), rows) if key[0] and key[1] == 1 and not key[2]]
    if len(points) > 1:
        (few, small, soon), (many, large, late) = points[-2:]
        times = (10_000_000 - many) / (many - few)
        print(f"10,000,000, drawn on from {few:,} and {many:,}: accepts after {late + (late - soon) * times:.0f} s, PSS {large + (large - small) * times:,.0f} MiB")
