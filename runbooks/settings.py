"""The ```yaml settings block: parameters, limits, approval, and where to go after a failure."""

import re
from collections.abc import Mapping

from bot.domain.plan import Limits, Param, Settings
from bot.domain.terms import HOUR
from bot.text import Code, t
from runbooks import approval_rules
from runbooks.lint_action import Allowed
from runbooks.markdown import Fence
from runbooks.problem import Report, did_you_mean
from runbooks.reader import Reader, duration, mapping_of
from runbooks.yaml_lines import Y, load

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_SOURCE = re.compile(r"(label|annotation|ask)\.[A-Za-z_][A-Za-z0-9_]{0,100}")
_RATE = re.compile(r"(\d{1,4}) per (\d{1,4} ?(?:m|min|h))")
_INVENTORY = re.compile(r"inventory:[A-Za-z0-9_.-]{1,64}")
OWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "string": ("pattern",),
    "int": ("min", "max"),
    "bool": (),
    "choice": ("choices",),
    "host": ("allow",),
    "path": ("under",),
    "secret": ("name",),
}
"""Type of a parameter → the keys that it must have beside those of all types."""


def read(fence: Fence | None, report: Report, allowed: Allowed | None) -> Settings:
    """The settings, empty without a block."""
    block = load(fence.content, fence.line + 1, report) if fence else None
    if block is None or block.value is None:
        return Settings()
    reader = Reader(block, report, "settings", "P102")
    params = _params(reader)
    limits = _limits(reader, params)
    default, consent = approval_rules.read(reader.take("approval"), report, allowed)
    after_line = reader.left["after_failure"].line if "after_failure" in reader.left else 0
    after = reader.text("after_failure")
    reader.end("P102")
    return Settings(params, limits, default, consent, after.removeprefix("#"), after_line)


def _params(reader: Reader) -> Mapping[str, Param]:
    block = reader.take("params")
    found: dict[str, Param] = {}
    if block is not None and not isinstance(block.value, dict):
        reader.bad(block.line, "params", "a list of names with {type: …}")
    for name, value in mapping_of(block).items():
        if not _NAME.fullmatch(name):
            reader.report.error("P520", value.line, t("{name} is no name of a parameter.", name=Code(name[:80])))
            continue
        found[name] = _param(name, value, reader.report)
    return found


def _param(name: str, value: Y, report: Report) -> Param:
    inside = Reader(value, report, "a parameter", "P520")
    kind = inside.one_of("type", OWN_KEYS, "") or "string"
    source = inside.text("from")
    if source and not _SOURCE.fullmatch(source):
        sentence = t("{source} is not label.…, annotation.… or ask.….", source=Code(source[:80]))
        meant = f"{source.partition('.')[0].rstrip('s')}.{source.partition('.')[2]}"
        fix = t("write {line}", line=Code(meant)) if _SOURCE.fullmatch(meant) else None
        report.error("P520", value.line, sentence, fix)
    default = inside.take("default")
    if default is not None and kind in {"host", "secret"}:
        report.error(
            "P513", default.line, t("A {type} has no default: nothing given must mean nothing done.", type=kind)
        )
    required, about = _required(inside, default is not None), inside.text("help")
    rest = {key: _own(key, inside) for key in OWN_KEYS[kind]}
    inside.end("P520")
    if not source and default is None and kind != "secret":
        report.error("P520", value.line, t("{name} has neither from: nor default:.", name=Code(name)))
    start = default.value if default is not None and isinstance(default.value, (str, int)) else None
    return Param(name, kind, source, required, start, rest, value.line, about)


def _required(inside: Reader, given: bool) -> bool:
    """Whatever stands here, an action does not run without all of its values; an author should know. given: by a default."""
    line = inside.left["required"].line if "required" in inside.left else 0
    required = inside.flag("required", default=True)
    if line and not required and not given:
        sentence = t("An action never runs without a value of what it uses: required: false changes nothing.")
        inside.report.warn("P520", line, sentence, t("give a default:, or leave it out"))
    return required


def _own(key: str, inside: Reader) -> str | int | tuple[str, ...]:
    """One of the keys that only some types have; each is required."""
    line = inside.left[key].line if key in inside.left else inside.line
    if key in {"min", "max"}:
        missing = key not in inside.left
        number = inside.number(key, -(10**12), 10**12, 0)
        if missing:
            inside.bad(line, key, "given: a whole number")
        return number
    if key in {"choices", "under"}:
        texts = inside.texts(key)
        if not texts or (key == "under" and not all(path.startswith("/") for path in texts)):
            inside.bad(line, key, "a list of values" if key == "choices" else "a list of absolute paths")
        return texts
    return _text(key, line, inside)


def _text(key: str, line: int, inside: Reader) -> str:
    found = inside.text(key)
    if not found:
        inside.bad(line, key, "given, such as inventory:all" if key == "allow" else "given")
    if key == "allow" and found and not _INVENTORY.fullmatch(found):
        inside.bad(line, key, "inventory:NAME")
    if key == "pattern":
        _pattern(found, line, inside.report)
    return found


def _pattern(pattern: str, line: int, report: Report) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as problem:
        report.error(
            "P520", line, t("The pattern {pattern} is wrong: {why}.", pattern=Code(pattern[:80]), why=str(problem))
        )
    if len(pattern) > 256:
        report.error("P520", line, t("A pattern may have {most} characters.", most=256))


def _limits(reader: Reader, params: Mapping[str, Param]) -> Limits | None:
    block = reader.take("limits")
    if block is None:
        return None
    report = reader.report
    inside = Reader(block, report, "limits", "P502")
    cooldown, rate = inside.time("cooldown"), _RATE.fullmatch(inside.text("at_most"))
    key, most = _concurrency(inside.take("concurrency"), params, report)
    if rate is not None and not (int(rate[1]) and duration(rate[2])):
        report.error(
            "P501", block.line, t("at_most: none at all could ever run: write {example}.", example=Code("3 per 6h"))
        )
    if cooldown is None or rate is None or duration(rate[2]) is None or not key:
        needed = Code("{cooldown: 30m, at_most: 3 per 6h, concurrency: {key: …}}")
        report.error("P501", block.line, t("limits need all of these: {keys}.", keys=needed))
    targets, percent, of = _blast(inside.take("blast_radius"), report)
    inside.end("P102")
    count, per = (int(rate[1]), duration(rate[2]) or HOUR) if rate else (1, HOUR)
    return Limits(HOUR if cooldown is None else cooldown, max(1, count), per, key, most, targets, percent, of)


def _concurrency(block: Y | None, params: Mapping[str, Param], report: Report) -> tuple[str, int]:
    if block is None:
        return "", 1
    inside = Reader(block, report, "concurrency", "P102")
    key = inside.text("key")
    for name in re.findall(r"\$\{([^{}]*)\}", key):
        if name not in params:
            sentence = t("{name} is not declared under params.", name=Code(name[:80]))
            report.error("P423", block.line, sentence, did_you_mean(name, params))
    most = inside.number("max", 1, 100, 1)
    inside.end("P102")
    return key, most


def _blast(block: Y | None, report: Report) -> tuple[int, int, str]:
    if block is None:
        return 1, 100, ""
    inside = Reader(block, report, "blast_radius", "P102")
    targets = inside.number("max_targets", 1, 10_000, 1)
    percent = inside.number("max_percent", 1, 100, 100)
    of = inside.text("of")
    inside.end("P102")
    if targets > 1:
        report.error("P514", block.line, t("In this version a plan acts on one target: max_targets: 1."))
    if of and not _INVENTORY.fullmatch(of):
        report.error("P102", block.line, t("{of} is not inventory:NAME.", of=Code(of[:80])))
    return targets, percent, of.removeprefix("inventory:")
