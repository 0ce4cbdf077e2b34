"""Messages to one person that are sent only while they still make sense."""

from bot.domain import waking
from bot.domain.run_state import SETTLED
from bot.domain.terms import BOT
from bot.ports import Json, Message
from bot.slack.views import approval, people, roles, unheeded
from bot.slack.views.scene import Scene


def approval_dm(scene: Scene, args: Json) -> Message | None:
    found = scene.incident.approval(args["digest"])
    return approval.direct(scene, args["digest"]) if found and found.state == "open" else None


def approval_waits(scene: Scene, args: Json) -> Message | None:
    found = waking.approval_of(scene.incident, args["digest"], args["person"])
    return unheeded.waits(scene, found) if found else None


def approval_over(scene: Scene, args: Json) -> Message | None:
    """Nobody said yes in time; nothing if it was asked anew, or the step is done, before this could be sent."""
    found = waking.expired_of(scene.incident, args["digest"])
    return unheeded.over(scene, found) if found and scene.incident.status.open else None


def invite(scene: Scene, args: Json) -> Message | None:
    if (said := answered(scene, args)) is not None or not scene.incident.status.open:
        return said
    caller = next((page.caller for page in scene.incident.pages if page.id == args.get("page")), "")
    service = args.get("service", scene.incident.service)
    return people.invite(scene, args["why"], args.get("role", ""), service, caller)


def offer(scene: Scene, args: Json) -> Message | None:
    """A role that is offered to somebody; nothing if that is over before it could be sent."""
    open_ = any((o.role, o.person) == (args["role"], args["person"]) for o in scene.incident.offers)
    if not open_ or not scene.incident.status.open:
        return None
    if args["why"] == "handoff":
        return roles.handover(scene, args["role"])
    return people.invite(scene, args["why"], args["role"], scene.incident.service)


def silent(scene: Scene, args: Json) -> Message | None:
    still = scene.incident.silent and scene.incident.commander == args["person"]
    return roles.silent(scene, args["since"], args.get("then", "offer")) if still else None


def duties(scene: Scene, args: Json) -> Message | None:
    """What a role asks of somebody; nothing if it has passed on meanwhile."""
    held = scene.incident.status.open and scene.incident.holder(args["role"]) == args["person"]
    return roles.duties(scene, args["role"]) if held else None


def joining(scene: Scene, args: Json) -> Message | None:
    return roles.joining(scene, args["person"])


def page(scene: Scene, args: Json) -> Message | None:
    if (said := answered(scene, args)) is not None or not scene.incident.status.open:
        return said
    return people.page(scene, args.get("role", ""))


def answered(scene: Scene, args: Json) -> Message | None:
    page = next((page for page in scene.incident.pages if page.id == args.get("page")), None)
    return people.answered(scene, page.answer, page.by) if page and page.answer else None


def promised(scene: Scene, args: Json) -> bool:
    """The update that was promised for this moment is still missing."""
    return scene.incident.status.open and scene.incident.next_update_at == args["due"]


def assigned(scene: Scene, args: Json) -> Message | None:
    run, step, visit = args["run"], args["step"], args["visit"]
    if scene.visit(run, step, visit).state in SETTLED:
        return None
    if args["why"] == "help":
        return people.helping(scene, run, step, visit, args.get("by", BOT), args["person"])
    return people.assigned(scene, run, step, visit, args["why"])
