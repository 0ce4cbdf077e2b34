"""What goes by a person's own notifier: everything in 160 characters, times in the person's zone."""

from bot.domain import named, waking
from bot.domain.state import Incident
from bot.slack.views import words
from bot.slack.views.people import since
from bot.slack.views.scene import Scene, clauses, joined
from bot.text import PlainShow, Strong, Text, When, render, t

MOST, SHORTEST = 160, 12
"""Characters of a message, and of a title at least: a longer link makes the message longer, not the title unreadable."""


def wake(scene: Scene, about: str, ref: str, person: str, link: str = "", zone: str = "UTC") -> str:
    """`SEV1 orders-db down, INC-42, 02:47. I have it: <link>`; the title gives way where it is too long."""
    show = PlainShow(scene.names, zone)
    title = render(t("{title}", title=scene.title), show)
    said = render(_said(scene, about, ref, person, title, link), show)
    over = len(said) - MOST
    if over <= 0:
        return said
    room = max(SHORTEST, len(title) - over - 1)
    short = f"{title[:room].rstrip()}…" if room < len(title) else title
    return render(_said(scene, about, ref, person, short, link), show)


def _said(scene: Scene, about: str, ref: str, person: str, title: str, link: str) -> Text:
    incident = scene.incident
    what = _approval(incident, about, ref, person)
    parts = [
        t("{severity} {title}", severity=words.severity(incident.severity), title=Strong(title)),
        t("{ref}", ref=incident.ref),
        t("{at}", at=When(since(incident))),
    ]
    head = t("{what}.", what=clauses(parts))
    if about == waking.UPDATE:
        return joined([t("No update since {at}.", at=When(int(ref))), head], " ")
    if what is not None:
        head = t("{asked} {head}", asked=what, head=head)
    elif about == waking.ROLE and (offer := waking.offer_of(incident, ref)) is not None:
        head = t("Be {role}? {head}", role=named.role(offer.role), head=head)
    last = t("I have it: {link}", link=link) if link else t("Answer in Slack.")
    first = [scene.drill] if scene.drill else []
    again = [t("(again)")] if scene.again else []
    return joined([*first, *again, head, last], " ")


def _approval(incident: Incident, about: str, ref: str, person: str) -> Text | None:
    """`Approve restart on gw-3 by 03:17?`: nobody can say yes to that by a link. Or nobody did in time."""
    late = about == waking.EXPIRED
    if not late and about != waking.APPROVAL:
        return None
    found = waking.expired_of(incident, ref) if late else waking.approval_of(incident, ref, person)
    if found is None:
        return None
    what = (
        t("{action} on {target}", action=found.action, target=found.target)
        if found.target
        else t("{action}", action=found.action)
    )
    if late:
        return t("Nobody approved {what}.", what=what)
    return t("Approve {what} by {at}?", what=what, at=When(found.expires_at))
