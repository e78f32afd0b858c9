"""TLS beside Debian's Postfix with the same certificate: processor time of the server for a session and for a message, idle sessions, a flood."""
import argparse
import multiprocessing
import os
import resource
import shutil
import socket
import ssl
import statistics
import subprocess
import time

from latency import running
from servers import Postern, Postfix, Sink
from tables import table

CLIENTS = 8
MESSAGE = b"Subject: a message\r\n\r\n" + (b"x" * 70 + b"\r\n") * 14


def certificate(folder):
    """An elliptic certificate and its key, in one file for each server's user."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj", "/CN=mx.example.org",
         "-addext", "subjectAltName=DNS:mx.example.org", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/chain.pem"],
        check=True, capture_output=True)


def postern(folder, programs, sink_port):
    """With users of its own, since postern-tls has to read the key."""
    subprocess.run([f"{programs}/postern", "setup", "users"], check=True, capture_output=True)
    certificate(folder)
    os.chmod(folder, 0o755)
    shutil.chown(f"{folder}/key.pem", "root", "postern-tls")
    os.chmod(f"{folder}/key.pem", 0o640)
    return Postern(folder, programs, sink_port, f'[limits]\nconnections = 20000\nconnections_per_client = 20000\n'
                   f'[[certificate]]\nchain = "{folder}/chain.pem"\nkey = "{folder}/key.pem"\n')


class TlsPostfix(Postfix):
    """The same Postfix with the certificate, and counted with the children that it has reaped."""

    def __init__(self, folder, sink_port):
        super().__init__(folder, sink_port)
        certificate(folder)
        with open(f"{folder}/main.cf", "a", encoding="ascii") as file:
            file.write(f"smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {folder}/chain.pem\nsmtpd_tls_key_file = {folder}/key.pem\n")
        subprocess.run(["postfix", "-c", folder, "reload"], check=True, capture_output=True)
        time.sleep(1)

    def cpu_seconds(self):
        with open(f"{self._folder}/queue/pid/master.pid", encoding="ascii") as file:
            master = int(file.read())
        pids = [master, *map(int, subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True).stdout.split())]
        ticks = 0
        for pid in pids:
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                    ticks += sum(map(int, file.read().rsplit(")", 1)[1].split()[11:15]))
            except OSError:
                pass
        return ticks / os.sysconf("SC_CLK_TCK")


class Session:
    """A client within TLS, after STARTTLS and the second EHLO. Never a resumed one."""

    def __init__(self, port):
        plain = socket.create_connection(("127.0.0.1", port), timeout=60)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = plain
        self._rest = b""
        self.reply()
        self.say(b"EHLO client.example\r\n")
        self.say(b"STARTTLS\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._file = context.wrap_socket(plain, server_hostname="mx.example.org")
        self.say(b"EHLO client.example\r\n")

    def reply(self):
        while True:
            lines = self._rest.split(b"\r\n")
            for at, line in enumerate(lines[:-1]):
                if line[3:4] != b"-":
                    self._rest = b"\r\n".join(lines[at + 1:])
                    return line
            piece = self._file.recv(65536)
            if not piece:
                raise SystemExit("the server closed the connection")
            self._rest += piece

    def say(self, line):
        self._file.sendall(line)
        return self.reply()

    def send(self):
        """Hands a message in; the seconds until its first command was answered."""
        asked = time.monotonic()
        self.say(b"MAIL FROM:<a@example.net>\r\n")
        waited = time.monotonic() - asked
        self._file.sendall(b"RCPT TO:<b@example.com>\r\nDATA\r\n")
        answers = [self.reply() for _ in range(2)]
        if not answers[1].startswith(b"354") or not self.say(MESSAGE + b".\r\n").startswith(b"250"):
            raise SystemExit(f"not taken: {answers}")
        return waited

    def close(self):
        self.say(b"QUIT\r\n")
        self._file.close()


def sessions(port, count):
    for _ in range(count):
        Session(port).close()


def messages(port, count):
    session = Session(port)
    for _ in range(count):
        session.send()
    session.close()


def flood(port, stop):
    while not stop.is_set():
        Session(port).close()


def together(work, port, count):
    """All clients at work at once; the seconds that it took."""
    clients = [multiprocessing.Process(target=work, args=(port, count // CLIENTS)) for _ in range(CLIENTS)]
    started = time.monotonic()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if any(client.exitcode for client in clients):
        raise SystemExit("a client failed")
    return time.monotonic() - started


def costs(server, work, count):
    """Processor µs of the server for one, and how many a second."""
    together(work, server.port, CLIENTS * 5)
    cpu = server.cpu_seconds()
    took = together(work, server.port, count)
    # What a message costs includes its way to the sink.
    time.sleep(2)
    return (server.cpu_seconds() - cpu) / count * 1e6, count / took


def idle(server, count):
    """KiB of the programs' memory for a session that stands and says nothing."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 1000, count + 1000))
    together(sessions, server.port, CLIENTS * 5)
    before = server.memory_mib()
    held = [Session(server.port) for _ in range(count)]
    time.sleep(2)
    grown = server.memory_mib() - before
    del held
    return grown * 1024 / count


def beside_a_flood(server, seconds):
    """The 99th of a hundred and the worst wait for the answer to MAIL in a session that stands, in ms, while handshakes never end."""
    session = Session(server.port)
    stop = multiprocessing.Event()
    clients = [multiprocessing.Process(target=flood, args=(server.port, stop)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(1)
    waits, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        waits.append(session.send())
        time.sleep(0.02)
    stop.set()
    for client in clients:
        client.join()
    waits.sort()
    return f"{waits[int(len(waits) * 0.99)] * 1000:.1f} / {waits[-1] * 1000:.1f}"


def main():
    parser = argparse.ArgumentParser(prog="bench/tls", description="TLS beside Postfix")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--pairs", type=int, default=5, help="of runs, in alternation (%(default)s)")
    parser.add_argument("--sessions", type=int, default=2000, help="in each run (%(default)s)")
    parser.add_argument("--messages", type=int, default=4000, help="in each run (%(default)s)")
    parser.add_argument("--idle", type=int, default=2000, help="sessions that say nothing (%(default)s)")
    parser.add_argument("--flood", type=float, default=15, help="seconds of handshakes (%(default)s)")
    options = parser.parse_args()
    sink = Sink()
    kinds = {"Postern": lambda folder: postern(folder, options.bin, sink.port), "Postfix": lambda folder: TlsPostfix(folder, sink.port)}
    found = {name: ([], [], [], []) for name in kinds}
    floods, memory = {}, 0
    try:
        for pair in range(options.pairs):
            for name in sorted(kinds, reverse=pair % 2 == 1):
                with running(kinds[name]) as server:
                    figures = (*costs(server, sessions, options.sessions), *costs(server, messages, options.messages))
                    for kept, figure in zip(found[name], figures):
                        kept.append(figure)
                    print(f"{name}: {figures[0]:,.0f} µs a session, {figures[2]:,.0f} µs a message", flush=True)
                    if pair == 0:
                        floods[name] = beside_a_flood(server, options.flood)
                        if name == "Postern":
                            memory = idle(server, options.idle)
    finally:
        sink.stop()
    rows = [
        (what, *(statistics.median(found[name][at]) for name in kinds),
         f"{statistics.median(found['Postfix'][at]) / statistics.median(found['Postern'][at]):.2f}" if at % 2 == 0
         else f"{statistics.median(found['Postern'][at]) / statistics.median(found['Postfix'][at]):.2f}")
        for at, what in enumerate(("processor µs per session", "sessions/s", "processor µs per message", "accepted/s"))
    ]
    table(("median", *kinds, "times better"), rows)
    table(("a session beside a flood of handshakes, ms, p99 / worst", *kinds), [("", *(floods[name] for name in kinds))])
    print(f"An idle session: {memory:.1f} KiB; {1024 * 1024 / memory:,.0f} in a GiB.")


if __name__ == "__main__":
    main()
