"""`impact none`, `impact trading 40% from 02:45 to 03:10`: what stood still. Silence is "unknown", not "none"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain import reading
from bot.domain.telling import IMPACT
from bot.domain.terms import Micros
from bot.errors import BadInput
from bot.flows import telling
from bot.flows.desk import Desk
from bot.ports import Field, Form, Json, Reply
from bot.text import Code, Typed, t
from commands import Ask, Verb

_WHEN = r"(?:yesterday\s+|\d{4}-\d{2}-\d{2}\s+)?[\w:-]+"
_WORDS = re.compile(
    rf"(?i)^(?P<function>.*?)\s*(?P<percent>\b\d+\s*%)?\s*(?:(?:from|since)\s+(?P<start>{_WHEN}))?"
    rf"\s*(?:(?:to|until|till)\s+(?P<end>{_WHEN}))?$"
)
OVERNIGHT = "impact trading from yesterday 23:50 to 00:10"
_PERCENT = re.compile(r"(\d{1,3})\s*%?")
NOTHING = {
    *("none", "no", "nothing", "nobody", "no impact", "not affected"),
    *("无", "没有", "没", "无影响", "没有影响", "未受影响"),
}
UNKNOWN = frozenset(
    ["unknown", "not known", "unclear", "?", "\uff1f", "未知", "不知道", "不清楚", "不明", "不详", "待定"]
)


@dataclass(frozen=True, slots=True)
class Args:
    """As typed; ask: show the form; none: nothing was affected."""

    function: str = ""
    percent: str = ""
    start: str = ""
    end: str = ""
    none: bool = field(default=False, kw_only=True)
    ask: bool = field(default=False, kw_only=True)


def _parse(words: str) -> Args:
    if not words or _plain(words) in NOTHING:
        return Args(none=bool(words), ask=not words)
    _refuse_unknown(words)
    found = _WORDS.match(" ".join(words.split()))
    return Args(*(said or "" for said in found.groups())) if found else Args(words)


def _plain(words: str) -> str:
    return " ".join(words.lower().rstrip(".!。\uff01").split())


def _refuse_unknown(words: str) -> None:
    """That nobody knows it is no impact. BadInput."""
    if _plain(words) in UNKNOWN:
        sentence = t("It stays unknown until somebody says what was affected, or {none}.", none=Typed("impact none"))
        raise BadInput(sentence, IMPACT, field="function")


def _fill(answers: Mapping[str, str], value: Json) -> Args:
    given = {name: answers.get(name, "").strip() for name in ("function", "percent", "start", "end")}
    _refuse_unknown(given["function"])
    if _plain(given["function"]) in NOTHING or (not any(given.values()) and answers.get("any") == "none"):
        return Args(none=True)
    if answers.get("any") == "none":
        sentence = t("Either nothing was affected, or what stands here.")
        raise BadInput(sentence, IMPACT, field=next(name for name, said in given.items() if said))
    return Args(*given.values())


def _form(args: Args) -> Form | None:
    if not args.ask:
        return None
    hint = t("14:02, yesterday 23:50, 2026-11-20 14:02 or -5m; empty: not known")
    fields = (
        Field(
            "any",
            t("Was the business affected?"),
            "choice",
            "some",
            options={"some": t("Yes: this is what"), "none": t("No, nothing was")},
        ),
        Field("function", t("What was affected?"), hint=t("For example trading, or login"), optional=True, most=40),
        Field("percent", t("How much of it, in %?"), optional=True, most=4),
        Field("start", t("From"), hint=hint, optional=True, most=30),
        Field("end", t("Until"), optional=True, most=30),
    )
    return Form("impact", t("Impact"), t("Save"), fields)


def _percent(text: str) -> int | None:
    found = _PERCENT.fullmatch(text.strip()) if text.strip() else None
    if text.strip() and not found:
        raise BadInput(t("I cannot read {text} as a percentage. Say 40%.", text=Code(text)), IMPACT, field="percent")
    return int(found[1]) if found else None


def _moment(text: str, ask: Ask, field: str) -> Micros | None:
    return reading.moment(text, ask.zone, ask.at, field) if text else None


async def _run(desk: Desk, ask: Ask, args: Args) -> Reply:
    if args.none:
        return await telling.no_impact(desk, ask.cause, ask.number)
    start, end = _moment(args.start, ask, "start"), _moment(args.end, ask, "end")
    if start is not None and end is not None:
        reading.refuse_long(args.start, start, end, OVERNIGHT, "start")
    told = telling.Affected(args.function, _percent(args.percent), start, end)
    return await telling.impact(desk, ask.cause, ask.number, told)


command = Verb(
    name="impact",
    group="say",
    usage="impact <none|what [40%] [from 02:45] [to 03:10]>",
    example=IMPACT,
    about=t("say what stood still for the business; until somebody does, it is unknown, not none"),
    permission="respond",
    parse=_parse,
    click=lambda value: Args(ask=True),
    run=_run,
    form=_form,
    fill=_fill,
)
