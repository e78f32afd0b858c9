"""The rest of the mail world in one process: a name server, living hosts that note when mail arrives, and dead ones."""
import asyncio
import multiprocessing
import struct
import time

# Where the mail exchangers of a domain are, by the last two labels of its name. Nobody listens at the last one.
HOSTS = {"live.example": "127.0.1.1", "silent.example": "127.0.2.1", "hang.example": "127.0.3.1", "refuse.example": "127.0.4.1"}
RESOLVER = "127.0.0.53"
# Messages that a host of hang.example takes from a domain before it falls silent.
GOOD_ONES = 40
MX, A = 15, 1


def labels(name):
    return b"".join(bytes([len(part)]) + part for part in name.split(b".")) + b"\0"


def answer(query):
    """MX of a domain is "mx." and its name; A of that is where the table says."""
    at, parts = 12, []
    while query[at]:
        parts.append(query[at + 1 : at + 1 + query[at]])
        at += query[at] + 1
    question = query[12 : at + 5]
    (kind,) = struct.unpack_from("!H", query, at + 1)
    host = HOSTS.get(b".".join(parts[-2:]).lower().decode())
    if kind == MX and host:
        content = struct.pack("!H", 10) + labels(b"mx." + b".".join(parts))
    elif kind == A and host:
        content = bytes(map(int, host.split(".")))
    else:
        content = b""
    record = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 300, len(content)) + content if content else b""
    return query[:2] + struct.pack("!HHHHH", 0x8580, 1, 1 if record else 0, 0, 0) + question + record


class NameServer(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, addr):
        self._transport.sendto(answer(data), addr)


class Host(asyncio.Protocol):
    """A host that takes mail at once and writes down each recipient with the moment; one that hangs takes only so many."""

    def __init__(self, arrivals, served=None):
        self._arrivals, self._served = arrivals, served
        self._rest, self._in_content, self._recipients = b"", False, []

    def connection_made(self, transport):
        self._transport = transport
        transport.write(b"220 live.example ESMTP\r\n")

    def data_received(self, data):
        self._rest += data
        while self._rest:
            if self._in_content:
                end = self._rest.find(b"\r\n.\r\n")
                if end < 0:
                    return
                self._rest = self._rest[end + 5 :]
                self._in_content = False
                self._end_of_content()
            else:
                end = self._rest.find(b"\r\n")
                if end < 0:
                    return
                line, self._rest = self._rest[:end], self._rest[end + 2 :]
                self._command(line)

    def _command(self, line):
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._transport.write(b"250-live.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
        elif verb == b"DATA":
            self._in_content = True
            self._transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            if verb == b"RCPT":
                self._recipients.append(line[line.find(b"<") + 1 : line.rfind(b">")].decode())
            self._transport.write(b"250 ok\r\n")

    def _end_of_content(self):
        moment = time.monotonic_ns()
        recipients, self._recipients = self._recipients, []
        for recipient in recipients:
            self._arrivals.write(f"{recipient} {moment}\n")
        self._arrivals.flush()
        if self._served is not None:
            domain = recipients[0].rpartition("@")[2]
            self._served[domain] = self._served.get(domain, 0) + 1
            if self._served[domain] > GOOD_ONES:
                return
        self._transport.write(b"250 taken\r\n")


async def serve(path, ready):
    loop = asyncio.get_running_loop()
    served = {}
    with open(path, "w", encoding="ascii") as arrivals:
        await loop.create_datagram_endpoint(NameServer, local_addr=(RESOLVER, 53))
        await loop.create_server(lambda: Host(arrivals), HOSTS["live.example"], 25, backlog=1000)
        await loop.create_server(asyncio.Protocol, HOSTS["silent.example"], 25, backlog=1000)
        await loop.create_server(lambda: Host(arrivals, served), HOSTS["hang.example"], 25, backlog=1000)
        ready.set()
        await asyncio.Event().wait()


class World:
    """Runs it; what arrived stands in a file, a recipient and a moment of CLOCK_MONOTONIC a line."""

    def __init__(self, path):
        self._path = path
        ready = multiprocessing.Event()
        self._process = multiprocessing.Process(target=lambda: asyncio.run(serve(path, ready)), daemon=True)
        self._process.start()
        ready.wait()

    def arrivals(self):
        with open(self._path, encoding="ascii") as file:
            lines = file.read()
        return dict(line.split() for line in lines[: lines.rfind("\n") + 1].splitlines())

    def stop(self):
        self._process.terminate()
        self._process.join()
