"""YAML read by parts put together once says the same as ruamel.yaml's own, of any text."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node

from bot.yaml_nodes import DEEPEST, TooDeep, compose

PIECES = (
    *(
        "a",
        "b: ",
        "- ",
        "? ",
        ": ",
        ":",
        ",",
        "[",
        "]",
        "{",
        "}",
        "&x ",
        "*x",
        "!y ",
        "!!int ",
        "|\n  ",
        ">-\n  ",
        "\n",
        "\n  ",
    ),
    *(
        "'",
        '"',
        " #",
        "%YAML 1.1\n",
        "%TAG ! y:\n",
        "---\n",
        "...\n",
        "0o17",
        "yes",
        "null",
        "<<: ",
        "é",
        "\x85",
        "\0",
        "\t",
    ),
)


def told(node: Node | None) -> Any:
    """All that is read of a node."""
    if node is None:
        return None
    value = node.value
    if not isinstance(value, str):
        value = [[told(part) for part in each] if isinstance(each, tuple) else told(each) for each in value]
    return type(node), str(node.tag), node.anchor, value, node.start_mark.line, node.start_mark.column


def outcome(read: Any, text: str) -> Any:
    try:
        return told(read(text))
    except MarkedYAMLError as error:
        marks = [mark and (mark.line, mark.column) for mark in (error.context_mark, error.problem_mark)]
        return type(error), error.context, error.problem, marks
    except (YAMLError, ValueError) as error:
        return type(error), str(error)


@pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")
@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
@example("&x [&x a]")
@example("%YAML 1.1\n---\na: yes\n")
@example("%TAG ! y:\n---\na: !b 1\n")
@example("a: {b: [c, 'd'], ? e : f}\n? g\n: - h\n  - |\n    i\n")
def test_it_says_the_same_as_ruamel_of_any_text(text: str) -> None:
    assert outcome(compose, text) == outcome(lambda t: YAML(typ="safe", pure=True).compose(t), text)


@pytest.mark.parametrize(
    "text", ["[" * 1_600, "a: " + "{a: " * 1_600, "- " * 1_600, "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)]
)
def test_what_is_nested_too_deeply_is_not_read_to_its_end(text: str) -> None:
    with pytest.raises(TooDeep) as told:
        compose(f"\n{text}")
    assert told.value.line == 1
    assert compose("[" * DEEPEST + "]" * DEEPEST) is not None
