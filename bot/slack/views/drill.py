"""The report of a drill, and what a single person is told in it."""

from collections.abc import Iterator

from bot.domain import events as e
from bot.domain.drill_report import Objective, objectives
from bot.ports import Button, Message
from bot.slack import blocks
from bot.slack.views.lines import line
from bot.slack.views.people import direct
from bot.slack.views.scene import Scene
from bot.text import Span, Strong, Text, When, Who, t


def report(scene: Scene) -> Message | None:
    """What was to be shown and whether it was, what has to be mended, and who stands for it."""
    incident = scene.incident
    if incident.drill is None or scene.plan is None:
        return None
    judged = objectives(incident, scene.plan, scene.organisation.grade(incident.severity).targets)
    first = t("Report of the drill {ref}: {title}", ref=Strong(incident.ref), title=scene.title)
    gaps = list(_gaps(scene))
    parts = [first, *map(_objective, judged), *(gaps or [t("Nothing to mend was said.")])]
    drill = incident.drill
    if drill.signed_by:
        parts.append(t("Signed by {who}, {at}.", who=Who(drill.signed_by), at=When(drill.signed_at or 0, "full")))
        buttons = None
    else:
        parts.append(t("Nobody has signed it yet."))
        add = Button(t("Add a finding"), "drill", {"what": "finding"})
        buttons = scene.buttons(Button(t("Sign"), "drill", {"what": "sign"}, "primary"), add)
    return blocks.message([blocks.section(scene.say(*parts)), buttons], scene.plain(first))


def _objective(one: Objective) -> Text:
    mark = {True: "✓", False: "✗", None: "–"}[one.met]
    if one.limit is None:
        return t("{mark} {said}", mark=mark, said=one.said)
    took = t("{took}", took=Span(one.took)) if one.took is not None else t("it did not come to that")
    return t("{mark} {said}: {took} (target {limit})", mark=mark, said=one.said, took=took, limit=Span(one.limit))


def _gaps(scene: Scene) -> Iterator[Text]:
    for event in scene.events:
        if isinstance(event.payload, e.DrillFound):
            yield line(event, scene.incident)
    if scene.incident.uncalled:
        yield t("To mend: nobody could be called.")


def inject(scene: Scene, event: e.Event) -> Message:
    """What happens, for whom it is meant."""
    return direct(scene, [line(event, scene.incident)], ())
