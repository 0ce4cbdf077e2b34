"""The process around one `ansible-playbook`: it knows which processes that left, and ends them. Called by runbooks/called.py.

Ansible's workers are sessions of their own, so the end of a process group does not reach them. Needs the extra `ansible`.
"""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from runbooks import far

CALLBACKS = Path(__file__).parent / "callbacks"
GRACE = 2.0
"""Seconds that Ansible has to end its workers by itself; less than the shim's."""
_SUBREAPER, _DEATH = 36, 1


def main(folder: str, playbook: str, limit: str, inventory: str, extra: Mapping[str, Any], check: bool) -> str | None:
    """Run it on one host, and leave word of what is known."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)  # what a worker leaves behind becomes our child
    values = Path(folder) / "values.yml"
    values.write_text(as_yaml(extra))
    argv = ["ansible-playbook", playbook, "--inventory", inventory, "--limit", limit, "--extra-vars", f"@{values}"]
    signal.signal(signal.SIGTERM, _stop)
    child = os.fork()
    if child == 0:
        _become([*argv, *(["--check"] if check else [])], _environment(folder, playbook))
    try:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except _Stopped:
        code = None
        os.kill(child, signal.SIGTERM)
        _end(child)
    told = json.loads(path.read_bytes()) if (path := Path(folder) / far.FILE).exists() else {}
    if code is not None and told.get("state") == "summed":
        far.ended(folder, code if code >= 0 else 128 - code)
    return None if told else "no task was begun: nothing was done on any host"


class _Stopped(Exception):
    pass


def _stop(number: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Stopped


def _become(argv: list[str], environment: Mapping[str, str]) -> None:
    """Ansible itself, in this process, which ends with it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_DEATH, signal.SIGKILL)
    os.environ.clear()
    os.environ.update(environment)
    from ansible.cli.playbook import PlaybookCLI

    try:
        PlaybookCLI.cli_executor(argv)
    except SystemExit as end:
        os._exit(_flushed(end.code if isinstance(end.code, int) else 1))
    os._exit(_flushed(0))


def _flushed(code: int) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _environment(folder: str, playbook: str) -> dict[str, str]:
    """Settings come from an ansible.cfg beside the playbook, which is part of what was approved, and from nowhere else."""
    work, own = str(Path(folder) / "work"), Path(playbook).with_name("ansible.cfg")
    settings = own if own.exists() else Path(folder) / "ansible.cfg"
    if settings != own:
        settings.touch()
    return {
        **{name: os.environ[name] for name in ("PATH", "LANG", "RUN_ID") if name in os.environ},
        "HOME": work,
        "ANSIBLE_HOME": work,
        "ANSIBLE_CONFIG": str(settings),
        "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
        "ANSIBLE_CALLBACKS_ENABLED": "tocsin_far",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_RETRY_FILES_ENABLED": "0",
        "ANSIBLE_SSH_ARGS": "-o ControlMaster=no",  # a line that outlives the playbook would be nobody's
        "TOCSIN_FOLDER": folder,
    }


def as_yaml(extra: Mapping[str, Any]) -> str:
    """Values that Ansible takes as they are: a text from an alert is no template, whatever braces are in it."""
    return "".join(f"{name}: {_scalar(value)}\n" for name, value in extra.items()) or "{}\n"


def _scalar(value: Any) -> str:
    if isinstance(value, bool | int):
        return json.dumps(value)
    letters = (one if one.isascii() and one.isalnum() else f"\\U{ord(one):08x}" for one in str(value))
    return f'!unsafe "{"".join(letters)}"'


def _end(child: int) -> None:
    """Everything that came of it, after a while for it to end by itself."""
    signal.setitimer(signal.ITIMER_REAL, GRACE)
    signal.signal(signal.SIGALRM, lambda number, frame: _stop(number, frame))
    with suppress(_Stopped, ChildProcessError):
        os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    while left := list(_descendants(os.getpid())):
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(-1, 0)


def _descendants(pid: int) -> Iterator[int]:
    """Processes below one that still live."""
    for task in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent, *_ = task.read_text().rpartition(")")[2].split()
            if int(parent) == pid and state not in "ZX":
                yield int(task.parent.name)
                yield from _descendants(int(task.parent.name))
