"""What is to be done afterwards: recorded with owner and day. (Nobody is reminded of it yet.)"""

import re
from datetime import UTC, date, datetime, timedelta

from bot.domain import reading
from bot.domain.events import Draft, FollowupMade, Unflagged
from bot.domain.people import By, arrive
from bot.domain.saying import cut
from bot.domain.state import Incident
from bot.domain.terms import Micros
from bot.errors import BadInput
from bot.text import Code, t

EXAMPLE = "followup alert on the lag of the standby @ben 14d"
_DUE = re.compile(r"(?i)(?:^|\s)(?:due\s+|by\s+|until\s+|in\s+)?(\d{4}-\d{2}-\d{2}|\d{1,3}\s?[dw])$")
_LENGTH = re.compile(r"(?i)^(\d{1,3})\s?([dw])$")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMED = re.compile(rf"(?i)(@\[\w+\]\s+|\s(?:due|by|until)\s+)(today|tomorrow|{'|'.join(_DAYS)})$")
"""Only behind a name or such a word: "look at the job of every monday" has no day."""


_KNOWN = re.compile(r"(?i)^(F-\d{1,9})(?:\s+(done|verify|drop|due|owner)\b|\s*$)")
_SAID = {
    "verify": "is verified: the alert came within 1 min",
    "drop": "is dropped: the old gateway is retired",
    "due": "is due 2 weeks later",
    "owner": "belongs to the team of the gateway now",
}
"""What somebody wants to do with a follow-up → the end of a note that says it."""


def refuse_known(words: str) -> None:
    """`F-17 done …` would be a new follow-up. BadInput: nobody can change one yet."""
    if found := _KNOWN.match(words):
        ref, said = found[1].upper(), _SAID.get((found[2] or "").lower(), "is done: https://…")
        sentence = t(
            "Follow-ups are only recorded so far: {ref} cannot be ticked off, verified or given away here yet. Put on the "
            "timeline what became of it.",
            ref=ref,
        )
        raise BadInput(sentence, f"note {ref} {said}")


def read(words: str) -> tuple[str, str, str]:
    """(text, owner, due as typed) of `text @owner 14d`; "" where one is missing."""
    refuse_known(words)
    called = _NAMED.search(words.strip())
    if called:
        words = words.strip()[: called.start(2)].rstrip()
    people, text = reading.people(re.sub(r"(?i)\s(?:due|by|until)$", "", words) if called else words)
    if called:
        return text, people[0] if people else "", called[2]
    found = _DUE.search(text)
    return (text[: found.start()].strip() if found else text), (people[0] if people else ""), found[1] if found else ""


def day(text: str, now: Micros) -> str:
    """`2026-12-01`, `14d`, `2w`, `friday` (the next one) as a day, "" as it is. BadInput for what is none, or past."""
    words = text.strip()
    if not words:
        return ""
    today = datetime.fromtimestamp(now / 1_000_000, UTC).date()
    found = _LENGTH.match(words)
    if (ahead := _ahead(words.lower(), today)) is not None:
        return (today + timedelta(days=ahead)).isoformat()
    try:
        due = today + timedelta(days=int(found[1]) * (7 if found[2].lower() == "w" else 1)) if found else None
        due = due or datetime.strptime(words, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError as error:
        sentence = t("I cannot read {text} as a day. Say 2026-12-01, 14d or 2w.", text=Code(words))
        raise BadInput(sentence, EXAMPLE, field="due") from error
    if due < today:
        raise BadInput(t("{day} is over.", day=words), EXAMPLE, field="due")
    return due.isoformat()


def _ahead(word: str, today: date) -> int | None:
    """How many days off a day is that is named by a word."""
    if word in _DAYS:
        return (_DAYS.index(word) - today.weekday() - 1) % 7 + 1
    return {"today": 0, "tomorrow": 1}.get(word)


def make(incident: Incident, by: By, text: str, owner: str, due: str) -> tuple[Draft, ...]:
    """`followup`, also after the end; most are made then. due: as typed."""
    if not text.strip():
        raise BadInput(t("What is to be done?"), EXAMPLE)
    return (*arrive(incident, by), Draft(FollowupMade(owner, day(due, by.now), text=cut(text))))


def flag(incident: Incident, by: By, channel: str, ts: str, text: str) -> tuple[Draft, ...]:
    """A 🚩 on a message: something is to be done about it, by nobody yet. () if it is known."""
    if any((one.channel, one.ts) == (channel, ts) for one in incident.told.followups):
        return ()
    return (*arrive(incident, by), Draft(FollowupMade(channel=channel, ts=ts, text=cut(text))))


def unflag(incident: Incident, channel: str, ts: str) -> tuple[Draft, ...]:
    """The flag is taken off. () if there is none."""
    known = any((one.channel, one.ts) == (channel, ts) for one in incident.told.followups)
    return (Draft(Unflagged(channel, ts)),) if known else ()
