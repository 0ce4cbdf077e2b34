"""The runner directory: what can be said of an attempt after any crash, and that nobody owns it twice."""

import json
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import Progress
from runbooks import papers
from runbooks.directory import ENDS, Directory, _plain
from tests.runbooks.ground import open_directory, running, until

ME = papers.whoami(os.getpid())
RESULT = {"outcome": "exited", "exit": 3, "ok": False, "ended_at": 1_700_000_000_000_000, "bytes": 0}
WHOLE = (1_000_000, 1_000_000)
ENDED = Progress("ended", "exited", 3, 1_700_000_000_000_000)


@pytest.fixture
def directory(tmp_path: Path) -> Directory:
    return open_directory(tmp_path, "hunter2-secret")


def put(directory: Directory, name: str, value: dict[str, Any]) -> None:
    (directory.folder("a1") / name).write_text(json.dumps(value))


@pytest.mark.parametrize(
    ("claim", "result", "expected"),
    [
        (None, None, Progress("never_started")),
        ({"taken": True, "at": 1}, None, Progress("never_started")),
        ({**ME, "at": 1}, None, Progress("running")),
        ({**ME, "at": 1}, RESULT, ENDED),
        ({**ME, "at": 1, "start": ME["start"] + 1}, RESULT, ENDED),
        ({**ME, "at": 1, "start": ME["start"] + 1}, None, Progress("gone")),  # the pid is used again
        ({**ME, "at": 1, "boot": "another"}, None, Progress("gone")),  # the machine was started again
        ({**ME, "at": 1, "pid": 2**22 - 3}, None, Progress("gone")),
        ({"pid": 2**22 - 3, "start": None, "boot": ME["boot"], "at": 1}, None, Progress("gone")),
        ({**ME, "at": 1}, {**RESULT, "outcome": "lost", "exit": None}, Progress("gone")),
    ],
)
def test_what_is_on_the_disk_says_where_the_attempt_stands(
    directory: Directory, claim: dict[str, Any] | None, result: dict[str, Any] | None, expected: Progress
) -> None:
    if claim is not None:
        put(directory, "claim", claim)
    if result is not None:
        put(directory, "exit.json", result)
    assert directory.progress("a1") == expected
    assert directory.claimed("a1") is (claim is not None)


def test_a_zombie_has_ended(directory: Directory) -> None:
    process = subprocess.Popen(["sleep", "60"])
    put(directory, "claim", {**papers.whoami(process.pid), "at": 1})
    assert directory.progress("a1").state == "running"
    os.kill(process.pid, signal.SIGKILL)
    until(lambda: not running(process.pid))
    assert directory.progress("a1").state == "gone"
    process.wait()


def test_what_is_taken_never_runs(directory: Directory) -> None:
    assert directory.take("a1")
    assert directory.take("a1")
    assert not directory.claim("a1")
    assert directory.progress("a1").state == "never_started"


def test_what_is_claimed_cannot_be_taken(directory: Directory) -> None:
    assert directory.claim("a1")
    assert not directory.claim("a1")
    assert not directory.take("a1")
    assert directory.claimed_at("a1") == json.loads((directory.folder("a1") / "claim").read_bytes())["at"]
    directory.finish("a1", "exited", 200, True, b"hello")
    progress = directory.progress("a1")
    assert (progress.state, progress.exit, progress.ok, progress.output, progress.size) == (
        "ended",
        200,
        True,
        "hello",
        5,
    )


def test_many_claim_and_one_wins(directory: Directory) -> None:
    with ThreadPoolExecutor(16) as pool:
        for n in range(20):
            won = list(pool.map(directory.claim, [f"a{n}"] * 16))
            assert won.count(True) == 1


def test_a_claim_is_never_seen_half_written(directory: Directory) -> None:
    with ThreadPoolExecutor(2) as pool:
        for n in range(50):
            claiming = pool.submit(directory.claim, f"a{n}")
            while not claiming.done():
                assert directory.progress(f"a{n}").state in {"never_started", "running"}


def test_the_directory_keeps_its_name(tmp_path: Path) -> None:
    first = open_directory(tmp_path)
    assert first.id == open_directory(tmp_path).id
    assert len(first.id) == 32
    assert (tmp_path / "runner" / "attempts").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("attempt", ["", "..", "../a", "a/b", "/etc", ".hidden", "a\0", "a" * 200])
def test_an_id_that_is_no_name_is_refused(directory: Directory, attempt: str) -> None:
    with pytest.raises(ValueError, match="not an attempt"):
        directory.folder(attempt)


def write(directory: Directory, data: bytes) -> None:
    output = papers.Output(directory.folder("a1"))
    for start in range(0, len(data), 50_000):
        output.write(data[start : start + 50_000])
    output.close()


@pytest.mark.slow
@given(where=st.integers(0, 700_000), size=st.integers(0, 700_000))
def test_a_secret_in_the_output_never_leaks(tmp_path_factory: pytest.TempPathFactory, where: int, size: int) -> None:
    secret = b"hunter2-secret-" + bytes(range(65, 91))
    directory = open_directory(tmp_path_factory.mktemp("runner"), secret.decode())
    data = b"x " * (where // 2) + secret + b" y" * (max(0, size - where) // 2)
    write(directory, data)
    for ends in (ENDS, WHOLE):
        for shown in (directory.output("a1", ends=ends), directory.output("a1", len(data), ends)):
            assert "ABCDEF" not in shown
            assert "hunter2" not in shown


@pytest.mark.parametrize("where", range(-16, 17, 2))
def test_a_secret_at_the_tear_never_leaks(directory: Directory, where: int) -> None:
    secret = b"hunter2-secret"
    begin = b"." * (papers.HEAD - 7 + where) + secret
    end = secret + b"," * (papers.TAIL - 7 + where)
    write(directory, begin + b" " * 700_000 + end)
    shown = directory.output("a1", ends=WHOLE)
    assert len(shown) > papers.HEAD + papers.TAIL - 100
    assert not any(part in shown for part in ("hunt", "ter2", "secr", "cret"))


def test_a_short_output_is_shown_whole_and_a_long_one_by_its_ends(directory: Directory) -> None:
    write(directory, b"begin" + b"-" * 500_000 + b"end")
    shown = directory.output("a1")
    assert shown.startswith("begin-")
    assert shown.endswith("-end")
    assert "\n[…]\n" in shown
    assert len(shown) == sum(ENDS) + 5


def test_what_was_kept_whole_is_not_torn(directory: Directory) -> None:
    write(directory, b"1" * papers.HEAD + b"hunter2-secret" * 20_000)
    assert "hunter2" not in directory.output("a1", papers.HEAD + 14 * 20_000)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"", ""),
        (b"no line end", "no line end"),
        (b"caf\xe9 \xff\xfe", "caf� ��"),
        (b"\x1b[31mred\x1b[0m \x1b]0;title\x07done", "red done"),
        (b"hun\x1b[1mter2-se\0cret", "[masked]"),
        (b"10%\r20%\r\nbell\x07\x7f\tend", "10%\n20%\nbell\tend"),
        ("\u0085c1 \u009b".encode(), "c1 "),
    ],
)
def test_output_becomes_plain_text(directory: Directory, raw: bytes, shown: str) -> None:
    write(directory, raw)
    assert directory.output("a1") == shown


@given(st.binary(max_size=300))
def test_plain_text_holds_nothing_for_terminals(data: bytes) -> None:
    assert not set(_plain(data)) & ({*range(32), 127} - {9, 10})
