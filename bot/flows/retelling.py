"""Another language: what stands in Slack of the open incidents, and is brought up to date in place, is drawn anew in it; and what
stands there of those that ended, as long as their questions wait.

Words that were posted once stay as they are. What stands there, and how it is drawn, is known from the effects that put it there.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot import locale
from bot.domain import questions
from bot.domain.state import Incident
from bot.domain.terms import stream_of
from bot.flows.redrawing import redraw
from bot.ports import EVERYTHING, Effect, Json, Reads, Store
from bot.work.effects import NOTICE

LANGUAGE = "org:language"
"""Key of the row that says in which language everything is drawn."""
MOST = 1000
"""Incidents that are drawn anew, open ones, and of those that ended lately."""
Lives = Callable[[Incident, Json], bool]
"""(incident, arguments of an effect) → whether what it shows is to be drawn anew."""
ALWAYS = (
    *("card", "announcement", "context", "questions"),
    *("offer", "assigned", "duties", "joining", "silent"),  # direct messages: drawn while they still make sense
)


class Retelling:
    """What is to be done once, when this process has Slack's people: then everything that is shown can be drawn."""

    def __init__(self, store: Store, known: Callable[[], Awaitable[None]]) -> None:
        self._store, self._known = store, known
        self._done = False

    async def known(self) -> None:
        """People and groups were read. StoreAway."""
        await self._known()
        if not self._done:
            await retell(self._store, locale.spoken())
            self._done = True


async def retell(store: Store, language: str) -> None:
    """The open incidents are shown in this language from now on. StoreAway."""

    async def made(reads: Reads, last: str, why: str) -> Iterable[Effect]:
        if not last:  # the first language is the one they have
            return []
        open_ = await reads.incidents(EVERYTHING, limit=MOST)
        ended = await reads.incidents(EVERYTHING, open_only=False, limit=MOST)
        open_ += [one for one in ended if not one.status.open and _asked(one)]
        return [
            replace(effect, key=f"{effect.coalesce}@{why}")
            for incident in open_
            for effect in drawn(incident, await reads.effects(stream_of(incident.number)))
        ]

    await redraw(store, LANGUAGE, language, made)


def drawn(incident: Incident, effects: Sequence[Json], lives: Lives | None = None) -> Iterator[Effect]:
    """One effect for each thing that is shown of an incident and lives; without `lives`: that may still change. effects: its
    rows, the newest last."""
    lives = lives or _lives
    newest: dict[str, Json] = {}
    for row in effects:
        if row["kind"] in ("show", "dm", "page", "topic"):
            newest[row["args"].get("key") or row["coalesce_key"]] = row
    for row in newest.values():
        args, kind = row["args"], "topic" if row["kind"] == "topic" else "show"
        if kind == "topic" or lives(incident, args):
            coalesce = row["coalesce_key"] or row["key"]
            yield Effect(row["key"], kind, row["lane"], row["stream"], args, NOTICE, coalesce=coalesce)


def _lives(incident: Incident, args: Json) -> bool:
    lives = LIVES.get(args["surface"])
    return lives is not None and lives(incident, args)


def _step(incident: Incident, args: Json) -> bool:
    walk = next((walk for walk in incident.walks if walk.run == args["run"]), None)
    open_ = walk.open if walk else ()
    return any((visit.step, visit.visit) == (args["step"], args["visit"]) for visit in open_)


def _approval(incident: Incident, args: Json) -> bool:
    asked = incident.approval(args["digest"])
    return asked is not None and asked.state == "open"


def _attempt(incident: Incident, args: Json) -> bool:
    found = incident.attempt(args["attempt"])
    return found is not None and found.state in ("running", "unknown")


def _question(incident: Incident, args: Json) -> bool:
    return incident.question is not None and incident.question.seq == args["question"]


def _call(incident: Incident, args: Json) -> bool:
    return not any(page.id == args.get("page") and page.answer for page in incident.pages)


def _asked(incident: Incident) -> bool:
    """Its five questions wait, in a channel where they can be answered."""
    return bool(incident.questions and questions.unanswered(incident)) and not incident.archived


LIVES: Mapping[str, Lives] = {
    **dict.fromkeys(ALWAYS, lambda incident, args: True),
    "step": _step,
    "approval": _approval,
    "approval_dm": _approval,
    "attempt": _attempt,
    "allclear": _question,
    "invite": _call,
    "page": _call,
}
"""Surface → whether it may still change."""
