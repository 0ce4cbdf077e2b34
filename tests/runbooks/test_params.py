import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import locale
from bot.domain import value_words
from bot.domain.gates import Refusal
from bot.domain.plan import Action, Check, Does, Limits, Param, Settings
from bot.domain.terms import MINUTE, SECOND
from bot.text import PlainShow, render
from runbooks import params
from runbooks.params import BadValue, Given, fill, lock_key, resolve, target, typed, used

PARAMS = {
    "host": Param("host", "host", "label.instance", rest={"allow": "inventory:web"}),
    "word": Param("word", "string", "label.word", rest={"pattern": "(?s).*"}, help="which one hangs"),
    "name": Param("name", "string", "annotation.name", rest={"pattern": "[a-z-]+"}),
    "n": Param("n", "int", "ask.n", default=5, rest={"min": 1, "max": 10}),
    "flag": Param("flag", "bool", "ask.flag", default=True),
    "pick": Param("pick", "choice", "label.pick", rest={"choices": ("api", "worker")}),
    "dir": Param("dir", "path", "label.dir", rest={"under": ("/var", "/srv/data/")}),
    "any": Param("any", "path", "label.any", rest={"under": ("/",)}),
    "key": Param("key", "secret", rest={"name": "DEPLOY"}),
}
SETTINGS = Settings(PARAMS, Limits(30 * MINUTE, 3, 60 * MINUTE, "${host}-${pick}"))


def hosts(entry: str) -> tuple[str, ...]:
    return ("web-1", "web-2") if entry == "web" else ()


def action(*argv: str, **spec: Any) -> Action:
    does = Does("http", spec) if spec else Does("run", {"argv": ["/bin/x", *argv]})
    return Action("a", does, False, 30 * SECOND)


def value(name: str, raw: str, asked: bool = True) -> str:
    given_here = Given(asked={name: raw}) if asked else Given(labels={name: raw})
    return resolve(action(f"${{{name}}}"), SETTINGS, given_here, hosts)[name]


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("host", "web-1", "web-1"),
        ("host", "web-1:9100", "web-1"),
        ("name", "abc", "abc"),
        ("n", "7", "7"),
        ("n", "007", "7"),
        ("n", "", "5"),
        ("flag", "False", "false"),
        ("flag", "", "true"),
        ("pick", "api", "api"),
        ("dir", "/var/log/", "/var/log"),
        ("dir", "/srv/data", "/srv/data"),
        ("any", "/", "/"),
        ("any", "/boot", "/boot"),
    ],
)
def test_values(name: str, raw: str, expected: str) -> None:
    assert value(name, raw) == expected


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("host", "web-3"),
        ("host", "-web-1"),
        ("host", "web-1;id"),
        ("host", "web-1@evil"),
        ("name", "ABC"),
        ("name", "abc\n"),
        ("n", "0"),
        ("n", "11"),
        ("n", "1e3"),
        ("n", "٣"),
        ("flag", "yes"),
        ("pick", "db"),
        ("dir", "/"),
        ("any", "//"),
        ("any", "boot"),
        ("any", "/boot/../etc"),
        ("dir", "var"),
        ("dir", "/etc"),
        ("dir", "/var/../etc"),
        ("dir", "/variable"),
        ("dir", "/var//log"),
        ("word", "a\x00b"),
        ("word", "a\nb"),
        ("word", "a\u202eb"),
        ("word", "x" * 257),
    ],
)
def test_wrong_values(name: str, raw: str) -> None:
    with pytest.raises(BadValue) as caught:
        value(name, raw)
    refusal = caught.value.refusal
    assert refusal.code == "param"
    assert refusal.params["name"] == name
    assert refusal.params["value"].isprintable()


@pytest.mark.parametrize("name", ["host", "word", "name", "pick", "dir"])
def test_nothing_given_means_nothing_done(name: str) -> None:
    with pytest.raises(BadValue) as caught:
        value(name, "")
    refusal, about = caught.value.refusal, PARAMS[name].help
    assert refusal == Refusal(
        "empty", {"name": name, "source": PARAMS[name].source, **({"help": about} if about else {})}
    )
    assert about in render(caught.value.sentence, PlainShow()), "who is asked for it reads what it is"


def test_where_values_come_from() -> None:
    wants = action("${host}", "${name}", "${n}")
    found = resolve(wants, SETTINGS, Given({"instance": "web-2", "n": "9"}, {"name": "abc"}), hosts)
    assert found == {"host": "web-2", "name": "abc", "n": "5"}
    said = resolve(wants, SETTINGS, Given({"instance": "web-2"}, {"name": "abc"}, {"host": "web-1", "n": "6"}), hosts)
    assert said == {"host": "web-1", "name": "abc", "n": "6"}


def test_only_what_is_used_is_asked_for() -> None:
    assert used(action("x"), SETTINGS) == ()
    changing = replace(action("x"), changes=True, verify=Check(Does("run", {"argv": ["/bin/y", "${word}"]}), SECOND))
    assert used(changing, SETTINGS) == ("word", "host", "pick")


def test_target_and_lock() -> None:
    assert target(SETTINGS, {"host": "web-1", "pick": "api"}) == "web-1"
    assert lock_key(SETTINGS, {"host": "web-1", "pick": "api"}) == "web-1-api"
    by_lock = Settings({"pick": PARAMS["pick"]}, replace(SETTINGS.limits, lock_key="${pick}"))  # type: ignore[type-var]
    assert target(by_lock, {"pick": "api"}) == "api"
    assert target(Settings(), {}) == ""


def test_a_secret_stays_a_reference() -> None:
    wants = action(url="https://x/", headers={"Authorization": "Bearer ${key}", "X": "${secret.OTHER}"})
    values = resolve(wants, SETTINGS, Given(), hosts)
    assert fill(wants.does, values)["headers"] == {"Authorization": "Bearer ${secret.DEPLOY}", "X": "${secret.OTHER}"}


def test_a_value_is_filled_in_once() -> None:
    wants = action("${word}")
    values = resolve(wants, SETTINGS, Given({"word": "a${host}b"}), hosts)
    assert fill(wants.does, values)["argv"] == ["/bin/x", "a${host}b"]


@pytest.mark.parametrize("raw", ["-rf", "--help", "-"])
def test_a_value_is_never_an_option(raw: str) -> None:
    with pytest.raises(BadValue):
        fill(action("${word}").does, {"word": raw})
    assert fill(action("-x${word}").does, {"word": raw})["argv"][1] == "-x" + raw


@pytest.mark.parametrize("raw", [".", "..", "a/..", "%2e%2e"])
def test_a_value_never_leads_to_another_address(raw: str) -> None:
    """A client takes /.. out before it sends."""
    for url in ("https://x/jobs/${word}/restart", "https://x/jobs/.${word}?q=1"):
        wants = action(url=url).does
        try:
            assert "/../" not in f"{fill(wants, {'word': raw})['url'].partition('?')[0]}/"
        except BadValue:
            assert raw in (".", "..")
    with pytest.raises(BadValue):
        fill(action(url="https://x/jobs/${word}/restart").does, {"word": ".."})
    assert fill(action(url="https://x/jobs?of=${word}").does, {"word": ".."})


def test_what_a_person_says_in_place_of_an_alert() -> None:
    assert not typed(SETTINGS, {})
    assert not typed(SETTINGS, {"n": "6", "unknown": "x"})
    assert typed(SETTINGS, {"host": "web-1"})
    assert typed(SETTINGS, {"word": "a"})
    said = Settings({"host": replace(PARAMS["host"], source="ask.host")})
    assert typed(said, {"host": "web-1"}), "on which machine it is"


HOSTILE = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        ["; rm -rf /", "$(id)", "`id`", "a b", "-rf", "a'\"b", "{{7*7}}", "%(x)s", "${host}", "<!channel>", "../../x"]
    ),
)


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_whatever_an_alert_says_argv_keeps_its_shape(raw: str) -> None:
    written = ["/bin/x", "--to", "${word}", "on ${word}", "host=${host}", "plain"]
    wants = action(*written[1:])
    try:
        values = resolve(wants, SETTINGS, Given({"word": raw, "instance": "web-1", raw: "PATH"}), hosts)
        argv = fill(wants.does, values)["argv"]
    except BadValue:
        return
    assert len(argv) == len(written)
    assert argv[0] == "/bin/x"
    assert [place for place, element in enumerate(argv) if element != written[place]] in ([2, 3, 4], [3, 4], [4])
    assert argv[2] == raw
    assert not argv[2].startswith("-")
    assert "\x00" not in "".join(argv)
    assert "\n" not in "".join(argv)


@settings(max_examples=200, deadline=None)
@given(HOSTILE)
def test_whatever_an_alert_says_a_url_keeps_its_host(raw: str) -> None:
    wants = action(url="https://x.internal:8443/a/${word}?q=${word}", json={"text": "${word}"})
    try:
        values = resolve(wants, SETTINGS, Given({"word": raw}), hosts)
        spec = fill(wants.does, values)
    except BadValue:
        return
    parts = urlsplit(spec["url"])
    assert (parts.scheme, parts.netloc) == ("https", "x.internal:8443")
    assert parts.path.count("/") == 2
    assert not {".", ".."} & set(parts.path.split("/"))
    assert not parts.fragment
    assert spec["json"] == {"text": raw}


def test_every_reason_has_its_words() -> None:
    """As codes: what is said in the source itself is said in English to everybody."""
    source = Path(params.__file__).read_text("utf-8")
    assert set(re.findall(r'_bad\([\w.]+, \w+, "([^"]+)"', source)) == value_words.CODES
    locale.speak("zh-CN")
    try:
        for code in value_words.CODES - {"host"}:
            said = render(value_words.why({"why": code, "least": "1", "most": "9"}), PlainShow())
            assert not re.search("[a-z]{6}", said), said
    finally:
        locale.speak("en")
