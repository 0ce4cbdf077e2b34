"""`ssh` with OpenSSH's own server on loopback: arguments arrive as they are, once, and nobody says more than is known."""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from bot.ports import Executor, Order
from tests.runbooks.ground import executor, kill, program, running, settled, until

pytestmark = pytest.mark.slow
SERVER = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HOSTILE = ("; rm -rf /", "$(id)", "-rf", "a\nb", "`id`", "'\"\\", "", "🚨 ${HOME} *")


@dataclass
class Host:
    """An sshd of our own. pid: of the process that listens."""

    root: Path
    port: int
    process: subprocess.Popen[bytes] | None

    def order(self, path: Path, *arguments: str, attempt: str = "a1", timeout: float = 30.0, **more: Any) -> Order:
        ssh = {
            "user": pwd.getpwuid(os.geteuid()).pw_name,
            "key": str(self.root / "key"),
            "known_hosts": str(self.root / "known_hosts"),
            "port": self.port,
            "programs": [str(path.parent / "*")],
            **more,
        }
        told = {
            "ssh": ssh,
            "ansible": {"inventory": "", "playbooks": []},
            "k8s": {"kubeconfig": ""},
            "target": "127.0.0.1",
        }
        spec = {"host": "127.0.0.1", "argv": [str(path), *arguments], "as": f"{ssh['user']}, port {ssh['port']}"}
        return Order(attempt, "ssh", spec, timeout, {"reach": told})


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    if SERVER is None:
        if os.environ.get("CI"):
            pytest.fail("OpenSSH's server is not installed")
        pytest.skip("no sshd here")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where its own unit would make it
    for name in ("key", "host"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    public = (tmp_path / "host.pub").read_text().split()[:2]
    shutil.copy(tmp_path / "key.pub", tmp_path / "authorized")
    (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{port} {' '.join(public)}\n")
    settings = {
        "HostKey": tmp_path / "host",
        "AuthorizedKeysFile": tmp_path / "authorized",
        "ListenAddress": f"127.0.0.1:{port}",
        "PidFile": tmp_path / "pid",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
    }
    (tmp_path / "sshd_config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    argv = [SERVER, "-D", "-e", "-f", str(tmp_path / "sshd_config")]
    with (tmp_path / "sshd.log").open("wb") as log:
        process = subprocess.Popen(argv, stderr=log, start_new_session=True)
    until(lambda: "listening" in (tmp_path / "sshd.log").read_text())
    yield Host(tmp_path, port, process)
    process.kill()
    process.wait()


@pytest.fixture
def found(tmp_path: Path) -> Executor:
    return executor(tmp_path, "ssh")


async def test_it_runs_once_with_the_arguments_as_they_are(host: Host, found: Executor, tmp_path: Path) -> None:
    path = program(tmp_path, 'echo ran >> {root}/effects; printf "<%s>" "$@"; echo err >&2; exit 3')
    what = host.order(path, *HOSTILE)
    for _ in range(3):
        await found.start(what)
    ended = await settled(found, what)
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == ("ended", "exited", 3, False)
    assert ended.output == "".join(f"<{word}>" for word in HOSTILE) + "err\n"
    await found.start(what)
    assert (tmp_path / "effects").read_text() == "ran\n"


@pytest.mark.parametrize("wrong", ["host key", "key", "nobody there"])
async def test_where_no_session_begins_nothing_was_run(host: Host, found: Executor, tmp_path: Path, wrong: str) -> None:
    path = program(tmp_path, "echo ran >> {root}/effects")
    if wrong == "host key":
        (tmp_path / "known_hosts").write_text(
            (tmp_path / "key.pub").read_text().replace("ssh-", f"[127.0.0.1]:{host.port} ssh-")
        )
    if wrong == "key":
        (tmp_path / "authorized").write_text((tmp_path / "host.pub").read_text())
    if wrong == "nobody there":
        assert host.process is not None
        host.process.kill()
        host.process.wait()
    what = host.order(path)
    await found.start(what)
    ended = await settled(found, what)
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == ("ended", "failed", None, False)
    assert "127.0.0.1 cannot be reached by ssh, so nothing was run" in ended.output
    assert not (tmp_path / "effects").exists()


async def _begun(host: Host, found: Executor, tmp_path: Path) -> tuple[Order, int]:
    """A program that sleeps there, and its pid."""
    path = program(tmp_path, "echo $$ > {root}/new; mv {root}/new {root}/pid-there; exec sleep 90")
    what = host.order(path, timeout=120.0)
    await found.start(what)
    await asyncio.to_thread(until, (tmp_path / "pid-there").exists, 60.0)
    return what, int((tmp_path / "pid-there").read_text())


async def test_stopped_as_far_as_the_host_lets_us(host: Host, found: Executor, tmp_path: Path) -> None:
    """OpenSSH passes no signal on to a session of root's."""
    what, there = await _begun(host, found, tmp_path)
    await found.stop(what)
    ended = await settled(found, what)
    if os.geteuid() == 0:
        assert (ended.state, running(there)) == ("gone", True)
    else:
        assert (ended.state, ended.outcome) == ("ended", "stopped")
    kill([there], signal.SIGKILL)


class Sleeper(asyncssh.SSHServerSession[bytes]):
    """A session that lasts until a signal ends it."""

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        self.chan = chan

    def exec_requested(self, command: str) -> bool:
        return True

    def session_started(self) -> None:
        self.chan.write(b"begun")

    def signal_received(self, signal: str) -> None:
        self.chan.exit_with_signal(signal)


class Server(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def session_requested(self) -> Sleeper:
        return Sleeper()


async def test_a_host_that_ends_it_says_so(found: Executor, tmp_path: Path) -> None:
    """The other side is asyncssh itself: it passes signals on, whoever runs the tests."""
    for name in ("key", "host"):
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / name)
        (tmp_path / name).chmod(0o600)
        asyncssh.read_private_key(tmp_path / name).write_public_key(tmp_path / f"{name}.pub")
    keys = {"server_host_keys": [tmp_path / "host"], "authorized_client_keys": str(tmp_path / "key.pub")}
    async with await asyncssh.listen("127.0.0.1", 0, server_factory=Server, encoding=None, **keys) as server:
        (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{server.get_port()} {(tmp_path / 'host.pub').read_text()}")
        what = Host(tmp_path, server.get_port(), None).order(tmp_path / "program", timeout=120.0)
        await found.start(what)
        head = tmp_path / "runner" / "attempts" / "a1" / "head"
        await asyncio.to_thread(until, lambda: head.exists() and head.read_bytes() == b"begun", 60.0)
        await found.stop(what)
        ended = await settled(found, what)
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == ("ended", "stopped", 143, False)


async def test_a_time_that_is_over_before_anything_was_sent(host: Host, found: Executor, tmp_path: Path) -> None:
    what = host.order(program(tmp_path, "echo ran >> {root}/effects"), timeout=0.01)
    await found.start(what)
    ended = await settled(found, what)
    assert (ended.state, ended.outcome, ended.exit, ended.ok) == ("ended", "timed_out", None, False)
    assert not (tmp_path / "effects").exists()


async def test_a_line_that_is_cut_leaves_it_open(host: Host, found: Executor, tmp_path: Path) -> None:
    what, there = await _begun(host, found, tmp_path)
    assert host.process is not None
    kill(_servers(host.process.pid), signal.SIGKILL)
    ended = await settled(found, what)
    assert (ended.state, ended.ok) == ("gone", False), "it may go on there"
    assert "the line was cut" in ended.output
    kill([there], signal.SIGKILL)


async def test_our_own_death_leaves_it_open(host: Host, found: Executor, tmp_path: Path) -> None:
    what, there = await _begun(host, found, tmp_path)
    kill(list(found._elsewhere.shims.pids), signal.SIGKILL)  # type: ignore[attr-defined]
    assert (await settled(found, what)).state == "gone"
    kill([there], signal.SIGKILL)


def _servers(pid: int) -> list[int]:
    """sshd's processes of sessions, below the one that listens."""
    children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    ours = [child for child in children if "sshd" in Path(f"/proc/{child}/comm").read_text()]
    return [*ours, *(deeper for child in ours for deeper in _servers(child))]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"programs": ["/usr/bin/other"]}, "allows no"),
        ({"programs": []}, "allows no"),
        ({"user": ""}, "does not say how to reach"),
    ],
)
async def test_only_what_policy_allows(found: Executor, tmp_path: Path, change: dict[str, Any], said: str) -> None:
    what = Host(tmp_path, 22, None).order(tmp_path / "program", "restart", **change)
    with pytest.raises(PermissionError, match=said):
        await found.start(what)
    assert (await found.poll(what)).state == "never_started"


async def test_its_target_and_no_other(found: Executor, tmp_path: Path) -> None:
    what = Host(tmp_path, 22, None).order(tmp_path / "program")
    other = replace(what, spec={**what.spec, "host": "web-2"})
    with pytest.raises(PermissionError, match=r"would act on web-2, and its target is 127\.0\.0\.1"):
        await found.start(other)


async def test_a_key_that_others_may_read_is_no_key(found: Executor, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret")
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(PermissionError, match="others may read it: chmod 600"):
        await found.start(Host(tmp_path, 22, None).order(tmp_path / "program"))
