"""A dozen moments of the story at which the bot is killed: each as soon as it can be seen from outside."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults.scene import Scene

Moment = Callable[[Scene], bool]


def _committed(kind: str, times: int = 1) -> Moment:
    """The commit is on the disk; who waits for an answer to it may or may not get one."""
    return lambda scene: len(scene.database.rows("SELECT 1 FROM event WHERE kind = ?", kind)) >= times


def _posted(surface: str) -> Moment:
    """Slack has the post, and the bot has not heard of it."""
    return lambda scene: any(key.split(":")[2] == surface for key, _ in scene.posted())


def _carried_out(method: str) -> Moment:
    """Slack did it, and the bot has not heard of it."""
    return lambda scene: scene.called(method) > 0


def _restart(scene: Scene, file: str) -> bool:
    """The attempt at the restart, or its check, has come so far in the runner directory."""
    attempts = [Path(scene.folder, "runner", "attempts", run + file) for run in scene.runs()]
    return any(path.exists() for path in attempts)


MOMENTS: Mapping[str, Moment] = {
    "the alert is committed": _committed("opened"),
    "the channel is made": lambda scene: bool(scene.rooms),
    "the channel has its mark": _carried_out("conversations.setPurpose"),
    "the card is posted": _posted("card"),
    "the invitation is sent": _posted("invite"),
    "the click is committed": _committed("role_taken"),
    "the first program runs": lambda scene: any(scene.folder.glob("runner/attempts/*/claim")),
    "the decision is committed": _committed("step_answered"),
    "the approval is posted": _posted("approval"),
    "the restart is committed": _committed("action_started", 2),
    "the restart runs": lambda scene: bool(scene.runs()),
    "the restart has ended": lambda scene: _restart(scene, "/exit.json"),
    "its check runs": lambda scene: _restart(scene, ".check1/claim"),
    "the question is posted": _posted("allclear"),
    "the end is committed": _committed("status_changed"),
    "the numbers are posted": _posted("resolution"),
    "the file is shared": _carried_out("files.completeUploadExternal"),
}
