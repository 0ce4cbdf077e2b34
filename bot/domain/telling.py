"""What people tell of an incident besides notes and updates: decided, tried, seen, impact."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain.events import CauseNamed, Decided, Draft, ImpactTold, SeenBy, Tried
from bot.domain.moments import checked
from bot.domain.people import By, arrive
from bot.domain.questions import CAUSES
from bot.domain.saying import cut
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.domain.told import SEEN_BY
from bot.errors import BadInput
from bot.text import Code, Strong, When, t

_FUNCTION = re.compile(r"[\w][\w .&/-]{0,39}")
_ALSO = {
    "client": "customer",
    "user": "customer",
    "staff": "colleague",
    "employee": "colleague",
    "vendor": "partner",
    "supplier": "partner",
    "trader": "business",
}
CAUSE = "cause CHG.config"
IMPACT, SEEN = "impact trading 40% from 02:45 to 03:10", "seen customer orders time out at checkout"


def decide(incident: Incident, by: By, text: str, at: Micros | None = None) -> tuple[Draft, ...]:
    """A decision, also after the end."""
    if not text.strip():
        raise BadInput(t("What was decided?"), "decide we fail over at 03:15")
    return (*arrive(incident, by), Draft(Decided(cut(text)), at=at))


def tried(incident: Incident, by: By, text: str, result: str, at: Micros | None = None) -> tuple[Draft, ...]:
    """Something that was tried, and what came of it ("" if that is not known)."""
    if not text.strip():
        raise BadInput(t("What was tried?"), "tried restart of gw-3 → no change")
    return (*arrive(incident, by), Draft(Tried(cut(text), cut(result)), at=at))


def whose(word: str) -> str:
    """A code of SEEN_BY by the word for it; BadInput with what was probably meant."""
    name = word.lower().rstrip(",:")
    name = name if name in SEEN_BY or not name.endswith("s") or name == "business" else name.removesuffix("s")
    if name in SEEN_BY:
        return name
    if name in _ALSO:
        return _ALSO[name]
    near = get_close_matches(name, SEEN_BY, n=1)
    who = ", ".join(SEEN_BY)
    if near:
        sentence = t("I do not know {word}. Did you mean {near}?", word=Strong(word), near=Strong(near[0]))
        raise BadInput(sentence, SEEN, field="who")
    raise BadInput(t("Who sees it? Say one of: {who}.", who=who), SEEN, field="who")


@dataclass(frozen=True, slots=True)
class Message:
    """The message in which somebody says so."""

    channel: str
    ts: str
    author: str
    at: Micros


def seen(
    incident: Incident, by: By, who: str, text: str, at: Micros | None = None, message: Message | None = None
) -> tuple[Draft, ...]:
    """A report of somebody outside monitoring. () if this message is one already."""
    if not text.strip():
        raise BadInput(t("What do they see?"), SEEN)
    if message is None:
        return (*arrive(incident, by), Draft(SeenBy(whose(who), text=cut(text)), at=at))
    if any((one.channel, one.ts) == (message.channel, message.ts) for one in incident.told.seen):
        return ()
    said = SeenBy(whose(who), message.channel, message.ts, message.author, cut(text))
    return (*arrive(incident, by), Draft(said, at=checked(incident, by.now, message.at)))


def seen_too(incident: Incident, person: str) -> tuple[Draft, ...]:
    """[I see it too], of whoever reads the announcement: a report, and no answer to a call. () if they said so already."""
    if any(one.person == person for one in incident.told.seen):
        return ()
    return (Draft(SeenBy("colleague", too=True)),)


def cause_of(word: str) -> str:
    """A code of CAUSES, by the code, its last part, or its title. BadInput with what was probably meant."""
    name = " ".join(word.split()).lower()
    known = {code.lower(): code for code in CAUSES}
    known |= {code.lower().partition(".")[2]: code for code in CAUSES}
    known |= {title.msgid.lower(): code for code, title in CAUSES.items()}
    if name in known:
        return known[name]
    near = [known[one] for one in get_close_matches(name, known, n=3)]
    near = near or [code for said, code in known.items() if name and name in said][:3]
    if near:
        codes = ", ".join(dict.fromkeys(near))
        raise BadInput(t("I know no cause {word}. Did you mean {codes}?", word=Strong(word), codes=codes), CAUSE)
    raise BadInput(t("I know no cause {word}. `cause` alone shows all.", word=Strong(word)), CAUSE)


def cause(incident: Incident, by: By, code: str, text: str = "") -> tuple[Draft, ...]:
    """One of the causes; there may be several. () if it was named already."""
    if code not in CAUSES:
        raise BadInput(t("I know no cause {word}. `cause` alone shows all.", word=Strong(code)), CAUSE, field="code")
    if any(one.code == code for one in incident.told.causes):
        return ()
    return (*arrive(incident, by), Draft(CauseNamed(code, cut(text))))


def no_impact(incident: Incident, by: By) -> tuple[Draft, ...]:
    """Nothing was affected. () if that is what was said last."""
    if incident.told.impact == ():
        return ()
    return (*arrive(incident, by), Draft(ImpactTold(percent=0)))


def impact(
    incident: Incident,
    by: By,
    function: str,
    percent: int | None = None,
    start: Micros | None = None,
    end: Micros | None = None,
) -> tuple[Draft, ...]:
    """What was affected: of which function how many percent, from when to when. () if exactly that was said."""
    name = " ".join(function.lower().split())
    if not name and percent is None:
        raise BadInput(t("What was affected, and how much of it? Or say `impact none`."), IMPACT, field="function")
    if name and not _FUNCTION.fullmatch(name):
        sentence = t("{name} is no name of a business function: a few plain words.", name=Code(function))
        raise BadInput(sentence, IMPACT, field="function")
    if percent is not None and not 0 < percent <= 100:
        raise BadInput(t("It is 1% to 100%. If nothing was affected, say `impact none`."), IMPACT, field="percent")
    start, end = checked(incident, by.now, start), checked(incident, by.now, end)
    if start is not None and end is not None and end <= start:
        sentence = t(
            "{end} is not after {start}. Say the day too: `yesterday 23:50`.",
            start=When(start, "full"),
            end=When(end, "full"),
        )
        raise BadInput(sentence, IMPACT, field="end")
    told = ImpactTold(name, percent, start, end)
    same = any(
        (one.function, one.percent, one.start, one.end) == (name, percent, start, end)
        for one in incident.told.impact or ()
    )
    return () if same else (*arrive(incident, by), Draft(told))
