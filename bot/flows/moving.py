"""An incident has got another channel: what its people were sent before leads there."""

from dataclasses import replace

from bot.domain.events import ChannelMade
from bot.domain.state import Incident
from bot.flows.case import Case
from bot.flows.hiding import outsiders, person_of
from bot.flows.retelling import drawn
from bot.ports import Effect, Json

LEADS = frozenset(
    (
        *("invite", "page", "offer", "offer_told", "approval_dm", "approval_told"),
        *("silent", "duties", "joining", "assigned", "nudge", "handback"),
    )
)
"""Direct messages that lead to the channel and are drawn by how it stands: what is over keeps its old words."""


async def moved(case: Case, args: Json) -> None:
    """The channel is there: direct messages are drawn anew. Not those of outsiders, which are taken away."""
    if not case.incident.moved or not any(isinstance(event.payload, ChannelMade) for event in case.events):
        return

    def leads(incident: Incident, args: Json) -> bool:
        return args["surface"] in LEADS and bool(person_of(args))

    rows = await case.tx.effects(case.stream)
    found = [effect for effect in drawn(case.incident, rows, leads) if effect.kind == "show"]
    outside = await outsiders(case, [person_of(one.args) for one in found]) if case.incident.private else frozenset()
    await case.tx.enqueue([_again(case, one) for one in found if person_of(one.args) not in outside])


def _again(case: Case, effect: Effect) -> Effect:
    return replace(effect, key=f"{effect.coalesce}@moved:{case.incident.moved}")
