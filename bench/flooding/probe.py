"""A good client: what it waits for while others flood."""
import threading
import time

from strangers import connect

PATIENCE = 10
GOOD_CLIENT = 60_000  # A number, and with it an address, that no flood uses.


class Probe(threading.Thread):
    """Sends a message every 50 ms over a session that stays, and connects anew every fifth time."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self._port, self._over = port, threading.Event()
        self.messages, self.greetings, self.failures = [], [], 0

    def run(self):
        session = None
        number = 0
        while not self._over.wait(0.05):
            try:
                session = session or self._open()
                self.messages.append(self._send(session))
            except OSError:
                self.failures += 1
                session = None
            number += 1
            if number % 5 == 0:
                try:
                    started = time.monotonic()
                    self._open().close()
                    self.greetings.append(time.monotonic() - started)
                except OSError:
                    self.failures += 1

    def _open(self):
        client, greeting = connect(self._port, GOOD_CLIENT, PATIENCE)
        if not greeting.startswith(b"220"):
            raise ConnectionError(greeting)
        self._ask(client, b"EHLO good.example\r\n")
        return client

    def _send(self, client):
        started = time.monotonic()
        for command in (b"MAIL FROM:<alice@good.example>", b"RCPT TO:<bob@example.org>", b"DATA", b"Subject: good\r\n\r\ngood\r\n."):
            self._ask(client, command + b"\r\n")
        return time.monotonic() - started

    @staticmethod
    def _ask(client, command):
        client.sendall(command)
        reply = client.recv(4000)
        if reply[:1] not in (b"2", b"3"):
            raise ConnectionError(reply)

    def stop(self):
        self._over.set()
        self.join()
