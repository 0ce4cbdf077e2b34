"""The review: the five questions and their answers."""

from dataclasses import replace

from bot.domain.events import Event, QuestionAnswered, QuestionsAsked
from bot.domain.state import Incident


def questions_asked(incident: Incident, event: Event, asked: QuestionsAsked) -> Incident:
    return replace(incident, questions=event.seq)


def question_answered(incident: Incident, event: Event, said: QuestionAnswered) -> Incident:
    return replace(incident, answers={**incident.answers, said.question: said.answer})
