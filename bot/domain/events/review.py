"""The review: what only people can say."""

from dataclasses import dataclass

from bot.domain.events.base import Payload, body, event


@event("questions_asked")
@dataclass(frozen=True, slots=True)
class QuestionsAsked(Payload):
    """The five questions were put to people. owner: of the post-mortem, "" if nobody."""

    owner: str = ""


@event("question_answered")
@dataclass(frozen=True, slots=True)
class QuestionAnswered(Payload):
    """question: noticed | standby | impact | causes (when it began is a milestone); answer: its code, see bot.domain.questions."""

    question: str
    answer: str
    text: str = body()
