"""The whole story, as people play it whatever happens to the bot meanwhile; and how it stands in the end."""

from collections import Counter
from dataclasses import dataclass

from bot.domain.state import Incident
from tests.faults.process import until
from tests.faults.scene import Scene

DM = frozenset(
    [
        "invite",
        "page",
        "nudge",
        "assigned",
        "approval_dm",
        "approval_waits",
        "approval_over",
        "offer",
        "duties",
        "joining",
        "handback",
        "feedback",
        "stuck",
    ]
)
"""Surfaces of direct messages, which cannot be looked up: at most once more for each kill, and then marked."""
AGAIN, ANSWERED = "(sent again)", "✓"
"""The marks of a repeat; one of them is that the person has answered meanwhile."""


async def play(scene: Scene, name: str = "Hung") -> None:
    """From the alert to the file. Whoever gets no answer tries again."""
    await to_the_approval(scene, name)
    await scene.click("ana", "Approve", scene.room.id, lambda: scene.database.happened("approval_given"))
    await until(lambda: scene.reads("[It answers]"), what="the decision after the restart")
    await to_the_end(scene, name)


async def to_the_approval(scene: Scene, name: str) -> None:
    await scene.alert(name)
    await until(lambda: scene.reads("[I have it]", "@tocsin"), what="the invitation")
    await scene.click("ana", "I have it", "@tocsin", lambda: scene.database.happened("role_taken"))
    await until(lambda: scene.rooms and scene.reads("[No, it hangs]"), what="the decision")
    await scene.click("ana", "No, it hangs", scene.room.id, lambda: scene.database.happened("step_answered"))
    await until(lambda: scene.reads("[Approve]"), what="the approval")


async def to_the_end(scene: Scene, name: str) -> None:
    room = scene.room.id
    await scene.click("ana", "It answers", room, lambda: scene.database.happened("plan_ended"))
    await scene.alert(name, "resolved")
    await until(lambda: scene.reads("Back to normal since"), what="the question whether it is over")
    await scene.click("ana", "Yes", room, lambda: scene.database.happened("status_changed"))
    await until(lambda: scene.room.files and scene.reads("is resolved"), what="the numbers and the file")


async def rest(scene: Scene) -> None:
    """Everything that was to be done outside is done."""
    try:
        await until(lambda: not scene.database.effects("planned", "started"), what="the end of all effects")
    except AssertionError as error:
        raise AssertionError(f"{error}: {scene.database.effects('planned', 'started')}") from None


@dataclass(frozen=True)
class Ending:
    """How it ended: what the incident says, what people see, what was done on the machine."""

    status: str
    commander: str
    steps: tuple[tuple[str, str], ...]
    plan: str
    approvals: tuple[str, ...]
    attempts: tuple[tuple[str, str], ...]
    surfaces: tuple[tuple[str, int], ...]
    lines: int
    undone: tuple[str, ...]
    channels: tuple[str, ...]
    people: tuple[str, ...]
    pinned: int
    files: tuple[str, ...]
    runs: int


async def ending(scene: Scene, kills: int) -> Ending:
    """What must be the same, however often the bot died. AssertionError: something was said too often."""
    incident = await scene.database.incident()
    walk = incident.walks[-1]
    channels = scene.workspace.state.channels.values()
    return Ending(
        status=incident.status,
        commander=incident.commander,
        steps=tuple((visit.step, visit.state) for visit in walk.visits),
        plan=walk.outcome,
        approvals=tuple(approval.state for approval in incident.approvals),
        attempts=tuple((a.action, a.state) for a in incident.attempts if a.state != "never_started"),
        surfaces=surfaces(scene, incident, kills),
        lines=len(scene.database.rows("SELECT 1 FROM effect WHERE kind = 'say' AND status IN ('done', 'folded')")),
        undone=tuple(scene.database.effects("planned", "started", "failed", "skipped", "expired", "unknown")),
        channels=tuple(sorted(each.name for each in channels if each.kind != "dm")),
        people=tuple(sorted(scene.room.members)),
        pinned=len(scene.room.pinned),
        files=tuple(file["title"] for file in scene.room.files),
        runs=len(scene.runs()),
    )


def surfaces(scene: Scene, incident: Incident, kills: int) -> tuple[tuple[str, int], ...]:
    """How many different posts there are of each surface. A step that the bot does has a card where somebody took its role while
    no bot lived to do it. AssertionError: one stands there twice."""
    times = Counter(key for key, _ in scene.posted())
    for key, n in times.items():
        if n > 1:
            texts = scene.sent(key)
            assert key.split(":")[2] in DM, f"{key} was posted {n} times: {texts}"
            assert n <= 1 + kills, f"{key} was sent {n} times: {texts}"
            assert all(AGAIN in text or ANSWERED in text for text in texts[1:]), (
                f"{key} was sent again and not marked: {texts}"
            )
    never = [a.id for a in incident.attempts if a.state == "never_started"]
    by_bot = [f":step:{walk.run}:{v.step}:{v.visit}" for walk in incident.walks for v in walk.visits if v.by_bot]
    shown = [key.split(":")[2] for key in times if not any(one in key for one in (*never, *by_bot))]
    return tuple(
        sorted(Counter(surface for surface in shown if surface != "line").items())
    )  # lines may become a digest
