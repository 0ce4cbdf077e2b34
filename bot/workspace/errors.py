"""How the workspace says no: to the app with Slack's codes, to a person with a sentence."""

from collections.abc import Sequence
from typing import Any

COMMON = frozenset(
    (
        "not_authed",
        "invalid_auth",
        "not_allowed_token_type",
        "missing_scope",
        "invalid_arguments",
        "invalid_json",
        "invalid_post_type",
        "json_not_object",
        "missing_post_type",
        "unknown_method",
        "ratelimited",
    )
)
"""What any method may answer. The errors of one method stand in its row (`@method`)."""


class Refused(Exception):
    """The call is answered with `{"ok": false, "error": code}`. messages go to response_metadata, more into the answer."""

    def __init__(self, code: str, messages: Sequence[str] = (), **more: Any) -> None:
        super().__init__(code)
        self.code, self.messages, self.more = code, list(messages), more

    def answer(self) -> dict[str, Any]:
        out: dict[str, Any] = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            out["response_metadata"] = {"messages": self.messages}
        return out


class CannotDo(Exception):
    """A person cannot do that here; the text is a sentence for that person. errors: block_id → sentence, for a form."""

    def __init__(self, sentence: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.errors = sentence, errors or {}
