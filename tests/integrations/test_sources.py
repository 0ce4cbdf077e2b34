"""Every alert source: its contract, its fixtures, and that nothing a stranger sends is ever more than BadInput."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.plugins import TRIED
from integrations import alert_sources, problem_of

HERE = Path(__file__).parent / "alerts"
FIXTURES = sorted(file for file in HERE.glob("*/*.json") if not file.name.endswith(".expected.json"))
SOURCES = alert_sources()
RECEIVED = 1_800_000_000_000_000
WEIRD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


def plain(value: object) -> Any:
    return json.loads(orjson.dumps(value))


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_a_captured_request_becomes_these_alerts(fixture: Path) -> None:
    body = fixture.read_bytes()
    expected = json.loads(fixture.with_suffix(".expected.json").read_bytes())
    alerts = plain(SOURCES[fixture.parent.name].parse(body, {}, RECEIVED))
    for alert in alerts:
        alert.pop("raw_ref")
    assert alerts == expected


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_has_a_fixture(name: str) -> None:
    assert [fixture for fixture in FIXTURES if fixture.parent.name == name]


@pytest.mark.parametrize("name", SOURCES)
@given(body=st.binary() | WEIRD.map(lambda value: json.dumps(value).encode()))
def test_anything_is_understood_or_bad_input(name: str, body: bytes) -> None:
    understood_or_bad(name, body)


@pytest.mark.parametrize("name", SOURCES)
@given(data=st.data())
def test_a_request_with_one_wrong_place_is_understood_or_bad_input(name: str, data: st.DataObject) -> None:
    fixture = data.draw(st.sampled_from([f for f in FIXTURES if f.parent.name == name]))
    request = json.loads(fixture.read_bytes())
    place: Any = request
    while isinstance(place, (dict, list)) and place:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if data.draw(st.booleans()) or not isinstance(place[key], (dict, list)):
            place[key] = data.draw(WEIRD)
            break
        place = place[key]
    understood_or_bad(name, json.dumps(request).encode())


@pytest.mark.parametrize("name", SOURCES)
@given(data=st.data())
def test_a_request_cut_off_is_bad_input(name: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from([f for f in FIXTURES if f.parent.name == name])).read_bytes().strip()
    with pytest.raises(BadInput):
        SOURCES[name].parse(body[: data.draw(st.integers(0, len(body) - 1))], {}, RECEIVED)


def understood_or_bad(name: str, body: bytes) -> None:
    try:
        alerts = SOURCES[name].parse(body, {}, RECEIVED)
    except BadInput:
        return
    for alert in alerts:
        assert alert.source == name
        assert alert.fingerprint
        assert alert.raw_ref
        assert "\0" not in orjson.dumps(alert).decode()  # orjson refuses half characters


class Good:
    name = "good"
    TRIED = "captured"

    def parse(self, body: bytes, headers: dict[str, str], received_at: int) -> list[Any]:
        return []


class Odd(Good):
    def parse(self, body: bytes) -> list[Any]:  # type: ignore[override]
        return []


def test_the_contract_is_checked() -> None:
    untried, odd = Good(), Odd()
    untried.TRIED = "once"
    assert problem_of("good", Good()) == ""
    assert "no object" in problem_of("good", None)
    assert "`name`" in problem_of("other", Good())
    assert all(word in problem_of("good", untried) for word in TRIED)
    assert "`parse`" in problem_of("good", odd)
