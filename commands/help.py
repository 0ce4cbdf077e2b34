"""`help [verb]`: what fits now, then everything."""

from typing import Any

from bot.flows import fitting
from bot.flows.desk import Desk
from bot.ports import Button, Json, Reply
from bot.text import Text, Typed, t
from commands import Ask, Command, Verb, registry
from commands.places import exampled, spelled

MOST = 8
"""Verbs that are shown as fitting."""
OUTSIDE = ("declare", "list", "metrics")
MORE = {
    "times": t("Times"),
    "watch": t("Keep it open"),
    "pause": t("Pause"),
    "merge": t("Fold another in"),
    "decline": t("Not an incident"),
    "decide": t("Decision"),
    "tried": t("Tried"),
    "seen": t("Report"),
    "impact": t("Impact"),
    "cause": t("Cause"),
    "followup": t("To do afterwards"),
    "undo": t("Undo"),
}
"""Verbs that nobody needs often, as buttons below [More]."""
GROUPS = {
    "start": t("Start"),
    "who": t("Who"),
    "state": t("State"),
    "plan": t("Plan"),
    "say": t("Say"),
    "read": t("Read"),
}


async def _run(desk: Desk, ask: Ask, name: str) -> Reply:
    found = registry.load()
    if name == "all":
        return Reply(tuple(_group(group, found) for group in GROUPS), done=False)
    if name:
        return Reply((_one(registry.verb(found, name)),), done=False)
    fits, more = (OUTSIDE, ()) if ask.incident is None else await fitting.fitting_now(desk, ask.who, ask.number)
    held = {needed: await desk.may(ask.who, needed, ask.incident) for needed in _needed(found, *fits, *more)}
    mine = [_one(found[verb]) for verb in fits if held[found[verb].permission]]
    lines = (t("What fits now; {all} shows everything:", all=Typed("help all")), *mine[:MOST])
    buttons = tuple(Button(MORE[name], name) for name in more if held[found[name].permission])
    return Reply(lines, buttons, done=False)


def _needed(found: dict[str, Command[Any]], *names: str) -> set[str]:
    return {found[name].permission for name in names}


def _one(verb: Command[Any]) -> Text:
    usage, example = Typed(spelled(verb.usage)), Typed(exampled(verb.example))
    if verb.usage == verb.example:
        return t("{usage} — {about}", usage=usage, about=verb.about)
    return t("{usage} — {about} (for example {example})", usage=usage, about=verb.about, example=example)


def _group(group: str, found: dict[str, Command[Any]]) -> Text:
    usages = spelled(*(verb.usage for verb in found.values() if verb.group == group))
    return t("{group}: {usages}", group=GROUPS[group], usages=Typed(usages, bare=True))


def _click(value: Json) -> str:
    return str(value.get("verb", ""))


command = Verb(
    name="help",
    group="read",
    usage="help [verb|all]",
    example="help done",
    about=t("the verbs that fit now, then all; or one of them"),
    permission="read",
    parse=lambda words: words.strip().lower(),
    click=_click,
    run=_run,
    where="anywhere",
)
