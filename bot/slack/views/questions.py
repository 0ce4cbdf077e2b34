"""The five questions of the next working day, with guesses; folded question by question as they are answered."""

from bot.domain import questions
from bot.domain.state import Incident
from bot.domain.terms import Milestone
from bot.ports import Button, Message
from bot.slack import blocks
from bot.slack.views.scene import Scene
from bot.text import Strong, Text, When, t


def five(scene: Scene) -> Message:
    """What is known, what was probably so, and one button."""
    incident = scene.incident
    left = questions.unanswered(incident)
    head = t("Only people know this of {ref}: {title}", ref=Strong(incident.ref), title=scene.title)
    if not left:
        head = t("✓ The five questions of {ref} are answered.", ref=Strong(incident.ref))
    lines = [_line(incident, question) for question in questions.ASKED]
    label = t("Answer") if left else t("Correct")
    button = scene.buttons(Button(label, "questions", style="primary" if left else ""))
    return blocks.message([blocks.section(scene.say(head, *lines)), button], scene.plain(head))


def _line(incident: Incident, question: str) -> Text:
    asked = questions.ASKED[question]
    if question == questions.BEGAN:
        return _began(incident, asked)
    names = questions.CHOICES[question]
    if (code := incident.answers.get(question)) is not None:
        return t("✓ {asked} {answer}", asked=asked, answer=names[code])
    guess = questions.guess(incident, question)
    if guess:
        return t("• {asked} Probably: {answer}", asked=asked, answer=names[guess])
    return t("• {asked}", asked=asked)


def _began(incident: Incident, asked: Text) -> Text:
    said, signal = questions.began(incident), incident.mark(Milestone.FIRST_SIGNAL)
    if said is not None:
        return t("✓ {asked} {at}", asked=asked, at=When(said, "full"))
    if signal is not None:
        return t("• {asked} The first signal came {at}.", asked=asked, at=When(signal, "full"))
    return t("• {asked}", asked=asked)
