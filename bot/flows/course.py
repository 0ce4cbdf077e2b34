"""Watching, pausing, and setting moments right: one transaction each, and the sentence for the one who asked."""

from collections.abc import Mapping

from bot.domain import course, moments, named
from bot.domain.state import Incident
from bot.domain.terms import HOUR, Micros, Milestone, Source
from bot.flows import hiding
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.report import incident_for
from bot.ports import EVERYTHING, Button, Cause, Reply
from bot.text import Code, Room, Text, When, Who, t

SLACK: Micros = HOUR
"""Something may have happened so long after an incident was said to be over."""


async def watch(desk: Desk, cause: Cause, number: int, until: Micros | None) -> Reply:
    """`watch`: it stays open until then. None: no longer."""

    async def work(case: Case) -> Reply:
        drafts = course.watch(case.incident, case.by, until)
        await case.record(drafts)
        if until is None:
            return Reply((t("{ref} is not watched any more.", ref=case.incident.ref),), done=bool(drafts))
        said = t("{ref} stays open until {at}; then I ask.", ref=case.incident.ref, at=When(until, "full"))
        return Reply((said,), done=bool(drafts))

    return await once(desk, cause, number, work)


async def pause(desk: Desk, cause: Cause, number: int, reason: str) -> Reply:
    """`pause`: people wait for something."""

    async def work(case: Case) -> Reply:
        drafts = course.pause(case.incident, case.by, reason)
        await case.record(drafts)
        here = case.incident.paused
        assert here is not None
        resume = (Button(t("Resume"), "resume", {"i": number}),)
        if not drafts:
            since = t("It is paused since {at}, by {who}.", at=When(here.start), who=Who(here.by))
            return Reply((since,), resume, done=False)
        said = t(
            "{ref} is paused: nobody is reminded or late until {word}.", ref=case.incident.ref, word=Code("resume")
        )
        return Reply((said,), resume)

    return await once(desk, cause, number, work)


async def resume(desk: Desk, cause: Cause, number: int) -> Reply:
    """`resume`: the work goes on."""

    async def work(case: Case) -> Reply:
        drafts = course.resume(case.incident, case.by)
        await case.record(drafts)
        said = t("{ref} goes on.", ref=case.incident.ref)
        return Reply((said if drafts else t("{ref} is not paused.", ref=case.incident.ref),), done=bool(drafts))

    return await once(desk, cause, number, work)


async def ask_private(desk: Desk, number: int) -> Reply:
    """What it means to make an incident private, before it is done."""
    async with desk.store.read() as reads:
        incident = await incident_for(reads, number, EVERYTHING)
    if incident.private:
        return Reply((_already(incident),), done=False)
    older = t(
        "{room} is older than {ref}, and nobody can use it any more.",
        room=Room(incident.channel, incident.name),
        ref=incident.ref,
    )
    lines = (
        t("Make INC-{n} private? It goes on in a new private channel, with those who take part in it.", n=number),
        *((older,) if incident.borrowed else ()),
        t("Its announcement is removed and this channel is archived. It is in no list and no number for anybody else."),
        t("What was written until now stays readable for whoever could read it, and it cannot be made public again."),
    )
    return Reply(lines, (Button(t("Make it private"), "private", {"i": number, "sure": True}, "danger"),), done=False)


def _already(incident: Incident) -> Text:
    return t("{ref} is private already.", ref=incident.ref)


async def make_private(desk: Desk, cause: Cause, number: int) -> Reply:
    """`private`."""

    async def work(case: Case) -> Reply:
        before = case.incident
        following = [one.person for one in before.told.followers]
        outside = await hiding.outsiders(case, following)
        drafts = course.make_private(before, [one for one in following if one not in outside])
        await case.record(drafts)
        if not drafts:
            return Reply((_already(before),), done=False)
        await hiding.hide(case, before)
        return Reply((t("{ref} goes on in a private channel; its people are invited.", ref=case.incident.ref),))

    return await once(desk, cause, number, work)


async def moments_of(desk: Desk, cause: Cause, number: int) -> Reply:
    """`times` alone: the six moments that people see, how each is known, and a form to set them right."""

    async def work(case: Case) -> Reply:
        lines = [_moment(case, name, milestone) for name, milestone in moments.WORDS.items()]
        button = Button(t("Set them right"), "times", {"i": number, "ask": True})
        return Reply(tuple(lines), (button,), done=False, shows=True)

    return await once(desk, cause, number, work)


async def latest(desk: Desk, number: int, now: Micros) -> Micros:
    """The last moment that a time of day can mean there: who corrects the times on the next day means those of the night."""
    async with desk.store.read() as reads:
        incident = await incident_for(reads, number, EVERYTHING)
    ended = incident.mark(Milestone.RESOLVED)
    return now if ended is None or incident.status.open else min(now, ended + SLACK)


def _by(actor: str) -> Text:
    """A person, Tocsin, or what an alert came from."""
    kind, _, source = actor.partition(":")
    return t("an alert of {source}", source=source) if kind == "alert" else t("{who}", who=Who(actor))


def _moment(case: Case, name: str, milestone: Milestone) -> Text:
    mark = case.incident.marks.get(milestone)
    head = named.REACHED[milestone]
    if mark is None:
        return t("{head} ({name}): not known", head=head, name=name)
    at = When(mark.at, "full")
    if mark.source is Source.DERIVED:
        return t("{head} ({name}): {at}, taken over from another moment", head=head, name=name, at=at)
    if mark.revision:
        was = When(mark.first, "full")
        return t("{head} ({name}): {at} ({who}; first {was})", head=head, name=name, at=at, who=_by(mark.by), was=was)
    return t("{head} ({name}): {at} ({who})", head=head, name=name, at=at, who=_by(mark.by))


async def set_moments(desk: Desk, cause: Cause, number: int, told: Mapping[str, Micros], reason: str) -> Reply:
    """`times`: several moments at once, with the reason."""

    async def work(case: Case) -> Reply:
        changed: list[Text] = []
        for name, at in told.items():
            drafts = moments.mark(case.incident, case.by, name, at, reason)
            await case.record(drafts)
            if drafts:
                head = named.REACHED[moments.milestone(name)]
                changed.append(t("{name}: {at}.", name=head, at=When(at, "full")))
        if not changed:
            return Reply((t("Nothing was changed: they are known so."),), done=False)
        return Reply((*changed, *moments.odd(case.incident)))

    return await once(desk, cause, number, work)
