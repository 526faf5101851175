"""A terminal in QEMU: its three lines on Unix sockets, its flash in a file.

The board has no flash; the first 4 MiB of its PSRAM stand in (flash_mps2.c),
which QEMU shares with a file, so that they outlive the emulator.
"""
import base64
import os
import select
import socket
import subprocess
import time
import zlib

FLASH_LEN = 4 << 20
PSRAM_LEN = 16 << 20
DATA_LEN = 512
TRIES = 5
LINES = ("scanner", "screen", "service")


class Silent(Exception):
    """No answer came in time, or the emulator ended."""


def fresh_flash(path):
    with open(path, "wb") as f:
        f.write(b"\xff" * FLASH_LEN)
        f.truncate(PSRAM_LEN)


class Line:
    def __init__(self, path):
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(1)
        self.path = path
        self.link = None
        self.rest = b""

    def accept(self):
        self.server.settimeout(20)
        self.link = self.server.accept()[0]

    def close(self):
        for s in (self.server, self.link):
            if s:
                s.close()
        os.unlink(self.path)

    def send(self, data):
        self.link.sendall(data)

    def get(self, timeout_s=20):
        """One line."""
        end = time.monotonic() + timeout_s
        while b"\n" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.link], [], [], left)[0]:
                raise Silent(f"nothing in {timeout_s} s on {self.path}")
            data = self.link.recv(65536)
            if not data:
                raise Silent("the emulator ended")
            self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return line


class Terminal:
    """Started; `with` ends it as a power cut does."""

    def __init__(self, image, flash, folder, *options):
        self.lines = {n: Line(os.path.join(folder, n)) for n in LINES}
        command = [
            "qemu-system-arm", "-M", "mps2-an385,memory-backend=region",
            "-object", "memory-backend-file,id=region,share=on,"
            f"size={PSRAM_LEN},mem-path={flash}",
            "-display", "none", "-monitor", "none", "-kernel", image]
        for name in LINES:
            command += ["-chardev", f"socket,id={name},"
                        f"path={self.lines[name].path}",
                        "-serial", f"chardev:{name}"]
        self.time_s = 0  # that it was last told
        self.process = subprocess.Popen(command + list(options),
                                        stdin=subprocess.DEVNULL)
        for line in self.lines.values():
            line.accept()
        self.start = self.shown()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut()

    def cut(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
            for line in self.lines.values():
                line.close()

    def shown(self, timeout_s=20):
        """One picture of the screen: its lines up to E."""
        rows = []
        while not rows or rows[-1] != "E":
            rows.append(self.lines["screen"].get(timeout_s).decode())
        return rows[:-1]

    def scan(self, text):
        """Scans again as often as it is asked to: on a busy machine a line
        may pause for longer than the terminal waits."""
        for _ in range(TRIES):
            self.lines["scanner"].send(text + b"\r\n")
            rows = self.shown()
            if rows[0] != "V again":
                break
        return rows

    def say(self, command):
        body = command.encode()
        self.lines["service"].send(body + b" %08x\n" % zlib.crc32(body))

    def hear(self, timeout_s=120):
        line = self.lines["service"].get(timeout_s)
        body, crc = line[:-9], line[-9:]
        assert crc == b" %08x" % zlib.crc32(body), line
        return body.decode()

    def ask(self, command):
        for _ in range(TRIES):
            self.say(command)
            answer = self.hear()
            if answer != "NO line":
                break
        return answer

    def send(self, what, data, until=None):
        """BEGIN and DATA; stops before the `until`th piece."""
        answer = self.ask(f"BEGIN {what} {len(data)}")
        for n, at in enumerate(range(0, len(data), DATA_LEN)):
            if n == until or not answer.startswith("OK"):
                return answer
            piece = base64.b64encode(data[at:at + DATA_LEN]).decode()
            answer = self.ask(f"DATA {at} {piece}")
        return answer

    def update(self, what, data):
        answer = self.send(what, data)
        return self.ask("COMMIT") if answer.startswith("OK") else answer

    def facts(self, command):
        """The name=value words of an answer."""
        words = self.ask(command).split(" ")
        return dict(w.split("=", 1) for w in words if "=" in w)
