"""The five questions: on the next working morning, in the channel and to the one who commanded; answered in one form."""

from collections.abc import Mapping

from bot.domain import questions
from bot.domain.state import Incident
from bot.domain.terms import COMMANDER, Micros, Milestone, stream_of
from bot.domain.workday import next_morning
from bot.errors import Refused
from bot.flows.case import Case, once
from bot.flows.desk import Desk
from bot.flows.report import incident_for
from bot.ports import EVERYTHING, Cause, Effect, Field, Form, Json, Reply
from bot.slack.views import words
from bot.text import t


async def due(case: Case, args: Json) -> None:
    """The incident was resolved: when it is to be asked; and, then, the questions."""
    owner = owner_of(case.incident)
    if args.get("ask"):
        await case.record(questions.ask(case.incident, owner))
        return
    ended = case.incident.mark(Milestone.RESOLVED) or case.now
    at = max(case.now, next_morning(ended, await case.desk.zone(case.tx, owner)))
    stream = stream_of(case.incident.number)
    key, lane = f"{stream}:clock.questions:due:{case.incident.seq}", f"{stream}:clock:questions:due"
    await case.tx.enqueue([Effect(key, "clock.questions", lane, stream, {"ask": True}, not_before=at)])


def owner_of(incident: Incident) -> str:
    """Who owns the post-mortem: the last commander, else who resolved it; "" if nobody is known."""
    held = incident.roles.get(COMMANDER, ())
    if held:
        return held[-1].value
    resolved = incident.marks.get(Milestone.RESOLVED)
    return resolved.by if resolved else ""


async def form(desk: Desk, cause: Cause, number: int) -> Reply:
    """The form, filled in with what is known and what was probably so."""
    async with desk.store.read() as reads:
        incident = await incident_for(reads, number, EVERYTHING)
        zone = await desk.zone(reads, cause.actor)
    if incident.status.open:
        raise Refused(t("{ref} is not over yet. Afterwards I ask what only people know.", ref=incident.ref), "open")
    return Reply(form=_form(incident, zone), done=False)


def _form(incident: Incident, zone: str) -> Form:
    known = questions.began(incident) or incident.mark(Milestone.STARTED)
    began = words.clock(known, zone) if known is not None else ""
    hint = t("14:02, yesterday 23:50 or 2026-11-20 14:02, in your time zone")
    asked = questions.ASKED
    first = Field(questions.BEGAN, asked[questions.BEGAN], value=began, hint=hint, optional=True, most=30)
    choices = [_choice(incident, name) for name in questions.CHOICES]
    more = Field("words", t("What else about the cause?"), "text", optional=True)
    return Form("questions", t("Five questions"), t("Save"), (first, *choices, more))


def _choice(incident: Incident, name: str) -> Field:
    value = incident.answers.get(name) or questions.guess(incident, name)
    return Field(name, questions.ASKED[name], "choice", value, optional=True, options=questions.CHOICES[name])


async def answer(
    desk: Desk, cause: Cause, number: int, began: Micros | None, given: Mapping[str, str], text: str
) -> Reply:
    """What somebody answered, and what is still open."""

    async def work(case: Case) -> Reply:
        drafts = questions.answer(case.incident, case.by, began, given, text)
        await case.record(drafts)
        left = questions.unanswered(case.incident)
        head = t("Thank you. It is on the timeline.") if drafts else t("Nothing was changed.")
        still = (t("Still open:"), *(questions.ASKED[question] for question in left)) if left else ()
        return Reply((head, *still), done=bool(drafts), echo=bool(case.incident.questions and drafts and not left))

    return await once(desk, cause, number, work)
