"""Messages about the organisation's plans and rules: they belong to no incident."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import events as e
from bot.ports import Message
from bot.slack import blocks
from bot.slack.show import Mrkdwn
from bot.slack.views.lines_org import automation_set, config_rejected, drill_not_begun, plan_changed, plan_rejected
from bot.text import PlainShow, Text, Who, render

SAID: Mapping[type[e.Payload], Callable[[Any, Who], Text]] = {
    e.AutomationSet: automation_set,
    e.ConfigRejected: lambda p, who: config_rejected(p),
    e.DrillNotBegun: lambda p, who: drill_not_begun(p),
    e.PlanChanged: lambda p, who: plan_changed(p),
    e.PlanRejected: lambda p, who: plan_rejected(p),
}


def line(event: e.Event, names: Mapping[str, str]) -> Message:
    """What happened, in one sentence."""
    said = SAID[type(event.payload)](event.payload, Who(event.actor))
    return blocks.message([blocks.section(render(said, Mrkdwn(names)))], render(said, PlainShow(names)))
