"""What is sent to a person's notifier: drawn when it is sent, and nothing if nothing waits any more."""

from collections.abc import Callable

from bot.domain import waking
from bot.domain.link import Place
from bot.ports import Effect
from bot.slack.surfaces import Stage
from bot.slack.views.wake import wake
from integrations.waking import Said, Words

LinkTo = Callable[[Place, str], str]


def said(stage: Stage, link_to: LinkTo) -> Said:
    """link_to: the link by which a person answers; "" if there is none."""

    async def words(effect: Effect, again: bool) -> Words | None:
        about, ref, person = effect.args["about"], effect.args["ref"], effect.args["person"]
        async with stage.store.read() as reads:
            scene = await stage.scene(reads, effect, again)
            known = await reads.person(person)
        if not waking.waits(scene.incident, about, ref, person):
            return None
        place = waking.place(scene.incident, about, ref)
        link = link_to(place, person) if place else ""
        zone = scene.organisation.oncall.zone(person, known.zone if known else "UTC")
        return Words(wake(scene, about, ref, person, link, zone), link)

    return words
