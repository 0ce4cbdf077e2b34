"""What `tocsin check` finds on this machine: settings, configuration, plans, database, and the parts found by folder."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import integrations
from bot import config
from bot.domain.gate_words import FROM_WHERE
from bot.domain.organisation import Organisation
from bot.domain.terms import Micros
from bot.errors import ConfigError, StartError
from bot.ports import Notifier
from bot.settings import Settings, unknown
from bot.text import PlainShow, render
from commands import registry
from integrations import notify
from runbooks import executors
from runbooks.catalogue import DEFAULT, Catalogue, load
from runbooks.lint_action import Allowed
from runbooks.origin import look
from runbooks.parse import parse
from runbooks.problem import ERROR, Problem
from runbooks.spawning import answers
from storage.condition import condition

OK, WARNING, PROBLEM = "ok", "warning", "problem"

UNUSED = {
    "heartbeat_url": "TOCSIN_HEARTBEAT_URL",
    "slack_client_id": "TOCSIN_SLACK_CLIENT_ID",
    "slack_client_secret": "TOCSIN_SLACK_CLIENT_SECRET",
}
"""Settings that are part of the interface already, and do nothing yet."""
FILES = "docs/configuration.md shows each file"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. level: ok | warning (it works, but) | problem (it does not work); do: what to do about it."""

    level: str
    about: str
    said: str
    do: str = ""


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Where it listens, and what keeps senders out."""
    where = f"{settings.http_host}:{settings.http_port}"
    yield Finding(
        OK, "settings", f"listens on {where}; configuration {settings.config_dir}; runner {settings.runner_dir}"
    )
    if not settings.alert_token.get_secret_value():
        level = OK if settings.loopback else PROBLEM
        said = "no TOCSIN_ALERT_TOKEN: alerts are taken from this machine only"
        yield Finding(level, "settings", said, "" if settings.loopback else "set it, and give it to your alert senders")
    for name, setting in UNUSED.items():
        if name in settings.model_fields_set and str(getattr(settings, name)):
            yield Finding(WARNING, "settings", f"{setting} is not yet used by this version", "leave it out")
    for strange in unknown(os.environ):
        yield Finding(WARNING, "settings", strange, "docs/configuration.md lists them all")
    if not _writable(settings):
        said = f"the runner directory {settings.runner_dir} cannot be written"
        yield Finding(PROBLEM, "settings", said, "actions keep their state there: let this account write it")
    yield from _of_runner(settings)


def _writable(settings: Settings) -> bool:
    place = settings.runner_dir.absolute()
    while not place.exists():
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK)


def of_config(settings: Settings) -> tuple[Organisation, list[Finding]]:
    """The organisation (the defaults if its files cannot be used) and what is to be said about them."""
    if settings.lost_config:
        said = (
            f"TOCSIN_CONFIG_DIR names {settings.config_dir}, and there is no such folder: `tocsin serve` does not start"
        )
        do = "make it, or leave the name out: then everybody may do everything"
        return Organisation(), [Finding(PROBLEM, "config", said, do)]
    if not settings.config_dir.is_dir():
        return Organisation(), [Finding(OK, "config", f"there is no folder {settings.config_dir}: the defaults hold")]
    try:
        organisation, warnings = config.load(settings.config_dir)
    except ConfigError as error:
        wrong = [error, *error.more]
        return Organisation(), [Finding(PROBLEM, "config", f"{one.where}: {one.what}", FILES) for one in wrong]
    there = [name for name in config.files.NAMES if (settings.config_dir / name).exists()]
    read = Finding(OK, "config", f"read: {', '.join(there) or 'none of the five files, so the defaults hold'}")
    return organisation, [read, *(Finding(WARNING, "config", warning, FILES) for warning in warnings)]


def plans(settings: Settings, organisation: Organisation, now: Micros) -> Catalogue:
    """All plans, linted with what policy.yaml allows (its groups may be Slack's own: findings_people looks at them)."""
    today = datetime.fromtimestamp(now / 1_000_000, UTC).strftime("%Y-%m-%d")
    folder = settings.config_dir / "plans"
    repository = look(folder, organisation.policy.automation.plans) if folder.is_dir() else None
    return load(folder, executors.keys(), allowed=_allowed(organisation), today=today, repository=repository)


def _allowed(organisation: Organisation) -> Allowed:
    automation = organisation.policy.automation
    return Allowed(automation.programs, functions=automation.python, reach=automation.reach)


def of_plans(settings: Settings, organisation: Organisation, found: Catalogue) -> Iterator[Finding]:
    """Where the plans come from, and what is wrong in them."""
    folder = settings.config_dir / "plans"
    own = any(plan.path.startswith(str(folder)) for plan in found.plans if plan.id != DEFAULT)
    whose = f"in {folder}" if own else "of the starter library"
    yield Finding(OK, "plans", f"{len(found.plans)} {whose}: {', '.join(plan.id for plan in found.plans)}")
    if not own:
        yield from _of_starters(organisation, found)
    yield from map(_of_problem, found.problems)
    yield from _of_origins(found)


def _of_starters(organisation: Organisation, found: Catalogue) -> Iterator[Finding]:
    """The starters that can be walked, and run nothing here. Whoever takes one over into the folder is told of each line."""
    keys, allowed = executors.keys(), _allowed(organisation)
    read = (parse(one.text, one.plan.path, executors=keys, allowed=allowed) for one in found.entries.values())
    barred = [id for id, one in zip(found.entries, read, strict=True) if one.plan is None]
    if barred:
        said = f"policy.yaml does not allow all that these run, so people do it by hand: {', '.join(barred)}"
        yield Finding(OK, "plans", said, "copy what you use into your own folder of plans, and make it yours")


def _of_problem(problem: Problem) -> Finding:
    said, fix = (render(text, PlainShow()) if text else "" for text in (problem.sentence, problem.fix))
    level = PROBLEM if problem.level == ERROR else WARNING
    return Finding(level, "plans", f"{problem.file}:{problem.line}: {problem.code} {said}", fix)


def _of_origins(found: Catalogue) -> Iterator[Finding]:
    """Plans whose actions will not run because of where their text comes from."""
    for id, entry in found.entries.items():
        if entry.origin.refusal and any(step.action for phase in entry.plan.phases for step in phase.steps):
            why = render(FROM_WHERE[entry.origin.refusal], PlainShow())
            yield Finding(WARNING, "plans", f"no action of {id} runs: {why}", "people walk it all the same")


async def of_database(settings: Settings) -> Finding:
    """Whether the database can be reached, and whether its schema is ours."""
    url = settings.database_url
    name = url if url.startswith("sqlite") else "postgresql (address not shown)"
    try:
        found = await condition(url)
    except StartError as error:
        return Finding(PROBLEM, "database", str(error), "mend that, or TOCSIN_DATABASE_URL (docs/operating.md)")
    if not found.there:
        return Finding(OK, "database", f"{name} is not there yet; `tocsin serve` makes it")
    if found.schema == found.newest:
        return Finding(OK, "database", f"{name}, schema {found.schema}")
    return Finding(OK, "database", f"{name} has schema {found.schema}; `tocsin serve` brings it to {found.newest}")


def _of_runner(settings: Settings) -> Iterator[Finding]:
    """Whether somebody starts what plans run."""
    if settings.runner == "unit" and answers(settings.runner_dir):
        yield Finding(OK, "runner", f"`tocsin runner` answers in {settings.runner_dir}")
    elif settings.runner == "unit":
        said = f"no `tocsin runner` answers in {settings.runner_dir}: no program and no function will run"
        yield Finding(PROBLEM, "runner", said, "docs/operating.md has a unit for it")


def of_parts() -> Iterator[Finding]:
    """Every verb, alert source and executor, with how far it was tried."""
    yield from _loaded("verbs", lambda: [" ".join(registry.load())])
    yield from _loaded("source", lambda: (f"{n} (tried: {s.TRIED})" for n, s in integrations.alert_sources().items()))
    yield from _loaded("notifier", lambda: (_notifier(name, one) for name, one in notify.classes().items()))
    yield from _loaded("executor", lambda: (f"{n} (tried: {e.TRIED})" for n, e in executors.classes().items()))


def _notifier(name: str, made: type[Notifier]) -> str:
    rings = "rings" if made.rings else "does not ring"
    return f"{name} ({rings}; tried: {made.TRIED})"


def _loaded(about: str, lines: Callable[[], Iterable[str]]) -> Iterator[Finding]:
    try:
        yield from (Finding(OK, about, line) for line in lines())
    except StartError as error:
        yield Finding(
            PROBLEM, about, str(error), "mend or remove that file; what Tocsin brings along is whole after `make`"
        )
