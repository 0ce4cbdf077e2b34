"""Whether somebody who is asked is in do-not-disturb: then Slack shows them nothing, and their notifier is used at once."""

from bot.domain import waking
from bot.domain.events import Draft, PersonWoken
from bot.ports import Call, Done, Outcome
from bot.slack.surfaces import Stage


async def quiet(stage: Stage, call: Call) -> Outcome:
    """Asked of Slack when it matters, since Slack tells of no night that begins by itself. No answer: the two minutes hold."""
    args = call.effect.args
    person, about, ref = args["person"], args["about"], args["ref"]
    async with stage.store.read() as reads:
        incident = await stage.incident(reads, call.effect)
    if not waking.waits(incident, about, ref, person) or not await stage.chat.quiet(person):
        return Done()
    return Done((Draft(PersonWoken(person, about, ref, "dnd")),))
