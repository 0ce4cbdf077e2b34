"""A question of the bot's to which nobody says anything: who is asked hears of it again, and then whoever is next."""

from bot.domain.state import Approval
from bot.ports import Message
from bot.slack.views import words
from bot.slack.views.doing import what_of
from bot.slack.views.people import direct
from bot.slack.views.scene import Scene
from bot.text import Code, Strong, Typed, When, t


def waits(scene: Scene, found: Approval) -> Message:
    """Half of the time is over. It has no buttons: what would run is read where the question stands."""
    said = t(
        "{ref}: {what} still waits for your yes or no, until {until}. The question stands above, code {code}.",
        ref=Strong(scene.incident.ref),
        what=what_of(found),
        until=When(found.expires_at),
        code=Code(found.code),
    )
    return direct(scene, [said], ())


def over(scene: Scene, found: Approval) -> Message:
    """The time is over, and the person was not among those who were asked."""
    said = t(
        "{ref}: nobody approved {what} in time, so nothing was run. Asked: {may}.",
        ref=Strong(scene.incident.ref),
        what=what_of(found),
        may=words.people(found.may, 8),
    )
    again = Typed(f"rollback {found.step}" if found.undoes else f"ask {found.step}")
    if found.undoes:
        can = t("You can: {ask}, or do it by hand.", ask=again)
    else:
        can = t("You can: {ask}, or do it by hand and say {done}.", ask=again, done=Typed(f"done {found.step}"))
    return direct(scene, [said, can], ())
