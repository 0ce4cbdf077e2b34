"""What Slack did not get answered goes by the person's own notifier, too; and the link that answers it without Slack."""

from dataclasses import dataclass, replace

from bot.domain import link, named, waking
from bot.domain.events import Draft, PersonWoken
from bot.domain.link import LASTS, Place
from bot.domain.state import Incident, Offer, Page
from bot.domain.terms import BOT, Source
from bot.errors import Refused
from bot.flows import people
from bot.flows.case import Case
from bot.flows.desk import Desk
from bot.ports import EVERYTHING, Cause, Json
from bot.slack.views import words
from bot.slack.views.people import since
from bot.text import Strong, Text, When, Who, t


async def ring(case: Case, args: Json) -> None:
    """`clock.ring`: it was not answered in time. Who has no notifier is left to Slack."""
    person, about, ref = args["person"], args["about"], args["ref"]
    callee = case.desk.organisation.oncall.callee(person)
    if callee is None or not callee.notify or not waking.waits(case.incident, about, ref, person):
        return
    if not await _rang(case, person, about, ref):
        why = await _why(case, args)
        await case.record([Draft(PersonWoken(person, about, ref, why), actor=BOT, source=Source.AUTOMATION)])


async def _why(case: Case, args: Json) -> str:
    """Nobody has left unanswered in Slack what never came there. (What an older version enqueued does not say what was sent.)"""
    why, sent = args["why"], args.get("sent")
    if why == "unanswered" and case.incident.away is not None:
        return "away"
    if why == "unanswered" and sent and await case.tx.message(sent) is None:
        return "unsent"
    return str(why)


async def _rang(case: Case, person: str, about: str, ref: str) -> bool:
    """It rang for that already, since they are in do-not-disturb; or it has only just rung here for another call."""
    for event in await case.tx.timeline(case.incident.number, EVERYTHING):
        p = event.payload
        if not isinstance(p, PersonWoken) or p.person != person:
            continue
        calls = {p.about, about} <= {waking.CALL, waking.ROLE}
        if p.ref == ref or (calls and case.now - event.recorded_at < waking.ONE):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Look:
    """What a link shows. said: sentences; open: it can be taken now; role: that is offered, "" for none; zone: of the reader."""

    said: tuple[Text, ...]
    open: bool = False
    role: str = ""
    zone: str = "UTC"


@dataclass
class Links:
    """The links of one installation. key: only Tocsin has it; whoever has it can answer for everybody."""

    desk: Desk
    key: bytes

    def url(self, place: Place, person: str) -> str:
        """The link, "" if people cannot reach us by one."""
        base = self.desk.public_url
        return f"{base}/have/{link.token(self.key, place, person)}" if base else ""

    async def look(self, token: str) -> Look | None:
        """What stands behind a token; None if it is none of ours. Changes nothing."""
        found = await self._find(token)
        if found is None:
            return None
        async with self.desk.store.read() as reads:
            return replace(self._look(*found), zone=await self.desk.zone(reads, found[1].person))

    async def take(self, token: str) -> Look | None:
        """`I have it`. Once: after that, and when somebody was quicker, it says who has it."""
        found = await self._find(token)
        if found is None:
            return None
        incident, thing = found
        before = self._look(incident, thing)
        if not before.open:
            return before
        cause = Cause(f"link:{token}", thing.person, Source.BUTTON)
        page = thing.id if isinstance(thing, Page) else ""
        try:
            if not await self.desk.may(thing.person, "respond", incident.number):
                return Look((t("Your account may not answer here any more."),))
            await people.take(self.desk, cause, incident.number, thing.role, page)
        except Refused as refused:
            return Look((refused.sentence,))
        return await self.look(token)

    async def _find(self, token: str) -> tuple[Incident, Page | Offer] | None:
        place = link.place_of(token)
        if place is None:
            return None
        async with self.desk.store.read() as reads:
            incident = await reads.incident(place.incident, EVERYTHING)
        thing = None if incident is None else link.call_at(incident, place) or link.offer_at(incident, place)
        if incident is None or thing is None or not link.proves(self.key, place, thing.person, token):
            return None
        return incident, thing

    def _look(self, incident: Incident, thing: Page | Offer) -> Look:
        head = t(
            "{ref} {sev}: {title}", ref=incident.ref, sev=incident.severity.value.upper(), title=Strong(incident.title)
        )
        opened = t("Since {at}.", at=When(since(incident), "full"))
        there = _there(incident, thing.person)
        if not incident.status.open:
            return Look((head, t("It is over: {status}.", status=words.STATUS[incident.status])))
        if thing.answer:
            return Look((head, _answered(incident, thing), there))
        if self.desk.clock.now() > thing.at + LASTS:
            return Look((head, t("This link is too old. Answer in Slack."), there))
        role = t("You are asked to be {role}.", role=named.role(thing.role)) if thing.role else t("You are called.")
        return Look((head, opened, role, there), open=True, role=thing.role)


def _there(incident: Incident, but: str) -> Text:
    """Who else has it."""
    others = [person for person in incident.answered if person != but]
    if not others:
        return t("Nobody else has answered yet.")
    if incident.commander in others:
        return t("{who} commands.", who=Who(incident.commander))
    return t("{who} is there.", who=Who(others[0]))


def _answered(incident: Incident, thing: Page | Offer) -> Text:
    by = thing.by if isinstance(thing, Page) else incident.holder(thing.role)
    if thing.answer == "take":
        return t("You have it.")
    if thing.answer == "pass":
        return t("You have said that you cannot.")
    return t("{who} has it.", who=Who(by)) if by else t("It is no longer asked.")
