"""`alerts`: what was heard of lately, where each went, and a way to make an incident of it."""

from bot.domain.alert import FIRING, Alert
from bot.domain.terms import Kind
from bot.errors import brief
from bot.flows.desk import Desk
from bot.ports import Button, Reply
from bot.text import Code, Strong, Text, When, t

MOST_BUTTONS = 5


async def heard(desk: Desk, person: str, service: str) -> Reply:
    """The last alerts (of a service); none of an incident that the person may not see."""
    async with desk.store.read() as reads:
        viewer = await desk.viewer(reads, person)
        found = await reads.alerts(viewer, service)
        numbers = {number for _, number in found if number}
        known = {number: await reads.incident(number, viewer) for number in sorted(numbers)}
    if not found:
        nothing = t("No alert was heard of for {service}.", service=Code(service)) if service else t("No alert yet.")
        return Reply((brief(nothing),), done=False)
    lines, buttons = [], []
    for alert, number in found:
        incident = known.get(number or 0)
        lines.append(_line(desk, alert, incident.ref if incident else ""))
        if (incident is None or not incident.status.open) and alert.kind is Kind.REAL:
            buttons.append(_button(desk, alert))
    return Reply(tuple(lines), tuple(buttons[:MOST_BUTTONS]), done=False)


def _line(desk: Desk, alert: Alert, ref: str) -> Text:
    routed = desk.organisation.routes.route(alert)
    where = t("in {ref}", ref=Strong(ref)) if ref else t("no incident; its route says {do}", do=Code(routed.do.value))
    at = When(alert.starts_at or 0, "full")
    state = t("fires since {at}", at=at) if alert.status is FIRING else t("over, began {at}", at=at)
    return t("{title}: {state}, {where}", title=Strong(routed.title), state=state, where=where)


def _button(desk: Desk, alert: Alert) -> Button:
    routed = desk.organisation.routes.route(alert)
    key = [alert.source, alert.fingerprint, alert.kind.value]
    severity = routed.severity.value if routed.severity_given else ""
    value = {"title": routed.title[:150], "severity": severity, "service": routed.service, "alert": key, "ask": True}
    return Button(t("Declare {title}", title=routed.title[:60]), "declare", value)
