"""What a verb answers: sentences, buttons, forms. The medium (Slack, the API) decides how they look."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.ports.rows import Json
from bot.text import Text

WORDS = "words"
"""In a button's value: it stands for a typed line, and these are the words behind the verb."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button that is a verb. value: what the verb needs beside the incident (step, digest …); style: "" | primary | danger."""

    label: Text
    verb: str
    value: Json = field(default_factory=dict)
    style: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. kind: line | text | choice | person; options: value → label, for a choice; most: characters."""

    name: str
    label: Text
    kind: str = "line"
    value: str = ""
    hint: Text | None = None
    optional: bool = False
    options: Mapping[str, Text] = field(default_factory=dict)
    most: int = 3000


@dataclass(frozen=True, slots=True)
class Form:
    """A form (in Slack a modal) that asks for what is missing; its answers go to `Command.fill`. title, submit: ≤ 24 characters."""

    verb: str
    title: Text
    submit: Text
    fields: tuple[Field, ...]
    value: Json = field(default_factory=dict)  # handed back with the answers: incident, step …


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to the person who asked; nobody else sees it. What others see is an effect, never a reply.

    lines: one paragraph each; form: asked instead of an answer; done: False if nothing was changed; echo: who clicked in the
    incident's channel sees as much there, and need not be told; shows: it was asked for to be read, its buttons ask nothing.
    """

    lines: tuple[Text, ...] = ()
    buttons: tuple[Button, ...] = ()
    form: Form | None = None
    done: bool = True
    data: Json = field(default_factory=dict)  # for the API: what was made or changed
    echo: bool = False
    shows: bool = False
