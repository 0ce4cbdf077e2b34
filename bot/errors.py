"""Everything that can go wrong in Tocsin's own words.

    TocsinError
    ├── UserError            somebody asked for what cannot be: one sentence, and what to do instead
    │   ├── BadInput         the words could not be understood; carries an example that works
    │   ├── Refused          understood, and not allowed now: what, why, what now
    │   └── NotFound         the thing named is not there
    ├── ConfigError          a file of the operator's: file:line, what, did you mean
    ├── StartError           the program cannot start: one clear sentence
    ├── StoreAway            the database cannot be reached or is too slow: nothing was saved
    │   ├── StoreUnsure      it broke off in the middle of saving: nobody knows whether it was saved
    │   ├── AlertsAway       the same to who sends alerts, of which some may have been saved
    │   └── StandsBack       a newer version works on the database, and this process leaves it alone
    └── ChatError            Slack refused or could not be reached (raised by the Chat port)

`for_user()` is safe to show to people (a `Text`); `for_log()` may hold details.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.text import Code, English, Strong, Text, Value, render, t

LONGEST = 120
"""Characters of a wrong word that are said back."""


def brief(sentence: Text) -> Text:
    """The sentence, in which no word of somebody's is longer than it takes to know it again."""
    return replace(sentence, params={name: _brief(value) for name, value in sentence.params.items()})


def _brief(value: Value) -> Value:
    if isinstance(value, Code | Strong) and len(value.text) > LONGEST:
        return replace(value, text=value.text[: LONGEST - 1] + "…")
    return brief(value) if isinstance(value, Text) else value


class TocsinError(Exception):
    """Something went wrong inside Tocsin."""

    def for_user(self) -> Text:
        """The sentence for people."""
        return t("Something went wrong in Tocsin. Nothing was changed; please try again.")

    def for_log(self) -> str:
        """The line for the log."""
        return f"{type(self).__name__}: {self}"


class UserError(TocsinError):
    """A sentence for the person who asked."""

    def __init__(self, sentence: Text, code: str = "") -> None:
        super().__init__(sentence.msgid)
        self.sentence = sentence
        self.code = code or type(self).__name__.lower()

    def for_user(self) -> Text:
        return self.sentence


class BadInput(UserError):
    """The words could not be understood. `example` is a line that works; `field` the field of a form that was wrong, or ""."""

    def __init__(self, sentence: Text, example: str = "", code: str = "", field: str = "") -> None:
        super().__init__(brief(sentence), code)
        self.example = example
        self.field = field


class Refused(UserError):
    """Understood, and not allowed now: what, why, what now."""


class NotFound(UserError):
    """The thing named is not there."""


class ConfigError(TocsinError):
    """A configuration file cannot be used. `where` is `file:line`; `more`: what else is wrong, so that all is said at once."""

    def __init__(self, where: str, what: str, more: Sequence["ConfigError"] = ()) -> None:
        super().__init__("\n".join([f"{where}: {what}", *map(str, more)]))
        self.where = where
        self.what = what
        self.more = tuple(more)

    def for_user(self) -> Text:
        return t("The configuration cannot be used: {where}: {what}", where=self.where, what=self.what)


class StartError(TocsinError):
    """The program cannot start; the message is one clear sentence for the operator."""

    def for_user(self) -> Text:
        return t("{what}", what=str(self))


class StoreAway(TocsinError):
    """The database cannot be reached or did not answer in time: nothing was saved."""

    def for_user(self) -> Text:
        return t("The database does not answer. Nothing was saved; please try again.")


class StoreUnsure(StoreAway):
    """The database broke off at the commit: it may have been saved. Who repeats the same input finds out."""

    def for_user(self) -> Text:
        return t("The database broke off while it saved this. Please look whether it was done before you do it again.")


class AlertsAway(StoreAway):
    """No answer to a sender of alerts in time. Who sends them again finds what was stored of them counted once."""

    def for_user(self) -> Text:
        return t("The database does not answer. Send the alerts again; what was stored of them counts once.")


SILENT = frozenset({"connection", "timeout", "service_unavailable", "team_added_to_org"})
"""Codes of a ChatError: no answer, or Slack's own word that it is not there at present."""


class StandsBack(StoreAway):
    """This process stands back from a newer version. sentence: which."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(render(sentence, English()))
        self.sentence = sentence

    def for_user(self) -> Text:
        return self.sentence


@dataclass
class ChatError(TocsinError):
    """Slack refused a call or could not be reached.

    code: Slack's error code, or `http_500`, `timeout`, `connection`; retry_after: seconds, for a 429;
    ambiguous: True if the call may have been carried out all the same; method: as Slack names it (`chat.update`).
    """

    code: str
    retry_after: float = 0.0
    ambiguous: bool = False
    detail: str = field(default="")
    method: str = field(default="", compare=False)

    @property
    def away(self) -> bool:
        """Slack could not be reached, or not in its right mind: nobody answered, or somebody else did (a proxy, a 5xx)."""
        return self.code in SILENT or self.code.startswith("http_")

    def __str__(self) -> str:
        return f"{self.code} {self.detail}".strip()

    def for_user(self) -> Text:
        return t("Slack did not take it: {code}.", code=self.code)
