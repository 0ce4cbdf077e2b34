"""In which unit of systemd a process runs, and whether the unit's end would end what it has begun.

systemd ends all processes of a unit (`KillMode=control-group`, its default): a stop or a crash of the bot would take the shims
with it, and every action that ran then would be unknown.
"""

import re
import socket
import struct
import subprocess
from pathlib import Path

from runbooks.spawning import PATIENCE, address

ENDS_ALL = ("control-group", "mixed")
"""Values of KillMode by which what a process has begun ends with it."""
PROC = Path("/proc")
_UNIT = re.compile(r"/([^/]+\.service)(?:/|$)")


def unit_of(pid: int, proc: Path = PROC) -> str:
    """`tocsin.service`; "" if the process is in none, or gone."""
    try:
        found = _UNIT.findall((proc / str(pid) / "cgroup").read_text())
    except OSError:
        return ""
    return str(found[-1]) if found else ""


def kill_mode(unit: str, program: str = "systemctl") -> str:
    """What systemd says; "" if it does not answer. program: what asks it."""
    argv = [program, "show", "--property=KillMode", "--value", unit]
    try:
        told = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()


def runner_pid(root: Path) -> int | None:
    """Of the `tocsin runner` that answers in a runner directory."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(PATIENCE)
        try:
            with address(root) as at:
                asking.connect(at)
            pid: int = struct.unpack("3i", asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        except OSError:
            return None
    return pid
