"""The masker never lets a secret through, however it is cut, and leaves everything else alone."""

import base64
import html
import json
import shlex
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.secrets import MARK, Masker, resolve

SECRET = 'p4ss/w0rd+with "quotes&ümlaut'
PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEpAIBAAKCAQEA7\nbq+/9\n-----END RSA PRIVATE KEY-----"
)


def in_base64(before: str) -> str:
    return base64.b64encode((before + SECRET + "::").encode()).decode()


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET, safe="")
        .replace("%2F", "%2f")
        .replace("%2B", "%2b")
        .replace("%22", "%22")
        .replace("%C3%BC", "%c3%bc"),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_registered_value_is_masked_in_all_its_forms(form: str) -> None:
    assert Masker([SECRET]).text(f"x={form};") == "x=[masked];"


QUOTED = "it's a pass/w0rd & <more> of it"


@pytest.mark.parametrize(
    "form",
    [
        quote(QUOTED),
        quote(QUOTED).replace("%3C", "%3c").replace("%3E", "%3e"),
        json.dumps(QUOTED)[1:-1].replace("/", "\\/"),
        QUOTED.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e").replace("'", "\\u0027"),
        QUOTED.replace("&", "\\u0026").replace("<", "\\u003C").replace(">", "\\u003E").replace("'", "\\u0027"),
        html.escape(QUOTED),
        html.escape(QUOTED, quote=False),
        shlex.quote(QUOTED)[1:-1],
        QUOTED.replace("'", "'\\''"),
        "it\\'s\\ a\\ pass/w0rd\\ \\&\\ \\<more\\>\\ of\\ it",
    ],
)
def test_what_is_written_for_something_else_is_masked(form: str) -> None:
    assert Masker([QUOTED]).text(f"x={form};") == "x=[masked];"


LONG = "a secret of some length, which is longer than a line of an encoder has letters, so that it is broken into several of them"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n    "])
@pytest.mark.parametrize("width", [60, 64, 76])
def test_what_an_encoder_has_broken_into_lines_is_masked(width: int, end: str) -> None:
    encoded = base64.b64encode(f"user:{LONG}".encode()).decode()
    broken = end.join(encoded[n : n + width] for n in range(0, len(encoded), width))
    said = Masker([LONG]).text(f"data:{end}{broken}{end}and so on")
    assert said.replace("[masked]", "").replace(end, " ").split() == ["data:", encoded[:7], "and", "so", "on"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\t"])
def test_a_secret_of_several_lines_is_masked_however_they_end(end: str) -> None:
    lines = ["first line of it", "and the second", "the end"]
    assert Masker(["\n".join(lines)]).text(f"<{end.join(lines)}>") == "<[masked]>"
    assert Masker([LONG]).text("a secret\nof some\nlength") == "a secret\nof some\nlength"


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "user:"])
def test_base64_around_the_value_does_not_hide_it(before: str) -> None:
    masked = Masker([SECRET]).text(in_base64(before))
    assert "[masked]" in masked
    assert len(masked.replace("[masked]", "")) <= 14  # what the other bytes decide, and no more


@pytest.mark.parametrize(
    "token",
    [
        "xoxb-1234567890-abcdefghij",
        "xapp-1-A0123456789-987654",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "github_pat_11ABCDEFG0abcdefghijkl_mnopq",
        "glpat-abcdefghij0123456789",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.SflKxwRJSMeKKF2QT4",
        "Bearer abcdef0123456789==",
        PEM,
        PEM.replace("\n", "\\n"),
    ],
)
def test_tokens_of_known_shapes_are_masked_unregistered(token: str) -> None:
    assert Masker().text(f"<{token}>") == "<[masked]>"


def test_the_end_of_a_key_without_its_beginning_is_masked() -> None:
    assert Masker().text("see:\n" + PEM.split("\n", 3)[3] + "!") == "see:[masked]!"


@pytest.mark.parametrize("value", ["", "admin", "ädmin", "a/b/c"])
def test_short_values_are_not_masked(value: str) -> None:
    text = f"{value} is {quote(value, safe='')}"
    assert Masker([value]).text(text) == text


def test_a_value_registered_later_counts_from_then_on() -> None:
    masker = Masker()
    assert masker.text("hunter22") == "hunter22"
    assert masker.register("hunter22") == "hunter22"
    assert masker.text("hunter22") == "[masked]"


def test_secrets_that_overlap_are_masked_to_their_last_byte() -> None:
    assert Masker(["abcdef", "defghi"]).text("-abcdefghi-") == "-[masked]-"


def test_a_run_of_secrets_takes_no_quadratic_time() -> None:
    assert Masker(["aaaaaa"]).data(b"a" * 200_000) == MARK


@pytest.mark.parametrize("noise", [b"eyJ", b"xoxb-", b"-----BEGIN PRIVATE KEY-----", b"A1b2", b"bearer "])
def test_hostile_output_takes_no_quadratic_time(noise: bytes) -> None:
    Masker([SECRET]).data(noise * (256 * 1024 // len(noise)))


@given(before=st.binary(max_size=200), after=st.binary(max_size=200))
def test_a_secret_never_leaks_whatever_stands_around_it(before: bytes, after: bytes) -> None:
    assert SECRET.encode() not in Masker([SECRET]).data(before + SECRET.encode() + after)


@given(st.text(alphabet=st.characters(exclude_characters="p4")))
def test_text_without_secrets_is_unchanged(text: str) -> None:
    assert Masker([SECRET]).text(text) == text


@given(st.integers(0, len(SECRET.encode())), st.integers(0, len(SECRET.encode())))
def test_halves_of_a_secret_at_a_tear_are_dropped(end: int, start: int) -> None:
    raw = SECRET.encode()
    head, tail = Masker([SECRET]).torn(b"begin, " + raw[:end], raw[start:] + b", end")
    assert head in {b"begin, ", b"begin, " + MARK}
    assert tail == b", end"


def test_a_torn_token_at_the_start_of_the_tail_is_dropped() -> None:
    assert Masker().torn(b"ok ", b"bcdefghijklmnopqrstuvwxyz0123456789 done") == (b"ok ", b" done")


def test_references_are_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TEST_SECRET", "from the environment")
    (tmp_path / "token").write_text("from a file\n")
    assert resolve("env:TOCSIN_TEST_SECRET") == "from the environment"
    assert resolve(f"file:{tmp_path / 'token'}") == "from a file"


@pytest.mark.parametrize("reference", ["env:TOCSIN_NOT_SET", "file:/nonexistent/x", "plain-value-itself", ""])
def test_a_reference_without_a_value_is_an_error_that_does_not_show_values(reference: str) -> None:
    with pytest.raises(ConfigError) as error:
        resolve(reference)
    assert "plain-value-itself" not in str(error.value)
