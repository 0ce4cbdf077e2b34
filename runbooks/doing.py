"""A ```yaml action block: something that the bot may do in a step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.plan import Action, Check, Does, Param
from bot.domain.terms import HOUR, MINUTE, Micros
from bot.text import Code, t
from runbooks import lint_far, lint_headers
from runbooks.idle import never_fails
from runbooks.lint_action import Allowed, check_does, check_reads, words_of_change
from runbooks.markdown import Fence
from runbooks.problem import Report, did_you_mean
from runbooks.reader import Reader, mapping_of
from runbooks.yaml_lines import Y, load

Executors = Mapping[str, Mapping[str, bool]]
"""Name of an executor → keys of its spec → required?"""

KINDS = ("takeover", "self_heal", "diagnostic", "experiment")
LONGEST = HOUR
MOST_RETRIES = 5
_ID = re.compile(r"[a-z][a-z0-9-]{0,62}")
_CODE = re.compile(r"\d{1,3}|otherwise")


@dataclass
class Ground:
    """What an action may use. used: names of parameters that any action has used so far; ids: action → line."""

    executors: Executors
    params: Mapping[str, Param]
    report: Report
    allowed: Allowed | None = None
    used: set[str] = field(default_factory=set)
    ids: dict[str, int] = field(default_factory=dict)


def read(fence: Fence, answers: tuple[str, ...], ground: Ground) -> Action | None:
    """The action of a block; answers: of the decision in the same step. None after an error that leaves nothing to check."""
    report = ground.report
    block = load(fence.content, fence.line + 1, report)
    if block is None:
        return None
    reader = Reader(block, report, "an action", "P410")
    lines = {key: value.line for key, value in reader.left.items()}
    action_id = _id(reader, ground)
    does = _does(reader, ground)
    changes = _changes(reader)
    action = Action(
        id=action_id,
        does=does or Does("", {}),
        changes=changes,
        timeout=_timeout(reader),
        idempotent=reader.flag("idempotent"),
        retries=_retries(reader),
        verify=_verify(reader, does, ground),
        on_failure=reader.one_of("on_failure", ("stop", "continue", "rollback"), "stop"),
        answer=_answer(reader, answers),
        kind=reader.one_of("kind", KINDS, ""),
        line=fence.line,
        **_rollback(reader, changes, ground),
    )
    reader.end("P410", ground.executors)
    _whole(action, lines, report)
    return action


def _id(reader: Reader, ground: Ground) -> str:
    line = reader.left["id"].line if "id" in reader.left else reader.line
    found = reader.text("id")
    if not found:
        ground.report.error("P413", line, t("The action has no id."))
    elif not _ID.fullmatch(found):
        ground.report.error("P413", line, t("{id} is no id: a-z, 0-9 and -.", id=Code(found[:80])))
    elif found in ground.ids:
        sentence = t("The id {id} stands in line {line} already.", id=Code(found), line=ground.ids[found])
        ground.report.error("P412", line, sentence)
    ground.ids.setdefault(found, line)
    return found


def _does(reader: Reader, ground: Ground) -> Does | None:
    """The one executor of a mapping and its checked keys."""
    named = [key for key in reader.left if key in ground.executors]
    if len(named) != 1:
        names = ", ".join(sorted(ground.executors))
        ground.report.error(
            "P411", reader.line, t("{what} needs exactly one of: {names}.", what=reader.what, names=names)
        )
        for key in named:
            reader.take(key)
        return None
    value = reader.left[named[0]]
    reader.take(named[0])
    spec = _spec(named[0], value, ground)
    if spec is None:
        return None
    does = Does(named[0], spec)
    check_does(does, value.line, ground.params, ground.used, ground.report, ground.allowed)
    lint_far.check(does, value.line, ground.params, ground.report, ground.allowed)
    lint_headers.check(does, value.line, ground.params, ground.report, ground.allowed)
    return does


def _spec(name: str, value: Y, ground: Ground) -> Mapping[str, Any] | None:
    keys, report = ground.executors[name], ground.report
    if isinstance(value.value, str) and "argv" in keys:
        sentence = t("{key} must be a list: a text would go through a shell.", key=Code(name))
        report.error("P420", value.line, sentence, t("write {example}", example=Code("[/usr/bin/program, argument]")))
        return None
    inside = {"argv": value} if isinstance(value.value, list) and "argv" in keys else mapping_of(value)
    spec = {key: _letters(item) if key == "argv" else item.plain() for key, item in inside.items()}
    if not spec:
        report.error("P419", value.line, t("{key} cannot be read.", key=Code(name)))
        return None
    for key in sorted(spec.keys() - keys.keys()):
        sentence = t("{what} has no key {key}.", what=name, key=Code(key[:80]))
        report.error("P410", inside[key].line, sentence, did_you_mean(key, keys))
    for key, required in keys.items():
        if required and key not in spec:
            report.error("P419", value.line, t("{what} needs {key}.", what=name, key=Code(key)))
            return None
    return spec


def _letters(value: Y) -> Any:
    """A list of texts as they are written: 0085 stays 0085, and true is no Boolean here."""
    if not isinstance(value.value, list):
        return value.plain()
    return [
        item.plain() if isinstance(item.value, (dict, list)) or item.value is None else item.raw for item in value.value
    ]


def _changes(reader: Reader) -> bool:
    if "changes" not in reader.left:
        reader.report.error("P414", reader.line, t("Say whether the action changes anything: changes: true or false."))
    return reader.flag("changes", default=True)


def _timeout(reader: Reader) -> Micros:
    """Whatever runs says how long it may take: a line that is lost must not mean longer."""
    line = reader.left["timeout"].line if "timeout" in reader.left else reader.line
    if "timeout" not in reader.left:
        own = t("The action has no timeout.")
        part = t("{key} has no timeout.", key=Code(reader.what))
        reader.report.error("P415", line, own if reader.what == "an action" else part, t("write timeout: 30s"))
    found = reader.time("timeout")
    if found is not None and not 0 < found <= LONGEST:
        reader.report.error("P416", line, t("A timeout is more than nothing and at most 1 h."))
    return found or MINUTE


def _retries(reader: Reader) -> int:
    line = reader.left["retries"].line if "retries" in reader.left else reader.line
    found = reader.number("retries", 0, 1000, 0)
    if found > MOST_RETRIES:
        reader.report.error("P434", line, t("At most {n} retries.", n=MOST_RETRIES))
    return found


def _verify(reader: Reader, done: Does | None, ground: Ground) -> Check | None:
    block = reader.take("verify")
    if block is None:
        return None
    inside = Reader(block, ground.report, "verify", "P410")
    does = _does(inside, ground)
    check = Check(
        does=does or Does("", {}),
        timeout=_timeout(inside),
        attempts=inside.number("attempts", 1, 60, 1),
        wait=inside.time("wait") or 0,
    )
    inside.end("P410", ground.executors)
    if does is not None:
        check_reads(does, block.line, ground.report)
        if does == done:
            ground.report.error("P435", block.line, t("The check is the same as the action: it proves nothing."))
        if idle := never_fails(does):
            sentence = t("This check cannot fail, and so proves nothing: {program}.", program=Code(idle))
            ground.report.warn("P446", block.line, sentence, t("look at what was to be mended"))
    return check


def _rollback(reader: Reader, changes: bool, ground: Ground) -> dict[str, Any]:
    block, reason = reader.take("rollback"), reader.text("rollback_reason")
    if block is None:
        if changes:
            hint = t("write rollback: none and rollback_reason: …")
            ground.report.error("P431", reader.line, t("It changes something, and does not say how to undo it."), hint)
        return {"rollback_reason": reason}
    if block.raw == "none":
        if not reason:
            ground.report.error("P432", block.line, t("rollback: none needs a rollback_reason."))
        return {"rollback_reason": reason}
    inside = Reader(block, ground.report, "rollback", "P410")
    does, timeout = _does(inside, ground), _timeout(inside)
    inside.end("P410", ground.executors)
    return {"rollback": does, "rollback_reason": reason, "rollback_timeout": timeout}


def _answer(reader: Reader, answers: tuple[str, ...]) -> Mapping[str, str]:
    block = reader.take("answer")
    if block is None:
        return {}
    found = {key: value.raw for key, value in mapping_of(block).items()}
    if not found:
        reader.bad(block.line, "answer", 'codes with their answers, such as {"0": Yes, otherwise: No}')
    for code, label in found.items():
        if not _CODE.fullmatch(code):
            reader.report.error("P305", block.line, t("{code} is no exit or HTTP code.", code=Code(code[:80])))
        if label not in answers:
            sentence = t("{label} is no answer of this step's decision.", label=Code(label[:80]))
            reader.report.error("P305", block.line, sentence, did_you_mean(label, answers))
    return found


def _whole(action: Action, lines: Mapping[str, int], report: Report) -> None:
    """Rules about several keys at once. lines: of the keys."""
    if action.changes and action.verify is None:
        report.error(
            "P430",
            lines.get("changes", action.line),
            t("It changes something, and nothing proves that it worked."),
            t("write verify: …"),
        )
    if action.changes and action.retries and not action.idempotent:
        report.error("P433", lines.get("retries", action.line), t("Retries need idempotent: true."))
    if not action.changes and action.rollback is not None:
        report.error("P431", lines.get("rollback", action.line), t("What changes nothing has nothing to undo."))
    if action.on_failure == "rollback" and action.rollback is None:
        report.error("P431", lines.get("on_failure", action.line), t("on_failure: rollback, and there is no rollback."))
    word = "" if action.changes else words_of_change(action.does)
    if word:
        sentence = t("It says changes: false, and {word} sounds otherwise.", word=Code(word))
        report.error("P436", lines.get("changes", action.line), sentence, t("write changes: true"))
