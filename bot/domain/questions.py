"""The five questions of the next working day: when it began, how it was noticed, the standby, the impact, the causes."""

from collections.abc import Mapping

from bot.domain.events import Draft, MilestoneMarked, QuestionAnswered, QuestionsAsked
from bot.domain.facts import found_by
from bot.domain.moments import checked
from bot.domain.people import By
from bot.domain.state import Incident
from bot.domain.terms import BOT, Kind, Micros, Milestone, Source, Status
from bot.errors import Refused
from bot.text import Text, t

BEGAN = "began"
NOTICED: Mapping[str, Text] = {
    "monitoring": t("An alert told us"),
    "colleague": t("A colleague told us"),
    "customer": t("A customer told us"),
    "business": t("The business told us"),
    "partner": t("A partner told us"),
    "chance": t("By chance"),
}
STANDBY: Mapping[str, Text] = {
    "took_over": t("It took over by itself"),
    "by_hand": t("People switched to it"),
    "failed": t("It should have, and did not"),
    "none": t("There is none, or none was needed"),
}
IMPACT: Mapping[str, Text] = {
    "none": t("None: nobody was affected"),
    "some": t("Some were affected"),
    "many": t("Many were affected"),
    "all": t("Everybody was affected"),
}
CAUSES: Mapping[str, Text] = {
    "CHG.change": t("Change"),
    "CHG.version": t("Version control"),
    "CHG.param": t("Parameter setting"),
    "CHG.config": t("Configuration"),
    "OPS.maintenance": t("Maintenance work"),
    "OPS.operation": t("Operation error or slip"),
    "CAP.performance": t("Performance and capacity"),
    "APP.logic": t("Application logic defect"),
    "APP.design": t("Product or function design gap"),
    "ARC.ha_dr": t("Architecture of disaster recovery or high availability"),
    "ARC.ha_effective": t("High availability ineffective in practice"),
    "DAT.quality": t("Data quality"),
    "DAT.backup": t("Data backup"),
    "DAT.loss": t("Data loss"),
    "INF.infra": t("Infrastructure"),
    "SEC.attack": t("Attack from outside"),
    "EMG.solution": t("Emergency solution weak"),
    "EMG.support": t("Technical support plan incomplete"),
    "EMG.plan_missing": t("Emergency plan missing"),
    "EMG.drill": t("Too few drills"),
    "MON.timeliness": t("Monitoring noticed late"),
    "RSP.timeliness": t("Fault handling slow"),
    "GOV.tracking": t("A known problem was not followed up"),
    "GOV.process": t("Process incomplete"),
    "HUM.skill": t("Skills missing"),
    "EXT.vendor": t("A vendor"),
    "EXT.upstream": t("A system before or behind ours"),
    "NET.network": t("Network"),
    "EXP.cert_expiry": t("Certificate or licence expired"),
}
CHOICES: Mapping[str, Mapping[str, Text]] = {
    "noticed": NOTICED,
    "standby": STANDBY,
    "impact": IMPACT,
    "causes": CAUSES,
}
"""Question → its answers by code."""
ASKED: Mapping[str, Text] = {
    BEGAN: t("When did it begin?"),
    "noticed": t("How was it noticed?"),
    "standby": t("Did the standby take over?"),
    "impact": t("Who was affected?"),
    "causes": t("What was the cause?"),
}
_OVER = frozenset({Status.RESOLVED, Status.REVIEW, Status.CLOSED})


def ask(incident: Incident, owner: str) -> tuple[Draft, ...]:
    """Put them to people (actor: Tocsin). () if that was done, if it is open again, and for what was only a try."""
    if incident.questions or incident.status not in _OVER or incident.kind in (Kind.TEST, Kind.BACKFILL):
        return ()
    return (Draft(QuestionsAsked(owner), actor=BOT, source=Source.DERIVED),)


def began(incident: Incident) -> Micros | None:
    """When it began, as far as somebody has said; None if it is not known or only taken over from the first signal."""
    mark = incident.marks.get(Milestone.STARTED)
    return None if mark is None or mark.source is Source.DERIVED else mark.at


def guess(incident: Incident, question: str) -> str:
    """What it probably was, by what was recorded; "" where nothing says so."""
    if question == "noticed":
        return "monitoring" if found_by(incident) == "monitoring" else ""
    if question == "impact" and incident.told.impact is not None:
        return "some" if incident.told.impact else "none"
    if question == "causes" and incident.told.causes:
        return incident.told.causes[0].code
    if question == "standby":
        return "by_hand" if any(attempt.kind == "takeover" for attempt in incident.attempts) else ""
    return ""


def unanswered(incident: Incident) -> tuple[str, ...]:
    """Questions that nobody has answered."""
    open_ = () if began(incident) is not None else (BEGAN,)
    return (*open_, *(question for question in CHOICES if question not in incident.answers))


def answer(
    incident: Incident, by: By, began_at: Micros | None, given: Mapping[str, str], words: str
) -> tuple[Draft, ...]:
    """What somebody answered; given: question → code, "" where nothing was said; words: about the causes. () if nothing is new."""
    if incident.status not in _OVER:
        raise Refused(t("{ref} is not over yet. Afterwards I ask what only people know.", ref=incident.ref), "open")
    drafts: tuple[Draft, ...] = ()
    if began_at is not None and began_at != began(incident):
        at = checked(incident, by.now, began_at)
        drafts += (Draft(MilestoneMarked(Milestone.STARTED.value, "answer"), at=at),)
    for question, code in given.items():
        text = words.strip() if question == "causes" else ""
        if code and (code != incident.answers.get(question) or text):
            drafts += (Draft(QuestionAnswered(question, code, text)),)
    return drafts
