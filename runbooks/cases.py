"""`plan.test.yaml`: what an author expects of a plan, next to it. Read with lines, so that a mistake is told where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.plan import Plan
from bot.domain.policy import Mode
from bot.domain.terms import Micros
from bot.text import Code, t
from runbooks.cases_seen import WRONG, Seen, checks, code, seen
from runbooks.problem import Report, did_you_mean
from runbooks.reader import Reader, duration, mapping_of
from runbooks.ways import steps
from runbooks.yaml_lines import Y, load

SUFFIX = ".test.yaml"
APPROVE = ("yes", "no", "nobody")
CRASHES = ("host",)
UNDO = ("ok", "fail", "crash")


@dataclass(frozen=True, slots=True)
class Fake:
    """What a machine answers to one attempt. code: exit or HTTP, None = the one that is good; crash: nobody saw the end;
    undo: how undoing it ends, one of UNDO.
    """

    code: int | None = None
    crash: bool = False
    timed_out: bool = False
    verified: bool = True
    undo: str = "ok"


@dataclass(frozen=True, slots=True)
class Expect:
    """What must come true. path, never: phases (by anchor), steps (`2.3`) and actions (by id, which wins
    over a phase of the same name); undone: actions, as they were undone; aborted: checks; None = not said."""

    path: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    approvals: int | None = None
    states: tuple[str, ...] | None = None
    attempts: int | None = None
    refused: tuple[str, ...] | None = None
    undone: tuple[str, ...] | None = None
    aborted: tuple[str, ...] | None = None
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One test. answers: step (`2.3`) or the beginning of its question → answers, one per visit (the last one stays); by_hand:
    people do what the bot does not, as the card tells them to; else they wait."""

    name: str
    line: int
    alert: Mapping[str, str]
    expect: Expect
    run: Mapping[str, str] = field(default_factory=dict)
    fake: Mapping[str, tuple[Fake, ...]] = field(default_factory=dict)
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    approve: str = "yes"
    mode: Mode = Mode.AUTO
    hosts: tuple[str, ...] | None = None
    ran: tuple[Micros, ...] = ()
    seen: Mapping[str, Seen] = field(default_factory=dict)
    by_hand: bool = False

    def answers_to(self, action: str, n: int) -> Fake:
        """What the machine answers to try n of an action, from 0: a list is used up; one answer holds always, but a crash
        happens once."""
        named = self.fake.get(action, ())
        if len(named) == 1 and not named[0].crash:
            return named[0]
        return named[n] if n < len(named) else Fake()


def read(text: str, plan: Plan, report: Report) -> tuple[Case, ...]:
    """The tests of a plan; mistakes go to the report (P101, P701)."""
    block = load(text, 1, report)
    if block is None or not isinstance(block.value, list):
        if not report.failed:
            report.error(WRONG, 1, t("A test file is a list: - name: …"))
        return ()
    return tuple(_case(item, plan, report) for item in block.value)


def _case(item: Y, plan: Plan, report: Report) -> Case:
    inside = Reader(item, report, "a test", WRONG)
    name, fakes = inside.text("name"), _names(inside, "fake")
    if not name:
        report.error(WRONG, item.line, t("This test has no name."))
    case = Case(
        name,
        item.line,
        _words(inside, "alert"),
        _expect(inside, plan),
        _words(inside, "run"),
        _fakes(fakes, plan, report),
        _answers(inside, plan),
        inside.one_of("approve", APPROVE, "yes"),
        Mode(inside.one_of("mode", [mode.value for mode in Mode], Mode.AUTO.value)),
        inside.texts("hosts") if "hosts" in inside.left else None,
        _lengths(inside),
        seen(fakes, plan, report),
        inside.flag("by_hand"),
    )
    inside.end(WRONG)
    return case


def _words(inside: Reader, key: str) -> Mapping[str, str]:
    """Names with texts."""
    return {name: value.raw for name, value in _names(inside, key).items()}


def _names(inside: Reader, key: str) -> Mapping[str, Y]:
    """Names with anything."""
    block = inside.take(key)
    if block is not None and not isinstance(block.value, dict):
        inside.bad(block.line, key, "names with values in { }")
    return mapping_of(block)


def _lengths(inside: Reader) -> tuple[Micros, ...]:
    """`ran: [10m]`: the plan's actions ran so long ago."""
    line = inside.left["ran"].line if "ran" in inside.left else inside.line
    found = []
    for words in inside.texts("ran"):
        length = duration(words)
        if length is None:
            inside.bad(line, "ran", "a list of times such as [10m, 2h]")
        found.append(length or 0)
    return tuple(found)


def _fakes(told: Mapping[str, Y], plan: Plan, report: Report) -> Mapping[str, tuple[Fake, ...]]:
    actions = [step.action.id for step in steps(plan) if step.action]
    looks = [check.id for _, check in plan.abort_checks]
    found = {}
    for name, value in told.items():
        if name in looks:
            continue
        if name not in actions:
            sentence = t("The plan has no action {id}.", id=Code(name[:80]))
            report.error(WRONG, value.line, sentence, did_you_mean(name, [*actions, *looks]))
        items = value.value if isinstance(value.value, list) else [value]
        found[name] = tuple(_fake(item, report) for item in items)
    return found


def _fake(item: Y, report: Report) -> Fake:
    inside = Reader(item, report, "an answer of a machine", WRONG)
    answered = code(inside)
    crash = inside.one_of("crash", CRASHES, "")
    timed_out = inside.flag("timed_out")
    verify = inside.one_of("verify", ("ok", "fail"), "ok")
    undo = inside.one_of("rollback", UNDO, "ok")
    inside.end(WRONG)
    return Fake(answered, bool(crash), timed_out, verify == "ok", undo)


def _answers(inside: Reader, plan: Plan) -> Mapping[str, tuple[str, ...]]:
    decisions = [step for step in steps(plan) if step.answers]
    found = {}
    for name, value in _names(inside, "answers").items():
        step = next((one for one in decisions if name == one.number or one.question.startswith(name)), None)
        said = [item.raw for item in value.value] if isinstance(value.value, list) else [value.raw]
        if step is None:
            numbers = [one.number for one in decisions]
            sentence = t("The plan asks nothing at {step}.", step=Code(name[:80]))
            inside.report.error(WRONG, value.line, sentence, did_you_mean(name, numbers))
            continue
        labels = [answer.label for answer in step.answers]
        for words in said:
            if words not in labels:
                sentence = t("{label} is no answer of step {step}.", label=Code(words[:80]), step=step.number)
                inside.report.error(WRONG, value.line, sentence, did_you_mean(words, labels))
        found[step.number] = tuple(said)
    return found


def _expect(inside: Reader, plan: Plan) -> Expect:
    block = inside.take("expect")
    if block is None:
        inside.report.error(
            WRONG, inside.line, t("This test expects nothing."), t("write expect: {what}", what="{path: …}")
        )
        return Expect()
    told = Reader(block, inside.report, "expect", WRONG)
    expect = Expect(
        _places(told, "path", plan),
        _places(told, "never", plan),
        _count(told, "approvals"),
        told.texts("states") if "states" in told.left else None,
        _count(told, "attempts"),
        told.texts("refused") if "refused" in told.left else None,
        _places(told, "undone", plan) if "undone" in told.left else None,
        checks(told, plan) if "aborted" in told.left else None,
        told.text("ends"),
    )
    told.end(WRONG)
    return expect


def _count(told: Reader, key: str) -> int | None:
    return told.number(key, 0, 1000, 0) if key in told.left else None


def _places(told: Reader, key: str, plan: Plan) -> tuple[str, ...]:
    """Phases, steps and actions that are there."""
    known = {phase.slug for phase in plan.phases} | {step.number for step in steps(plan)}
    known |= {step.action.id for step in steps(plan) if step.action}
    line = told.left[key].line if key in told.left else told.line
    found = told.texts(key)
    for name in found:
        if name not in known:
            sentence = t("The plan has no phase, step or action {name}.", name=Code(name[:80]))
            told.report.error(WRONG, line, sentence, did_you_mean(name, known))
    return found
