"""YAML 1.2 as plain values that know their line. Tags, anchors and duplicate keys are refused."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.text import Code, t
from bot.yaml_nodes import TooDeep, compose
from runbooks.letters import check_value
from runbooks.problem import Report

_PLAIN = "tag:yaml.org,2002:"
_SCALARS = frozenset(_PLAIN + name for name in ("str", "int", "bool", "null", "float", "timestamp"))


@dataclass(frozen=True, slots=True)
class Y:
    """A value, the line (of the file, from 1) where it stands, and for a scalar its letters as written."""

    value: "Value"
    line: int
    raw: str = ""

    def plain(self) -> Any:
        """The value without its lines."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


Value: TypeAlias = "dict[str, Y] | list[Y] | str | int | bool | None"


def load(text: str, first: int, report: Report) -> Y | None:
    """The value of a block whose first line is line `first` of the file; None after an error (P101, P102, P903)."""
    for number, line in enumerate(text.split("\n")):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            report.error("P903", first + number, t("A tab stands here, where YAML needs spaces."))
            return None
    try:
        node = compose(text)
    except TooDeep as problem:
        _no_such(first + problem.line, report)
        return None
    except MarkedYAMLError as problem:
        if problem.context_mark and str(problem.context).startswith("while parsing a flow"):
            sentence = t("The bracket that opens here is not closed, or a comma is missing.")
            report.error("P101", first + problem.context_mark.line, sentence)
            return None
        mark = problem.problem_mark or problem.context_mark
        why = str(problem.problem or problem.context or "it cannot be read")
        report.error("P101", first + (mark.line if mark else 0), t("This YAML is wrong: {why}.", why=why))
        return None
    except (YAMLError, ValueError) as problem:
        why = str(problem).partition("\n")[0]
        report.error("P101", first, t("This YAML cannot be read: {why}.", why=why))
        return None
    return Y(None, first) if node is None else _value(node, first, report)


def _value(node: Node, first: int, report: Report) -> Y | None:
    line = first + int(node.start_mark.line)
    if getattr(node, "anchor", None):
        _no_such(line, report)
        return None
    if isinstance(node, MappingNode):
        return _mapping(node, first, report)
    if isinstance(node, SequenceNode):
        items = [_value(item, first, report) for item in node.value]
        return None if None in items else Y([item for item in items if item], line)
    return _scalar(str(node.tag), str(node.value), line, report)


def _no_such(line: int, report: Report) -> None:
    report.error("P101", line, t("Anchors, references and deep nesting are not possible here: write the value out."))


def _mapping(node: MappingNode, first: int, report: Report) -> Y | None:
    found: dict[str, Y] = {}
    whole = True
    for key, value in node.value:
        line = first + int(key.start_mark.line)
        if not isinstance(key, ScalarNode):
            report.error("P101", line, t("A key must be a word."))
            return None
        name = str(key.value)
        if name in found:
            report.error("P101", line, t("{key} stands here twice.", key=Code(name)))
            whole = False
        whole &= check_value(name, line, report)
        item = _value(value, first, report)
        if item is None:
            whole = False
        else:
            found[name] = Y(item.value, line, item.raw) if not isinstance(item.value, (dict, list)) else item
    return Y(found, first + int(node.start_mark.line)) if whole else None


def _scalar(tag: str, raw: str, line: int, report: Report) -> Y | None:
    if tag not in _SCALARS:
        report.error("P101", line, t("The tag {tag} is not possible here.", tag=Code(tag)))
        return None
    if not check_value(raw, line, report):
        return None
    kind = tag.removeprefix(_PLAIN)
    if kind == "int":
        return Y(_number(raw), line, raw)
    if kind == "bool":
        return Y(raw.lower() == "true", line, raw)
    return Y(None if kind == "null" else raw, line, raw)


def _number(raw: str) -> int | str:
    try:
        return int(raw)
    except ValueError:
        return raw
