"""Phases and steps: the checkboxes of a page, with their brackets, answers and blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from bot.domain.plan import Action, Answer, Phase, Step
from bot.domain.role_names import of_plan
from bot.domain.terms import COMMANDER, Micros
from bot.text import Code, t
from runbooks import doing
from runbooks.bracket import Bracket, known_role, split
from runbooks.doing import Ground
from runbooks.markdown import Fence, Item, Section
from runbooks.problem import Report, did_you_mean
from runbooks.reader import duration

_BOLD = r"(\*\*|__)"
_DECISION = re.compile(_BOLD + r"Decision:?\1:?\s*", re.IGNORECASE)
_ANSWER = re.compile(_BOLD + r"(?P<label>.+?)\1\s*(?:→|->)\s*(?P<to>.+)", re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\((?:#(?P<slug>[^)\s]+)|(?P<file>[^)\s#]+)\.md)\)")
_PHASE_LINE = re.compile(_BOLD + r"(?P<key>[A-Za-z]+):\1\s*(?P<value>.+)")
_ALMOST = re.compile(r"\[\s{0,3}[xX]?\s{0,3}\](?!\()")
_LOOKS_LIKE_ACTION = re.compile(r"^(changes|run|http|ssh|python|ansible|k8s):", re.MULTILINE)
NO_STEPS = frozenset({"roles", "settings", "injects"})
"""Headings below which a table or a block is looked for: steps there would not be printed where they stood."""
_MARKERS = {("yaml", "action"), ("yaml", "settings"), ("text", "update")}


@dataclass
class Site:
    """What is being built. roles: names of the Roles table; steps, blocks: lines of the boxes and blocks that were used."""

    ground: Ground
    roles: frozenset[str]
    steps: set[int] = field(default_factory=set)
    blocks: set[int] = field(default_factory=set)

    @property
    def report(self) -> Report:
        return self.ground.report


def phases(sections: tuple[Section, ...], site: Site) -> tuple[Phase, ...]:
    """All headings of level 2 that have checkboxes."""
    found: list[Phase] = []
    for section in sections:
        if section.level == 2 and any(item.box for item in section.items):
            found.append(_phase(section, len(found) + 1, site))
    return tuple(found)


def _phase(section: Section, number: int, site: Site) -> Phase:
    target, lead = _phase_line(section, site)
    boxes = [item for item in section.items if item.box]
    for item in section.items:
        if not item.box and _ALMOST.match(item.text):
            site.report.error("P201", item.line, t("This looks like a checkbox and is none."), t("write - [ ] text"))
    if section.slug in NO_STEPS:
        sentence = t("Below ## {title} stands something else, and no step.", title=section.title)
        site.report.error("P201", boxes[0].line, sentence, t("give the steps a ## heading of their own"))
    for fence in section.fences:
        if fence.words[:2] not in _MARKERS:
            sentence = t("This block stands outside a step, so nobody gets it to copy.")
            site.report.warn("P402", fence.line, sentence, t("indent it below its - [ ]"))
    steps = tuple(_step(item, f"{number}.{place}", lead, site) for place, item in enumerate(boxes, 1))
    if target is not None and sum(step.within or 0 for step in steps if not step.meanwhile) > target:
        site.report.warn("P417", section.line, t("The times of the steps add up to more than the target of the phase."))
    return Phase(section.slug, section.title, steps, section.line, target, lead)


def _phase_line(section: Section, site: Site) -> tuple[Micros | None, str]:
    """`**Target:** 10 min · **Lead:** Role`"""
    target, lead = None, ""
    for words in section.paragraphs:
        for part in words.text.split("·"):
            found = _PHASE_LINE.fullmatch(part.strip())
            if not found:
                break
            key, value = found["key"].lower(), found["value"].strip()
            if key == "target":
                target = duration(value)
                if not target:
                    site.report.error(
                        "P205", words.line, t("{words} is no time: write 10 min.", words=Code(value[:80]))
                    )
            elif key == "lead":
                lead = of_plan(value)
                known_role(lead, site.roles, words.line, site.report)
            elif (hint := did_you_mean(key, ("target", "lead"))) is not None and len(words.text) < 80:
                site.report.warn("P205", words.line, t("{key} is not known here.", key=Code(found["key"])), hint)
    return target, lead


def _step(item: Item, number: str, lead: str, site: Site) -> Step:
    report = site.report
    site.steps.add(item.line)
    if item.box == "x":
        report.error("P203", item.line, t("This box is ticked already."), t("write - [ ]"))
    text, bracket = split(" ".join(item.text.split()), item.line, report)
    _check_bracket(bracket, item, lead, site)
    decision = _DECISION.match(text)
    question = text[decision.end() :] if decision else ""
    answers = _answers(item, bool(decision), report)
    action, update, copy = _blocks(item, tuple(answer.label for answer in answers), site)
    if decision and (bracket.confirmed_by or "evidence" in bracket.flags or "optional" in bracket.flags):
        report.error("P212", item.line, t("A decision is answered: it cannot be confirmed, proven or optional."))
    if not text or (decision and not question):
        report.error("P201", item.line, t("This step has no words."))
    return Step(
        number,
        question or _words(text, item, bool(decision)),
        item.line,
        role=bracket.role,
        within=bracket.within,
        evidence="evidence" in bracket.flags,
        confirmed_by=bracket.confirmed_by,
        confirm_always="always" in bracket.flags,
        optional="optional" in bracket.flags,
        meanwhile="meanwhile" in bracket.flags,
        marks=bracket.marks,
        copy=copy,
        update_text=update,
        question=question,
        answers=answers,
        action=action,
    )


def _words(text: str, item: Item, decision: bool) -> str:
    """The step's words with all paragraphs and plain bullets below them, in their order."""
    below = [(words.line, words.text) for words in item.more]
    for inner in () if decision else _nested(item):
        below += [(inner.line, f"• {inner.text}"), *((words.line, words.text) for words in inner.more)]
    return "\n".join([text, *(" ".join(words.split()) for _, words in sorted(below) if words)])


def _nested(item: Item) -> Iterator[Item]:
    """The items below an item, however deep."""
    for inner in item.items:
        yield inner
        yield from _nested(inner)


def _below(item: Item) -> Iterator[tuple[int, str]]:
    """All that is written in an item below its first paragraph: lines and words."""
    for one in (item, *_nested(item)):
        yield from ((words.line, " ".join(words.text.split())) for words in one.more)
    yield from ((inner.line, " ".join(inner.text.split())) for inner in _nested(item))


def _check_bracket(bracket: Bracket, item: Item, lead: str, site: Site) -> None:
    known_role(bracket.role, site.roles, item.line, site.report)
    known_role(bracket.confirmed_by, site.roles, item.line, site.report)
    if bracket.confirmed_by and bracket.confirmed_by == (bracket.role or lead or COMMANDER):
        sentence = t("{role} does this step and would confirm it, too.", role=Code(bracket.confirmed_by))
        site.report.error("P209", item.line, sentence)
    for line, text in _below(item):
        _, loose = split(text, line, site.report)
        if loose != Bracket():
            site.report.error("P211", line, t("The bracket belongs to the end of the step's first paragraph."))


def _answers(item: Item, decision: bool, report: Report) -> tuple[Answer, ...]:
    found: list[Answer] = []
    for inner in item.items:
        written = _ANSWER.fullmatch(inner.text.strip())
        if written and not decision:
            report.error("P301", inner.line, t("An answer without a question."), t("begin the step with **Decision:**"))
        if not decision or inner.box:
            continue
        if written is None:
            report.error(
                "P302", inner.line, t("An answer looks like this: {example}", example=Code("**Yes** → continue"))
            )
            continue
        label = written["label"].strip()
        if any(answer.label.lower() == label.lower() for answer in found):
            report.error("P301", inner.line, t("The answer {label} stands here twice.", label=Code(label[:80])))
        found.append(Answer(label, _destination(written["to"].strip(), inner.line, report), inner.line))
    if decision and len(found) < 2:
        report.error("P301", item.line, t("A decision needs two answers or more."), t("write - **Yes** → continue"))
    return tuple(found)


def _destination(words: str, line: int, report: Report) -> str:
    plain = words.strip("`*_. ").lower()
    if plain in ("continue", "stop"):
        return plain
    link = _LINK.fullmatch(words)
    if link is None:
        sentence = t("{words} is no place to go.", words=Code(words[:80]))
        report.error("P302", line, sentence, t("write continue, stop, [Phase](#phase) or [plan](file.md)"))
        return "stop"
    return f"phase:{unquote(link['slug'])}" if link["slug"] else f"plan:{link['file'].removeprefix('./')}"


def _blocks(item: Item, answers: tuple[str, ...], site: Site) -> tuple[Action | None, str, tuple[str, ...]]:
    """The step's action, the text for the update form, and texts to copy."""
    actions: list[Action | None] = []
    update, copies = "", []
    nested = (fence for inner in _nested(item) for fence in inner.fences if fence.words[:2] not in _MARKERS)
    for fence in (*item.fences, *nested):
        if fence.words[:2] == ("yaml", "action"):
            site.blocks.add(fence.line)
            if actions:
                site.report.error("P404", fence.line, t("A step has one action."), t("make a second step"))
            actions.append(doing.read(fence, answers, site.ground))
        elif fence.words[:2] == ("text", "update"):
            site.blocks.add(fence.line)
            update = fence.content.strip()
        else:
            _plain(fence, site.report)
            copies.append(fence.content.rstrip("\n"))
    return (actions[0] if actions else None), update, tuple(copies)


def _plain(fence: Fence, report: Report) -> None:
    words = fence.words[:1]
    if words and words[0] in ("yaml", "yml") and _LOOKS_LIKE_ACTION.search(fence.content):
        report.error(
            "P401", fence.line, t("This looks like an action and is not marked as one."), t("write ```yaml action")
        )
    elif len(fence.words) > 1 and fence.words[:2] not in _MARKERS:
        report.warn(
            "P403", fence.line, t("{words} is no mark that Tocsin knows.", words=Code(" ".join(fence.words)[:80]))
        )
