"""`python` with real processes: a function is called once, with its values, and ends as it ends."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from bot.ports import Executor, Order
from runbooks.executors.python import Python
from tests.runbooks.ground import executor, kill, running, settled, tools, until

OWN = """
import os, sys, time

async def later(**named):
    return named

def told(**named):
    print("out"); print("err", file=sys.stderr)
    return {"named": named, "argv": sys.argv[1:] == [os.getcwd().removesuffix("/work")], "run": os.environ["RUN_ID"]}

def text(word): return f"<{word}>"
def colours(): import colorsys
def no(): return False
def yes(): return True
def three(): sys.exit(3)
def breaks(): raise ValueError("the password is hunter2-secret")
def yields(): yield 1
def count(path):
    with open(path, "a") as file: file.write("ran\\n")
def sleeps():
    child = os.fork()
    if child: print(child)
    time.sleep(60)
"""


def calling(root: Path, name: str, attempt: str = "a1", timeout: float = 20.0, **given: Any) -> Order:
    folder = root / "functions"
    folder.mkdir(mode=0o755, exist_ok=True)
    (folder / "own.py").write_text(OWN)
    (folder / "own.py").chmod(0o644)
    limits = {"python": [f"own:{name}"], "python_path": [str(folder)]}
    return Order(attempt, "python", {"call": f"own:{name}", "with": given}, timeout, limits)


@pytest.fixture
def found(tmp_path: Path) -> Executor:
    return executor(tmp_path, "python")


async def test_values_arrive_by_name_and_as_they_are(found: Executor, tmp_path: Path) -> None:
    given: dict[str, Any] = {"word": "$(id); -rf\n\0", "number": 3, "list": [1, {"a": None}]}
    what = calling(tmp_path, "told", **given)
    await found.start(what)
    ended = await settled(found, what)
    assert (ended.outcome, ended.exit, ended.ok) == ("exited", 0, True)
    out, err, value = ended.output.splitlines()
    assert ({out, err}, json.loads(value)) == ({"out", "err"}, {"named": given, "argv": True, "run": "a1"})


@pytest.mark.parametrize(
    ("name", "given", "exit", "output"),
    [
        ("text", {"word": "a"}, 0, "<a>\n"),
        ("later", {"a": 1}, 0, '{"a": 1}\n'),
        ("yes", {}, 0, ""),
        ("no", {}, 1, ""),
        ("three", {}, 3, ""),
        ("breaks", {}, 1, "ValueError: the password is [masked]\n"),
        ("yields", {}, 1, "it has to do its work and return\n"),
        ("text", {"wort": "a"}, 1, "unexpected keyword argument 'wort'\n"),
        ("missing", {}, 1, "module 'own' has no attribute 'missing'\n"),
    ],
)
async def test_what_it_returns_or_raises_is_how_it_ended(
    tmp_path: Path, name: str, given: dict[str, Any], exit: int, output: str
) -> None:
    found = Python(tools(tmp_path, "hunter2-secret"))
    what = calling(tmp_path, name, **given)
    await found.start(what)
    ended = await settled(found, what)
    assert (ended.outcome, ended.exit, ended.ok) == ("exited", exit, exit == 0)
    assert ended.output.endswith(output)
    assert output or not ended.output


async def test_it_is_called_once_however_often_it_is_started(found: Executor, tmp_path: Path) -> None:
    what = calling(tmp_path, "count", path=str(tmp_path / "effects"))
    for _ in range(2):
        await found.start(what)
    await settled(found, what)
    await executor(tmp_path, "python").start(what)
    assert (await settled(found, what)).ok
    assert (tmp_path / "effects").read_text() == "ran\n"


@pytest.mark.parametrize("asked", [True, False])
async def test_it_and_what_it_began_end_when_stopped_or_out_of_time(
    found: Executor, tmp_path: Path, asked: bool
) -> None:
    what = calling(tmp_path, "sleeps", timeout=20.0 if asked else 1.0)
    await found.start(what)
    head = tmp_path / "runner/attempts/a1/head"
    until(lambda: head.exists() and head.read_text().endswith("\n"))
    child = int(head.read_text())
    if asked:
        await found.stop(what)
    ended = await settled(found, what)
    assert (ended.outcome, ended.exit) == ("stopped" if asked else "timed_out", 128 + signal.SIGTERM)
    until(lambda: not running(child))


async def test_of_a_call_whose_shim_is_killed_nobody_knows(found: Executor, tmp_path: Path) -> None:
    what = calling(tmp_path, "sleeps")
    await found.start(what)
    assert isinstance(found, Python)
    kill([*found.shims.pids], signal.SIGKILL)
    assert (await settled(found, what)).state == "gone"
    await executor(tmp_path, "python").start(what)
    assert (await found.poll(what)).state == "gone"


@pytest.mark.parametrize(
    ("call", "python", "mode", "reason"),
    [
        ("own:text", [], 0o644, r"add it to policy.yaml under automation: python: \[own:text\]"),
        ("own.text", ["own.text"], 0o644, "module:function is expected"),
        ("owm:text", ["owm:text"], 0o644, "owm: there is no such module"),
        ("sys:exit", ["sys:exit"], 0o644, "sys: there is no such module"),
        ("own:text", ["own:text"], 0o666, "own.py: may be changed by others"),
    ],
)
async def test_what_is_refused_is_never_called(
    found: Executor, tmp_path: Path, call: str, python: list[str], mode: int, reason: str
) -> None:
    what = calling(tmp_path, "text")
    (tmp_path / "functions/own.py").chmod(mode)
    refused = Order("a1", "python", {"call": call}, 5.0, {**what.limits, "python": python})
    with pytest.raises(PermissionError, match=reason):
        await found.start(refused)
    await found.start(what)  # allowed by now, and still never
    assert (await found.poll(what)).state == "never_started"


async def test_a_file_does_not_stand_in_the_place_of_what_is_installed(found: Executor, tmp_path: Path) -> None:
    what = calling(tmp_path, "colours")
    (tmp_path / "functions/colorsys.py").write_text("raise SystemExit(9)")
    await found.start(what)
    assert (await settled(found, what)).ok
