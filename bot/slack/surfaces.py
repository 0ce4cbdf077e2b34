"""From an effect to what is shown: the present state is read when it is sent, so nothing shown is ever stored."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.events import Event, Undone
from bot.domain.merging import symptoms
from bot.domain.organisation import Organisation
from bot.domain.plan import Plan
from bot.domain.run_state import SETTLED
from bot.domain.state import Incident, Visit
from bot.domain.terms import ORG, number_of
from bot.metrics.incident import Figure
from bot.ports import EVERYTHING, Chat, Clock, Copies, Effect, Json, Message, Reads, Store
from bot.slack.names import Names
from bot.slack.views import (
    approval,
    attempt,
    brief,
    card,
    drill,
    end,
    feedback,
    org,
    people,
    questions,
    roles,
    say,
    step,
    still,
    summary,
)
from bot.slack.views.scene import Scene
from bot.viewing import viewer_of

ANNOUNCE = "org:channel:announce"
"""Key of the row that says which channel the announcements go to."""

Figures = Callable[[Reads, Incident], Awaitable[Sequence[Figure]]]
PlanOf = Callable[[Reads, str], Awaitable[Plan]]
Draft = Callable[[Reads, Incident], Awaitable[str]]


@dataclass
class Stage:
    """What the handlers of Slack's effects work with; the composition root fills it.

    plan: the plan with a sha256; figures: the numbers of an incident; draft: its post-mortem in Markdown; instance: the
    address of this installation ("" if it has none), so that a channel of another one is never taken over; copies: of files that
    people shared.
    """

    chat: Chat
    store: Store
    clock: Clock
    organisation: Callable[[], Organisation]
    plan: PlanOf
    figures: Figures
    draft: Draft
    instance: str
    names: Names
    copies: Copies

    async def incident(self, reads: Reads, effect: Effect) -> Incident:
        """The incident of an effect, as it stands now."""
        found = await reads.incident(number_of(effect.stream), EVERYTHING)
        assert found is not None, f"{effect.key} belongs to no incident"
        return found

    async def scene(self, reads: Reads, effect: Effect, again: bool = False) -> Scene:
        """What a surface of an effect is drawn from."""
        incident = await self.incident(reads, effect)
        walk = next((w for w in incident.walks if w.run == effect.args.get("run")), incident.walk)
        if effect.args.get("surface") == "drill_report" and incident.drill is not None:
            walk = next((w for w in reversed(incident.walks) if w.sha == incident.drill.sha), walk)
        return Scene(
            incident,
            self.clock.now(),
            await self.names.read(reads),
            self.organisation(),
            await self.plan(reads, walk.sha) if walk else None,
            await self._events(reads, incident, effect.args),
            again=again,
        )

    async def _events(self, reads: Reads, incident: Incident, args: Json) -> tuple[Event, ...]:
        if "seq" in args:
            return tuple(await reads.timeline(incident.number, EVERYTHING, after=args["seq"] - 1))
        if args.get("surface") in ("announcement", "followed") and incident.update_seq:
            return tuple(await reads.timeline(incident.number, EVERYTHING, after=incident.update_seq - 1))
        if args.get("surface") in WHOLE or args.get("why") == "handoff":
            return tuple(await reads.timeline(incident.number, EVERYTHING))
        return ()

    async def draw(self, reads: Reads, effect: Effect, again: bool = False) -> Message | None:
        """The surface of an effect; None if there is no longer anything to show."""
        if effect.stream == ORG:
            return await self._of_organisation(reads, effect.args)
        scene = await self.scene(reads, effect, again)
        args = effect.args
        if args["surface"] in READ and not await self._sees(reads, scene.incident, args["person"]):
            return None
        if args["surface"] == "head":
            return say.marked(scene, say.head(scene, args["seq"], await reads.head_at(effect.stream, args["seq"])))
        if args["surface"] == "resolution":
            return await self._resolution(reads, scene, args)
        if args["surface"] == "context":
            others = await reads.incidents(EVERYTHING)
            scene = replace(scene, symptoms=symptoms(scene.organisation.services, scene.incident, others))
        drawn = SURFACES[args["surface"]](scene, args)
        return say.marked(scene, drawn) if drawn else None

    async def _resolution(self, reads: Reads, scene: Scene, args: Json) -> Message | None:
        """The numbers, or that it was taken back; None if it was before anybody could read them."""
        undone = _undone(scene, args)
        if undone and not scene.again and await reads.message(args["key"]) is None:
            return None
        return say.marked(scene, end.resolution(scene, await self.figures(reads, scene.incident), undone))

    async def _sees(self, reads: Reads, incident: Incident, person: str) -> bool:
        return await reads.incident(incident.number, await viewer_of(reads, self.organisation(), person)) is not None

    async def _of_organisation(self, reads: Reads, args: Json) -> Message | None:
        """What belongs to no incident: the brief, or one event, in words."""
        if args.get("surface") == "brief":
            return await self._brief(reads, args["person"], args["since"])
        found = next((e for e in await reads.of_organisation(args["event"]) if e.seq == args["seq"]), None)
        return org.line(found, await self.names.read(reads)) if found else None

    async def _brief(self, reads: Reads, person: str, since: int) -> Message | None:
        """Of all that this person may see; None if there is nothing to say."""
        told, now, names = self.organisation(), self.clock.now(), await self.names.read(reads)
        viewer = await viewer_of(reads, told, person)
        found = [*await reads.incidents(viewer), *await reads.incidents(viewer, open_only=False)]
        scenes = {one.number: Scene(one, now, names, told) for one in found}
        return brief.brief(list(scenes.values()), since)


WHOLE = frozenset({"approval", "approval_dm", "approval_told", "attempt", "feedback", "resolution", "drill_report"})
"""Surfaces that quote what was said in earlier events."""

READ = frozenset({"followed", "late_update"})
"""Direct messages to people who only read it: they may not see it any more when it is sent."""


def _undone(scene: Scene, args: Json) -> bool:
    """The event that this shows was taken back."""
    seq = int(args["key"].rsplit(":", 1)[-1])
    return any(isinstance(event.payload, Undone) and seq in event.payload.seqs for event in scene.events)


def _step(scene: Scene, args: Json) -> Message:
    run, number, visit = args["run"], args["step"], args["visit"]
    at = scene.visit(run, number, visit)
    called = () if at.state in SETTLED or _goes_on(scene.walk(run).visits, at) else (at.person,)
    return step.step(replace(scene, mention=called), run, number, visit)


def _goes_on(visits: Sequence[Visit], at: Visit) -> bool:
    """The person of the step did the one before it just now, and need not be called."""
    return any(v.done_by == at.person and v.done_at == at.started_at for v in visits)


def _once(draw: Callable[[Scene, Event], Message]) -> Callable[[Scene, Json], Message | None]:
    def drawn(scene: Scene, args: Json) -> Message | None:
        event = scene.event(args["seq"])
        return draw(scene, event) if event else None

    return drawn


SURFACES: Mapping[str, Callable[[Scene, Json], Message | None]] = {
    "card": lambda scene, args: card.card(scene),
    "announcement": lambda scene, args: card.announcement(scene) if scene.incident.announced else None,
    "context": lambda scene, args: say.context(scene),
    "step": _step,
    "approval": lambda scene, args: approval.approval(scene, args["digest"]),
    "attempt": lambda scene, args: attempt.attempt(scene, args["attempt"]),
    "allclear": lambda scene, args: end.allclear(scene, args["question"]),
    "questions": lambda scene, args: questions.five(scene),
    "line": _once(say.one_line),
    "overridden": _once(say.elsewhere),
    "update": _once(say.update),
    "followed": lambda scene, args: say.followed(scene),
    "refusal": _once(say.refused),
    "invite": still.invite,
    "offer": still.offer,
    "offer_told": lambda scene, args: people.offered(scene, args["role"], args["person"]),
    "approval_dm": still.approval_dm,
    "approval_waits": still.approval_waits,
    "approval_over": still.approval_over,
    "approval_told": lambda scene, args: approval.direct(scene, args["digest"]),
    "silent": still.silent,
    "duties": still.duties,
    "handback": lambda scene, args: roles.handback(scene, args["role"], args["asked"]),
    "joining": still.joining,
    "late": lambda scene, args: summary.late(scene) if scene.incident.status.open else None,
    "page": still.page,
    "nudge": lambda scene, args: people.nudge(scene, args["due"]) if still.promised(scene, args) else None,
    "late_update": lambda scene, args: people.late_update(scene, args["due"]) if still.promised(scene, args) else None,
    "drill_report": lambda scene, args: drill.report(scene),
    "inject": _once(drill.inject),
    "feedback": lambda scene, args: feedback.feedback(scene, args["run"]),
    "assigned": still.assigned,
    "stuck": lambda scene, args: people.stuck(scene, args["attempt"]),
}
"""Surface → how it is drawn. `resolution` needs the numbers and is drawn apart."""
