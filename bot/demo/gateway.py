"""The demo's order gateway: a small service that can hang, and the supervisor that starts it again when it is killed.

    python -I gateway.py supervise|serve FOLDER PORT

It is a service like any other: the bot knows nothing of it. `GET /healthz` answers 200; `POST /hang` makes a worker keep a
lock for ever, so that every later request waits. SIGUSR1 writes all threads to FOLDER/order-gateway.threads. Both processes
end when their standard input ends, so nothing is left behind when the demo ends, however it ends.
"""

import faulthandler
import os
import select
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NAME = "order-gateway"


class Gateway(ThreadingHTTPServer):
    """Takes orders, one at a time."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Requests)
        self.book = threading.Lock()


class Requests(BaseHTTPRequestHandler):
    """What the gateway answers."""

    server: Gateway

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._place_order()
            self._answer(200, b'{"ok": true}\n')
        else:
            self._answer(404, b"")

    def do_POST(self) -> None:
        if self.path == "/hang":
            self.server.book.acquire()  # and never given back: a worker died with it
        self._answer(202 if self.path == "/hang" else 404, b"")

    def _place_order(self) -> None:
        with self.server.book:
            pass

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """The demo's terminal belongs to the story."""


def serve(folder: Path, port: int) -> None:
    """Listen, leave our pid, and answer until killed."""
    try:
        gateway = Gateway(port)
    except OSError as error:
        sys.exit(f"{NAME}: port {port}: {error.strerror}")
    with (folder / f"{NAME}.threads").open("w") as threads:
        faulthandler.register(signal.SIGUSR1, file=threads, all_threads=True)
        threading.Thread(target=_end_with_input, daemon=True).start()
        new = folder / f"{NAME}.pid.new"
        new.write_text(f"{os.getpid()}\n")
        new.replace(folder / f"{NAME}.pid")
        os.write(1, b"ready\n")
        gateway.serve_forever()


def supervise(folder: Path, port: int) -> None:
    """Keep one gateway running until the input ends."""
    gateway = _start(folder, port)
    while True:
        if select.select([0], [], [], 0.1)[0] and not os.read(0, 1):
            gateway.kill()
            gateway.wait()
            return
        if (code := gateway.poll()) is not None:
            if code > 0:  # it gave up by itself; what was killed is started again
                sys.exit(code)
            gateway = _start(folder, port)


def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-S", os.path.abspath(__file__), "serve", str(folder), str(port)]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def _end_with_input() -> None:
    while os.read(0, 1):
        continue
    os._exit(0)


if __name__ == "__main__":
    {"supervise": supervise, "serve": serve}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
