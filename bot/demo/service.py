"""The demo's service under control: started, hung on purpose, ended; and the programs with which a plan may heal it."""

import asyncio
import shlex
import socket
import subprocess
import sys
from pathlib import Path

from bot.demo import gateway
from bot.errors import StartError
from bot.ports import Http

RESTART = """#!/bin/sh
# Restart the service: end its process; its supervisor starts a new one.
set -eu
[ "${1:-order-gateway}" = order-gateway ] || { echo "no service $1 here"; exit 2; }
cd FOLDER
old=$(cat order-gateway.pid)
echo "order-gateway runs as $old; ending it"
kill -TERM "$old"
for _ in $(seq 50); do
    new=$(cat order-gateway.pid)
    if [ "$new" != "$old" ]; then echo "order-gateway runs again as $new"; exit 0; fi
    sleep 0.1
done
echo "order-gateway did not come back within 5 s"
exit 1
"""

THREADS = """#!/bin/sh
# Show what every thread of the service is doing. Changes nothing.
set -eu
[ "${1:-order-gateway}" = order-gateway ] || { echo "no service $1 here"; exit 2; }
cd FOLDER
before=$(wc -c < order-gateway.threads)
kill -USR1 "$(cat order-gateway.pid)"
for _ in $(seq 20); do
    if [ "$(wc -c < order-gateway.threads)" != "$before" ]; then break; fi
    sleep 0.1
done
sleep 0.1
tail -c "+$((before + 1))" order-gateway.threads | sed -E 's#File ".*/#File "#' > dump
cat dump
echo "$(grep -c 'hread 0x' dump) threads, $(grep -c 'in _place_order$' dump) of them wait for the order book's lock"
"""


def write_demo_programs(folder: Path) -> dict[str, Path]:
    """Write the programs `restart-service` and `thread-dump` into `folder/programs`; their absolute paths by name."""
    folder = folder.resolve()
    place = folder / "programs"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = {}
    for name, text in (("restart-service", RESTART), ("thread-dump", THREADS)):
        written[name] = place / name
        written[name].write_text(text.replace("FOLDER", shlex.quote(str(folder))))
        written[name].chmod(0o700)
    return written


class DemoService:
    """The order gateway with its supervisor, in a session of its own. It ends with this process, however that ends."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._folder = folder.resolve()
        self.port = port or _free_port()
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as policy.yaml names it."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    async def start(self) -> None:
        """Returns when the service answers. StartError if it does not come up."""
        await asyncio.to_thread(self._start)

    async def stop(self) -> None:
        """End service and supervisor, and wait for that."""
        if self._supervisor is not None:
            supervisor, self._supervisor = self._supervisor, None
            await asyncio.to_thread(_end, supervisor)

    async def hang(self, http: Http) -> None:
        """From now on it does not answer, until it is restarted."""
        await http.request("POST", f"{self.url}/hang", timeout=5.0, hosts=[self.host])

    async def healthy(self, http: Http, timeout: float = 1.0) -> bool:
        """Whether `/healthz` answers 200 within `timeout` seconds."""
        try:
            answer = await http.request("GET", f"{self.url}/healthz", timeout=timeout, hosts=[self.host])
        except OSError:
            return False
        return answer.status == 200

    def _start(self) -> None:
        command = [sys.executable, "-I", "-S", gateway.__file__, "supervise", str(self._folder), str(self.port)]
        self._supervisor = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        assert self._supervisor.stdout is not None
        if self._supervisor.stdout.readline() != b"ready\n":
            raise StartError(f"The demo's service does not start on port {self.port}.")


def _end(supervisor: subprocess.Popen[bytes]) -> None:
    assert supervisor.stdin is not None
    assert supervisor.stdout is not None
    supervisor.stdin.close()
    try:
        supervisor.wait(5)
    except subprocess.TimeoutExpired:
        supervisor.kill()
        supervisor.wait()
    supervisor.stdout.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
