"""What `declare` and `adopt` are given: title, severity, service, who may see it; as words, button or form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import reading
from bot.domain.terms import Severity
from bot.errors import BadInput
from bot.flows import declare
from bot.ports import Field, Form, Json
from bot.text import Code, t

_TWO_WORDS = re.compile(r"(?i)(^|\s)sev(?:erity)?\s+(\d+)(?=(?:\s+\S+)?\s*$)")
_LIKE_SEVERITY = re.compile(r"(?i)sev-?\d+$")


@dataclass(frozen=True, slots=True)
class Args:
    """ask: show the form, filled in with what is known; told: the message, alert: the recorded alert that it is
    declared from."""

    title: str
    severity: Severity | None = None
    service: str = ""
    private: bool = False
    anyway: bool = False
    ask: bool = False
    told: declare.Told | None = None
    alert: tuple[str, ...] = ()


def parse(words: str) -> Args:
    """Severity and service are the last words only: `declare orders down sev1 orders`."""
    words, private = reading.flag(words, "private")
    parts = _TWO_WORDS.sub(r"\1sev\2", words).split()
    if len(parts) in (1, 2) and (severity := _sev(parts[0])) is not None:  # the title is missing: the form asks for it
        return Args("", severity, " ".join(parts[1:]), private)
    if len(parts) > 1 and (severity := _sev(parts[-1])) is not None:
        return Args(" ".join(parts[:-1]), severity, private=private)
    if len(parts) > 2 and (severity := _sev(parts[-2])) is not None:
        return Args(" ".join(parts[:-2]), severity, parts[-1], private)
    return Args(words, private=private)


def _sev(word: str) -> Severity | None:
    """The severity that a word names, None if it names none. BadInput for `sev9`."""
    if not _LIKE_SEVERITY.match(word):
        return None
    severity = reading.severity(word)
    if severity is None:
        sentence = t("I do not know the severity {name}. There are sev1 to sev4.", name=Code(word))
        raise BadInput(sentence, "declare Orders cannot be placed sev1 orders")
    return severity


def click(value: Json) -> Args:
    severity = Severity(value["severity"]) if value.get("severity") else None
    told = declare.told(*value["told"]) if value.get("told") else None
    alert = tuple(str(part) for part in value.get("alert", ()))
    flags = {name: bool(value.get(name)) for name in ("private", "anyway", "ask")}
    return Args(str(value.get("title", "")), severity, str(value.get("service", "")), told=told, alert=alert, **flags)


def fill(answers: Mapping[str, str], value: Json) -> Args:
    private = answers.get("private", "") == "private"
    given = {"title": answers.get("title", ""), "severity": answers.get("severity", "")}
    return click({**value, **given, "service": answers.get("service", ""), "private": private, "ask": False})


def form(args: Args) -> Form | None:
    """Asked for where the title is missing, or where it is wanted."""
    if args.title and not args.ask:
        return None
    severities = {s.value: t("{sev}", sev=s.value.upper()) for s in Severity}
    seen = {"all": t("Everybody"), "private": t("Only its people")}
    fields = (
        Field("title", t("What is broken?"), value=args.title, hint=t("Orders cannot be placed"), most=150),
        Field("severity", t("Severity"), "choice", (args.severity or Severity.SEV3).value, options=severities),
        Field("service", t("Service"), value=args.service, optional=True, most=80),
        Field("private", t("Who may see it?"), "choice", "private" if args.private else "all", options=seen),
    )
    value = {"told": args.told.value} if args.told else {}
    value |= {"alert": args.alert} if args.alert else {}
    return Form("declare", t("Declare an incident"), t("Declare"), fields, value)
