"""What the card says of recoveries that did not last, and of plans that nobody may run from."""

from bot.domain.state import Incident
from bot.text import Code, Text, Typed, When, t


def not_healed(incident: Incident) -> list[Text]:
    """What the bot healed and is broken again; and which plans nobody may run from any more."""
    lapsed = [a for a in incident.attempts if a.lapsed_at is not None and a.verified_at is not None]
    said = [
        t(
            "⚠ {action} on {target} did not last: well {good}, back {back}",
            action=Code(a.action),
            target=Code(a.target),
            good=When(a.verified_at or 0, "secs"),
            back=When(a.lapsed_at or 0, "secs"),
        )
        for a in lapsed[-1:]
        if incident.status.open
    ]
    allowed = [
        t(
            "🔒 Actions of {plan} are locked since {at}. A person allows them: {allow}",
            plan=Code(plan),
            at=When(at),
            allow=Typed(f"automation allow {plan} <reason>"),
        )
        for plan, at in incident.locked.items()
    ]
    return [*said, *allowed]
