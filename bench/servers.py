"""The two servers under measurement and the sink that both relay to, each in a folder of its own."""
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nobody listens at port {port}")


def proportional_kib(pid):
    """A process's share of the memory that it is in; 0 of one that has ended."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    except OSError:
        return 0


class Sink:
    """smtp-sink with its counter on: it takes everything and throws it away."""

    def __init__(self):
        self.port = free_port()
        self.taken = 0
        self._process = subprocess.Popen(
            ["smtp-sink", "-u", "nobody", "-c", f"127.0.0.1:{self.port}", "1000"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        threading.Thread(target=self._count, daemon=True).start()
        await_port(self.port)

    def _count(self):
        """Looks a hundred times a second: at each message it would take a twentieth of the machine from the server."""
        counter = self._process.stdout.fileno()
        fcntl.fcntl(counter, fcntl.F_SETPIPE_SZ, 1 << 20)
        rest = b""
        while piece := os.read(counter, 1 << 20):
            rest = (rest + piece)[-200:]
            if found := re.findall(rb"mesg=(\d+)\D", rest):
                self.taken = int(found[-1])
            time.sleep(0.01)

    def stop(self):
        self._process.terminate()
        self._process.wait()


class Postern:
    """Started as root with users of its own where they can be made, else as nobody."""

    name = "Postern"

    def __init__(self, folder, programs, sink_port, settings="", wrapper=()):
        """Everything is relayed to the sink; without one, where the mail exchangers are. More settings go on within [routes] where there is a sink."""
        self.port = free_port()
        self.maildir = f"{folder}/mail/example.org/bob/new"
        self.log = f"{folder}/state/queue"
        self._state = f"{folder}/state"
        # The programs' users may not be able to reach the checkout.
        shutil.copytree(programs, f"{folder}/bin", symlinks=True)
        with open(f"{folder}/postern.toml", "w", encoding="ascii") as file:
            file.write(
                f'hostname = "mx.example.org"\ndomains = ["example.org"]\nstate = "{folder}/state"\n'
                f'[[listen]]\naddress = "127.0.0.1:{self.port}"\n'
                f'[mailboxes]\nroot = "{folder}/mail"\nusers = ["bob@example.org"]\n'
                + (f'[routes]\n"*" = "127.0.0.1:{sink_port}"\n' if sink_port else "")
                + settings
            )
        self.tool = [f"{folder}/bin/postern", "--config", f"{folder}/postern.toml"]
        self._command = [*wrapper, f"{folder}/bin/posternd", "--config", f"{folder}/postern.toml"]
        self.users = subprocess.run([f"{folder}/bin/postern", "setup", "users"], capture_output=True).returncode == 0
        if not self.users:
            os.chown(folder, 65534, 65534)
            self._command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", *self._command]
        self._log = f"{folder}/log"
        self.start()

    def start(self):
        self.launch()
        self.await_ready()

    def launch(self):
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=log)

    def await_ready(self):
        if self._process.stdout.readline() != b"postern: ready\n":
            raise SystemExit(f"posternd did not start; see {self._log}")

    def said(self):
        """What it logged so far."""
        with open(self._log, encoding="ascii", errors="replace") as file:
            return file.read()

    def kill(self):
        """As a power cut would: posternd without a word, and with it all that it started."""
        pids = self.pids()
        self._process.kill()
        self._process.wait()
        while any(os.path.exists(f"/proc/{pid}") for pid in pids):
            time.sleep(0.01)

    def programs(self):
        """Name and pid of those that stand in the table."""
        with open(f"{self._state}/run/programs", encoding="ascii") as file:
            return {fields[0]: int(fields[1]) for fields in map(str.split, file)}

    def pids(self):
        standing = self.programs().values()
        children = subprocess.run(["pgrep", "-P", str(self._process.pid)], capture_output=True, text=True).stdout.split()
        return sorted({self._process.pid, *standing, *map(int, children)})

    def cpu_seconds(self, *pids):
        """Of all programs that run now, or of some; those that were started and ended in between are not seen."""
        total = 0
        for pid in pids or self.pids():
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return total / os.sysconf("SC_CLK_TCK")

    def memory_mib(self):
        """Proportional set size of all programs."""
        return sum(map(proportional_kib, self.pids())) / 1024

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=60)


class Postfix:
    """Debian's Postfix with its default settings: only addresses, folders and destinations are said."""

    name = "Postfix"

    SERVICES = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""

    def __init__(self, folder, sink_port):
        self.port = free_port()
        self.maildir = f"{folder}/mail/bob/new"
        self._folder = folder
        for name in ("queue", "data", "mail"):
            os.mkdir(f"{folder}/{name}")
        shutil.chown(f"{folder}/data", "postfix")
        os.chown(f"{folder}/mail", 65534, 65534)
        with open(f"{folder}/main.cf", "w", encoding="ascii") as file:
            file.write(
                f"compatibility_level = 3.6\nqueue_directory = {folder}/queue\ndata_directory = {folder}/data\n"
                "command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\n"
                "myhostname = postfix.example\nmydestination =\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n"
                f"mynetworks = 127.0.0.0/8\nrelayhost = [127.0.0.1]:{sink_port}\nalias_maps =\n"
                f"virtual_mailbox_domains = example.org\nvirtual_mailbox_base = {folder}/mail\n"
                f"virtual_mailbox_maps = texthash:{folder}/mailboxes\n"
                "virtual_uid_maps = static:65534\nvirtual_gid_maps = static:65534\n"
            )
        with open(f"{folder}/mailboxes", "w", encoding="ascii") as file:
            file.write("bob@example.org bob/\n")
        with open(f"{folder}/master.cf", "w", encoding="ascii") as file:
            file.write(f"127.0.0.1:{self.port} inet n - n - - smtpd{self.SERVICES}")
        subprocess.run(["postfix", "-c", folder, "start"], check=True, capture_output=True)
        await_port(self.port)

    def stop(self):
        subprocess.run(["postfix", "-c", self._folder, "stop"], capture_output=True)
