"""The effect that draws a person's Home tab. What says the same as before is not sent again."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain import following
from bot.domain.events import FollowupMade
from bot.domain.plan import Plan
from bot.domain.state import Incident
from bot.domain.terms import DAY, ORG, Micros
from bot.errors import ChatError
from bot.ports import Call, Done, MessageAt, Outcome, Reads, Viewer
from bot.slack.show import Mrkdwn
from bot.slack.surfaces import Stage
from bot.slack.views.home import MOST_TODO, Look, Todo, home, mark
from bot.slack.views.scene import Scene
from bot.viewing import viewer_of

LATELY: Micros = 7 * DAY
LOOKED = 200
"""Newest incidents in which the person's follow-ups are looked for."""
NOBODY_LOOKS = frozenset({"not_enabled", "user_not_found"})
"""The tab is switched off in the app, or the person is gone."""


async def publish(stage: Stage, call: Call) -> Outcome:
    """Draw it as it is now, for this person: nothing is in it that they may not see."""
    args = call.effect.args
    person, key = args["person"], call.effect.lane
    async with stage.store.read() as reads:
        view = home(await _look(stage, reads, person, bool(args["detailed"])))
        last = await reads.message(key)
    said = mark(view)
    if last is not None and last.ts == said and not (args["first"] or call.again):
        return Done()
    try:
        await stage.chat.publish(person, view)
    except ChatError as error:
        if error.code not in NOBODY_LOOKS:
            raise
        return Done()
    return Done(rows=(MessageAt(key, ORG, "home", person, said),))


async def _look(stage: Stage, reads: Reads, person: str, detailed: bool) -> Look:
    organisation, now = stage.organisation(), stage.clock.now()
    viewer = await viewer_of(reads, organisation, person)
    names = await stage.names.read(reads)
    scenes = [
        Scene(incident, now, names, organisation, await _plan(stage, reads, incident))
        for incident in await reads.incidents(viewer)
    ]
    all_ = await reads.incidents(viewer, open_only=False, limit=LOOKED)
    ended = [one for one in all_ if not one.status.open and one.statuses[-1].start > now - LATELY]
    follows = following.standing(await reads.of_organisation(*following.KINDS)).get(person, ())
    return Look(person, now, scenes, ended, Mrkdwn(names), detailed, follows, await _todo(reads, viewer, all_))


async def _todo(reads: Reads, viewer: Viewer, incidents: Sequence[Incident]) -> list[Todo]:
    """Their follow-ups, the first due first; their words stand in the events, so only those that are shown have them."""
    found = [Todo(one, "", at.ref) for at in incidents for one in at.told.followups if one.owner == viewer.person]
    found.sort(key=lambda todo: (todo.one.due or "~", todo.one.number))
    for n, todo in enumerate(found[:MOST_TODO]):
        number = int(todo.incident.removeprefix("INC-"))
        made = next(iter(await reads.timeline(number, viewer, after=todo.one.seq - 1)), None)
        text = made.payload.text if made is not None and isinstance(made.payload, FollowupMade) else ""
        found[n] = replace(todo, text=text)
    return found


async def _plan(stage: Stage, reads: Reads, incident: Incident) -> Plan | None:
    return await stage.plan(reads, incident.walk.sha) if incident.walk else None
