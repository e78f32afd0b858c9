"""How long it takes until a login is refused: of a name that nobody has, and with a wrong password."""
import argparse
import base64
import os
import random
import shutil
import socket
import ssl
import statistics
import subprocess
import time

from latency import running
from servers import Postern, free_port
from tables import table
from tls import certificate

# Guesses of strangers are limited to twenty a second, after two hundred at once.
PACE = 0.055

NAMES = ["nobody@example.org", "bob@example.org"]


class Site(Postern):
    """With a port where users log in, and one user."""

    def __init__(self, folder, programs):
        subprocess.run([f"{programs}/postern", "setup", "users"], check=True, capture_output=True)
        certificate(folder)
        os.chmod(folder, 0o755)
        shutil.chown(f"{folder}/key.pem", "root", "postern-tls")
        os.chmod(f"{folder}/key.pem", 0o640)
        self.submissions = free_port()
        super().__init__(folder, programs, None, f'[[listen]]\naddress = "127.0.0.1:{self.submissions}"\nservice = "submissions"\n'
                         f'[[certificate]]\nchain = "{folder}/chain.pem"\nkey = "{folder}/key.pem"\n')
        subprocess.run([*self.tool, "user", "add", "bob@example.org"], input=b"correct horse\n", check=True, capture_output=True)


class Client:
    """A client within TLS, each from an address of its own: a network has twenty guesses."""

    _last = 0

    def __init__(self, port):
        Client._last += 1
        source = f"127.{1 + Client._last // 62500}.{1 + Client._last // 250 % 250}.{1 + Client._last % 250}"
        plain = socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._file = context.wrap_socket(plain, server_hostname="mx.example.org")
        self.reply()
        self.say("EHLO client.example")

    def reply(self):
        text = b""
        while not text.endswith(b"\r\n") or text.split(b"\r\n")[-2][3:4] == b"-":
            piece = self._file.recv(65536)
            if not piece:
                raise SystemExit("the server closed the connection")
            text += piece
        return text

    def say(self, line):
        self._file.sendall(line.encode() + b"\r\n")
        return self.reply()

    def close(self):
        self._file.close()


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def until(port, line, code):
    """Microseconds until a new client's command has this answer."""
    client = Client(port)
    begun = time.perf_counter()
    answer = client.say(line)
    took = (time.perf_counter() - begun) * 1e6
    client.close()
    if not answer.startswith(code):
        raise SystemExit(f"another answer: {answer}")
    return took


def plain(port, name):
    """Until PLAIN with a wrong password is refused."""
    return until(port, f"AUTH PLAIN {encoded(chr(0) + name + chr(0) + 'wrong')}", b"535")


def scram(port, name):
    """Until SCRAM has its challenge."""
    return until(port, f"AUTH SCRAM-SHA-256 {encoded('n,,n=' + name + ',r=rOprNGfwEbeRWgbNEkqO')}", b"334")


def measure(ask, port, tries):
    """The times of both kinds: pairs of two that follow each other, in an order by chance, since a machine is not as fast all the time."""
    pairs = []
    for _ in range(tries):
        took = {}
        for name in random.sample(NAMES, 2):
            took[name] = ask(port, name)
            time.sleep(PACE)
        pairs.append([took[name] for name in NAMES])
    return pairs


def middle(differences):
    """The median, and the two that it lies between in 95 of 100 runs: by ranks, as the number of those below it goes by tossing coins."""
    ordered = sorted(differences)
    off = int(0.98 * len(ordered) ** 0.5) + 1
    half = len(ordered) // 2
    return statistics.median(ordered), ordered[max(half - off, 0)], ordered[min(half + off, len(ordered) - 1)]


def main():
    parser = argparse.ArgumentParser(prog="bench/logins", description="unknown names and wrong passwords")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--tries", type=int, default=1000, help="pairs of tries (%(default)s)")
    options = parser.parse_args()
    rows = []
    with running(lambda folder: Site(folder, options.bin)) as server:
        for what, ask in (("PLAIN, until the refusal", plain), ("SCRAM-SHA-256, until the challenge", scram)):
            pairs = measure(ask, server.submissions, options.tries)
            unknown, wrong = (statistics.median(times) for times in zip(*pairs))
            median, low, high = middle([one - other for one, other in pairs])
            rows.append((what, unknown, wrong, f"{median:+,.0f}", f"{low:+,.0f} to {high:+,.0f}"))
    table(("µs, median", "name that nobody has", "wrong password", "difference within a pair", "in 95 of 100 runs"), rows)


if __name__ == "__main__":
    main()
