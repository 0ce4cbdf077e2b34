"""Whatever stands in the five files: an organisation, or problems with lines of the file; never another error."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.config import load
from bot.config.files import NAMES
from bot.errors import ConfigError
from tests.bot.config.test_load import WHOLE

LEAVES = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        10**12,
        1.5,
        "",
        "x",
        "sev1",
        "15m",
        "env:X",
        "U1",
        "@g",
        'env="a"',
        "2026-01-01",
        "\ud7ff*&!%@`",
    ]
)
ODD = (
    LEAVES
    | st.lists(LEAVES, max_size=3)
    | st.dictionaries(st.sampled_from(["id", "x", "when", "call"]), LEAVES, max_size=3)
)
SIGNS = st.text(alphabet="ab:- \n[]{}#'\"&*!|>%@,\t", max_size=60)
READ = {name: YAML(typ="safe", pure=True).load(text) for name, text in WHOLE.items()}


def loaded(name: str, raw: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(raw)
        try:
            load(Path(folder))
        except ConfigError as error:
            lines = len(re.split(r"\r\n|[\r\n\x85\u2028\u2029]", raw.decode("utf-8", "replace")))
            for problem in (error, *error.more):
                file, _, line = problem.where.rpartition(":")
                assert Path(file).name == name
                assert 1 <= int(line) <= lines


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(NAMES), raw=st.binary(max_size=60) | SIGNS.map(str.encode))
def test_any_bytes(name: str, raw: bytes) -> None:
    loaded(name, raw)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_a_whole_file_with_one_odd_place(name: str, data: st.DataObject) -> None:
    place: Any = (whole := copied(READ[name]))
    while True:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(ODD)
            break
        place = place[key]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "out.yaml"
        YAML(typ="safe", pure=True).dump(whole, file)
        loaded(name, file.read_bytes())


def copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    return [copied(inner) for inner in value] if isinstance(value, list) else value
