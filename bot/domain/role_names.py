"""What roles are called: by plans, and by people in a hurry. Roles are named in lower case."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache

from bot import locale
from bot.domain import named, phrase
from bot.domain.state import Incident
from bot.domain.terms import COMMANDER, ROLES
from bot.errors import BadInput
from bot.text import Code, Strong, t

LONGEST = 60
COMMANDERS = frozenset({COMMANDER, "ic", "incident commander"})
"""The commander, in a plan and in a typed line. Any other name in a plan is a role of its own."""
SHORT = {
    **dict.fromkeys(COMMANDERS, COMMANDER),
    "incident command": COMMANDER,
    "command": COMMANDER,
    "comms": "communications",
    "communication": "communications",
    "ops": "operations",
    "operation": "operations",
}
"""What people type for a standing role, unless the incident has a role of exactly that name."""


_AROUND = {
    *("to", "for", "as", "is", "=", "give", "assign", "make", "the", "role", "over", "now"),
    *("给", "为", "是", "由", "让", "任"),
}
"""Words that people put around a role, and that are none of it."""

_QUOTES = " \"'“”„‘’«»「」"


@cache
def _called() -> Mapping[str, str]:
    """What stands for a standing role: what people type, and its name on the screen in every language."""
    shown = [(text, role) for by in (named.IN_A_SENTENCE, named.ON_A_BUTTON) for role, text in by.items()]
    return {**{title.lower(): role for text, role in shown for title in locale.titles(text.msgid)}, **SHORT}


def bare(typed: str) -> str:
    """The role without what people say around it: `to`, `give … the`, `给`, quotes. Ends only: a role may have such a word."""
    words = typed.lower().strip(_QUOTES).split()
    while words and words[0] in _AROUND:
        del words[0]
    while words and words[-1] in _AROUND:
        del words[-1]
    return " ".join(words)


def mine(typed: str) -> str:
    """The role that is offered to me; `it` is what was offered last."""
    return bare(typed) if bare(typed) not in ("it", "this", "that") else ""


def of_plan(written: str) -> str:
    """A role as a plan writes it; `IC` and `Incident commander` are the commander."""
    name = " ".join(written.lower().split())
    return COMMANDER if name in COMMANDERS else name


def meant(incident: Incident, typed: str, also: Collection[str] = ()) -> str:
    """The role that somebody means: one that is here, else the one that is called so, in any language. also: the plan's roles."""
    name = " ".join(typed.lower().split())
    return name if name in known(incident, also) else _called().get(name, name)


def spelled(role: str) -> str:
    """The name of a role to be given. BadInput for none."""
    name = " ".join(role.lower().split())
    if not name or len(name) > LONGEST:
        raise BadInput(
            t("{role} cannot be a role: name one in a few words.", role=Strong(role[:LONGEST])), "role commander @ana"
        )
    return name


def refuse_misspelt(incident: Incident, role: str, also: Collection[str] = (), verb: str = "role") -> None:
    """A role of one's own is fine. One that looks like a role there is already was meant to be that; a role with something
    behind it was meant for somebody. also: the plan's roles; verb: of the example."""
    here = known(incident, also)
    if role in here:
        return
    first = next((name for name in (*here, *_called()) if role.startswith(f"{name} ")), "")
    if first:
        given, rest = first if first in here else _called()[first], role.removeprefix(first).strip()
        _refuse_elsewhere(rest, f"{verb} {given} @…" if verb == "role" else f"{verb} {given}")
        sentence = t("There is no role {role} here. Whom it is for is mentioned with an @.", role=Code(role))
        raise BadInput(sentence, f"{verb} {given} @{rest.split()[0]}")
    near = get_close_matches(role, (*here, *_called()), n=1, cutoff=0.75)
    if near:
        sentence = t("There is no role {role} here. Did you mean {near}?", role=Code(role), near=Code(near[0]))
        raise BadInput(sentence, f"{verb} @ben {near[0]}" if verb == "handoff" else f"{verb} {near[0]}")


def _refuse_elsewhere(rest: str, line: str) -> None:
    number, more = phrase.incident(rest)
    if number is not None and not more:
        sentence = t("Nothing was done. If {ref} is the incident you mean, begin with it.", ref=f"INC-{number}")
        raise BadInput(sentence, f"INC-{number} {line}")


def refuse_person(incident: Incident, role: str, people: Collection[str], also: Collection[str] = ()) -> None:
    """Who types a name alone has left the role out. people: who is called as the role is; also: the plan's roles."""
    if people and role not in known(incident, also):
        sentence = t("{name} is a person. Say which role, and mention them with an @.", name=Strong(role.title()))
        raise BadInput(sentence, f"role {COMMANDER} @{role.split()[0]}")


def refuse_unknown(incident: Incident, role: str, also: Collection[str] = (), verb: str = "take") -> None:
    """Only a role that there is can be taken without being given, or handed on. also: the plan's roles; verb: of the example."""
    here = known(incident, also)
    if role and role not in here:
        refuse_misspelt(incident, role, also, verb)
        sentence = t("There is no role {role} here. There are: {known}.", role=Code(role), known=named.roles(here))
        raise BadInput(sentence, f"{verb} communications")


def known(incident: Incident, also: Collection[str]) -> tuple[str, ...]:
    """All roles that there are here. also: the plan's."""
    offered = (offer.role for offer in incident.offers)
    return tuple(dict.fromkeys((*ROLES, *incident.required, *incident.roles, *offered, *also)))
