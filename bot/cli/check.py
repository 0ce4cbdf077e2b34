"""`tocsin check`: say what is not ready, and what to do about it."""

import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.cli.findings import Finding
    from bot.ports import Clock

COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command("check")
def command() -> None:
    """Look at settings, configuration, plans, database, Slack and people; change nothing.

    One line each. The exit code is 1 if something keeps Tocsin from working.
    """
    import asyncio

    from bot.clock import SystemClock

    sys.exit(asyncio.run(_tell(SystemClock())))


async def _tell(clock: "Clock") -> int:
    counts = dict.fromkeys(COLOURS, 0)
    async for finding in findings(clock):
        counts[finding.level] += 1
        click.echo(line(finding))
    click.echo(f"\n{_count(counts['problem'], 'problem')}, {_count(counts['warning'], 'warning')}.")
    return 1 if counts["problem"] else 0


def line(finding: "Finding") -> str:
    """`level    about      what → what to do`."""
    level = click.style(f"{finding.level:<8}", fg=COLOURS[finding.level])
    return f"{level} {finding.about:<10} {finding.said}" + (f" → {finding.do}" if finding.do else "")


async def findings(clock: "Clock") -> AsyncIterator["Finding"]:
    """Everything that is found, in the order in which it matters."""
    from bot.cli import findings as here
    from bot.cli.findings_automation import of_automation
    from bot.cli.findings_env import of_env_file
    from bot.cli.findings_names import of_names
    from bot.cli.findings_people import of_approving, of_calling
    from bot.cli.findings_slack import SlackLook
    from bot.cli.findings_unit import of_unit
    from bot.cli.findings_waking import of_waking
    from bot.errors import StartError
    from bot.settings import read
    from integrations import notify

    try:
        settings = read()
    except StartError as error:
        yield here.Finding(here.PROBLEM, "settings", str(error), "docs/configuration.md lists them all")
        return
    for found in (*of_env_file(), *here.of_settings(settings), *of_unit(settings)):
        yield found
    organisation, told = here.of_config(settings)
    plans = here.plans(settings, organisation, clock.now())
    for found in (*told, *here.of_plans(settings, organisation, plans)):
        yield found
    ids = [plan.id for plan in plans.plans]
    yield await here.of_database(settings)
    slack = SlackLook(settings, clock)
    async for found in slack.findings(organisation):
        yield found
    for found in (
        *of_names(settings.config_dir, organisation, slack.directory, ids),
        *of_calling(organisation, slack.directory),
        *of_approving(organisation, plans.plans, slack.directory),
        *of_automation(organisation.policy.automation),
        *of_waking(settings, organisation, notify.classes(), plans.plans, slack.directory),
    ):
        yield found
    for found in here.of_parts():
        yield found


def _count(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "s")
