"""`declare <title> [sev2] [service]`: a person opens an incident."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import reading
from bot.domain.terms import Severity
from bot.flows import declare
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import t
from commands import Ask, Verb


@dataclass(frozen=True, slots=True)
class Args:
    title: str
    severity: Severity | None = None
    service: str = ""


def _parse(words: str) -> Args:
    """Severity and service are the last words only: `declare orders down sev1 orders`."""
    parts = words.split()
    if len(parts) == 1 and (severity := _sev(parts[0])) is not None:
        return Args("", severity)
    if len(parts) > 1 and (severity := _sev(parts[-1])) is not None:
        return Args(" ".join(parts[:-1]), severity)
    if len(parts) > 2 and (severity := _sev(parts[-2])) is not None:
        return Args(" ".join(parts[:-2]), severity, parts[-1])
    return Args(words)


def _sev(word: str) -> Severity | None:
    return reading.severity(word) if word.lower().startswith("sev") else None


def _click(value: Json) -> Args:
    severity = Severity(value["severity"]) if value.get("severity") else None
    return Args(value.get("title", ""), severity, value.get("service", ""))


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    severity = answers.get("severity", "")
    return Args(answers.get("title", ""), Severity(severity) if severity else None, answers.get("service", ""))


def _form(args: Args) -> Form | None:
    if args.title:
        return None
    severities = {s.value: t(s.value.upper()) for s in Severity}
    fields = (
        Field("title", t("What is broken?"), hint=t("Orders cannot be placed"), most=150),
        Field("severity", t("Severity"), "choice", (args.severity or Severity.SEV3).value, options=severities),
        Field("service", t("Service"), optional=True, most=80),
    )
    return Form("declare", t("Declare an incident"), t("Declare"), fields)


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    return await declare.declare(desk, ask.cause, args.title, args.severity, args.service)


command = Verb(
    name="declare",
    group="start",
    usage="declare <title> [sev2] [service]",
    example="declare Orders cannot be placed sev1 orders",
    about=t("open an incident; severity and service only as last words"),
    permission="declare",
    parse=_parse,
    click=_click,
    run=_run,
    form=_form,
    fill=_fill,
    where="anywhere",
)
