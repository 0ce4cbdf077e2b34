"""Messages about the organisation's plans and rules: they belong to no incident."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import events as e
from bot.ports import Message
from bot.slack import blocks
from bot.slack.show import Mrkdwn
from bot.slack.views.lines_org import config_rejected, drill_not_begun, plan_changed, plan_rejected
from bot.text import PlainShow, Text, render

SAID: Mapping[type[e.Payload], Callable[[Any], Text]] = {
    e.ConfigRejected: config_rejected,
    e.DrillNotBegun: drill_not_begun,
    e.PlanChanged: plan_changed,
    e.PlanRejected: plan_rejected,
}


def line(event: e.Event, names: Mapping[str, str]) -> Message:
    """What happened, in one sentence."""
    said = SAID[type(event.payload)](event.payload)
    return blocks.message([blocks.section(render(said, Mrkdwn(names)))], render(said, PlainShow(names)))
