"""What roles, states and other incidents are called in a sentence; the words that people type stay English."""

from collections.abc import Mapping

from bot.domain.state import Incident
from bot.domain.terms import Milestone
from bot.text import Text, t

IN_A_SENTENCE: Mapping[str, Text] = {
    "commander": t("commander"),
    "deputy": t("deputy"),
    "scribe": t("scribe"),
    "operations": t("operations"),
    "communications": t("communications"),
    "business liaison": t("business liaison"),
    "regulator reporter": t("regulator reporter"),
    "vendor liaison": t("vendor liaison"),
}
ON_A_BUTTON: Mapping[str, Text] = {
    "commander": t("Commander"),
    "deputy": t("Deputy"),
    "scribe": t("Scribe"),
    "operations": t("Operations"),
    "communications": t("Communications"),
    "business liaison": t("Business liaison"),
    "regulator reporter": t("Regulator reporter"),
    "vendor liaison": t("Vendor liaison"),
}


def role(name: str) -> Text:
    """A role's name; foreign unless it is one of ours."""
    return IN_A_SENTENCE.get(name, t("{role}", role=name))


def button(name: str) -> Text:
    """The same where it stands alone."""
    return ON_A_BUTTON.get(name, t("{role}", role=name.capitalize()))


def roles(names: tuple[str, ...]) -> Text:
    """`commander, scribe`."""
    marks = {f"r{n}": role(name) for n, name in enumerate(names)}
    return Text(", ".join(f"{{{mark}}}" for mark in marks), marks)


STATUS: Mapping[str, Text] = {
    "triage": t("triage"),
    "investigating": t("investigating"),
    "identified": t("identified"),
    "mitigating": t("mitigating"),
    "monitoring": t("monitoring"),
    "resolved": t("resolved"),
    "review": t("review"),
    "closed": t("closed"),
    "declined": t("declined"),
    "merged": t("merged"),
    "cancelled": t("cancelled"),
    "false_positive": t("false positive"),
}
"""The same for statuses: in a sentence, where they are no headline."""
REACHED: Mapping[Milestone, Text] = {
    Milestone.STARTED: t("Began"),
    Milestone.FIRST_SIGNAL: t("First signal"),
    Milestone.DETECTED: t("Found"),
    Milestone.DECLARED: t("Declared"),
    Milestone.ACKNOWLEDGED: t("Acknowledged"),
    Milestone.COMMANDER: t("A commander there"),
    Milestone.FIRST_RESPONDER: t("The first responder there"),
    Milestone.QUORUM: t("Together"),
    Milestone.PLAN_STARTED: t("Plan started"),
    Milestone.DIAGNOSED: t("Cause known"),
    Milestone.FIX_STARTED: t("Fix started"),
    Milestone.MITIGATED: t("Mitigated"),
    Milestone.RECOVERED: t("Back to normal"),
    Milestone.RESOLVED: t("Resolved"),
    Milestone.CLOSED: t("Closed"),
}
"""How a sentence begins that says when."""


def gone_into(incident: Incident) -> Text:
    """The incident that this one was folded into, as everybody who sees this one may read it."""
    if incident.merged_hidden:
        return t("an incident that is not public")
    return t("INC-{n}", n=incident.merged_into)
