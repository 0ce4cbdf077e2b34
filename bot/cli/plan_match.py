"""Which plan a request of an alert source would get: parsed, routed and matched as the bot does it, and told."""

from collections.abc import Iterator, Sequence

import integrations
from bot import config
from bot.clock import SystemClock
from bot.domain.alert import Alert, AlertStatus
from bot.domain.organisation import Organisation
from bot.domain.route import Do, Routed
from bot.errors import NotFound
from bot.settings import Settings, read
from bot.text import Code, PlainShow, Text, render, t
from runbooks import catalogue, executors
from runbooks.catalogue import Catalogue
from runbooks.match import Choice, choose

Pair = tuple[Alert, Routed]


def matched(body: bytes, source: str) -> Iterator[str]:
    """Line by line, for each group of alerts. BadInput: the source cannot read it; NotFound: there is no such source."""
    settings = read()
    organisation, _ = config.load(settings.config_dir)
    plans = catalogue.load(settings.config_dir / "plans", executors.keys())
    sources = integrations.alert_sources()
    if source not in sources:
        raise NotFound(t("There is no source {name}; there are: {all}.", name=Code(source), all=", ".join(sources)))
    alerts = sources[source].parse(body, {}, SystemClock().now())
    firing = [(alert, organisation.routes.route(alert)) for alert in alerts if alert.status is AlertStatus.FIRING]
    if not firing:
        yield "No alert is firing in it."
    for key in dict.fromkeys(routed.group_key for _, routed in firing):
        yield from _group([pair for pair in firing if pair[1].group_key == key], organisation, plans, settings)


def _group(pairs: Sequence[Pair], organisation: Organisation, plans: Catalogue, settings: Settings) -> Iterator[str]:
    routed = pairs[0][1]
    severity = min((r.severity for _, r in pairs), key=lambda found: found.value)
    rule = f"{settings.config_dir}/routes.yaml:{routed.line}" if routed.line else "no route; the defaults hold"
    count = f"{len(pairs)} alert{'' if len(pairs) == 1 else 's'}"
    yield f"{routed.title}: {count}, {severity.value}, service {routed.service or 'not known'} ({rule})"
    if routed.do is Do.RECORD:
        yield "  only recorded: no incident, no plan"
        return
    service = organisation.services.get(routed.service)
    choice = choose(plans.plans, [a.labels for a, _ in pairs], severity, service.plans if service else ())
    yield from (f"  {line}" for line in _choice(choice))


def _choice(choice: Choice) -> Iterator[str]:
    if choice.plan is not None:
        yield f"plan: {choice.plan.id} ({choice.plan.path}). {_said(choice.reason)}"
    else:
        tied = ", ".join(plan.id for plan in choice.tied)
        yield f"plan: default, and people are asked which of {tied} it shall be. {_said(choice.reason)}"
    yield from (f"not {plan}: {_said(why)}" for plan, why in choice.others)


def _said(text: Text) -> str:
    return render(text, PlainShow())
