"""`tocsin plan`: check, read, match, try and draft emergency plans. Nothing is run on any machine, nothing is fetched."""

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from bot.cli.numbers import IncidentNumber

if TYPE_CHECKING:
    from bot.domain.plan import Plan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ANY = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("plan")
def command() -> None:
    """Check and read emergency plans."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=ANY)
@click.option("--format", "form", type=click.Choice(["text", "github", "json"]), default="text", show_default=True)
@click.option("--config", "folder", type=FOLDER, help="Look also at policy.yaml and services.yaml of this folder.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def lint(files: tuple[Path, ...], form: str, folder: Path | None, strict: bool) -> None:
    """Say line by line what is wrong. The exit code is 1 if there is an error.

    FILES are plans, or folders with plans.
    """
    from bot.cli.plan_lint import chosen, line, linted

    files = tuple(chosen(files))
    problems = linted(files, folder)
    for problem in problems:
        click.echo(line(form, problem))
    errors = sum(problem.level == "error" for problem in problems)
    if form == "text":
        said = f"{errors} to mend, {len(problems) - errors} to look at" if problems else "nothing to mend"
        click.echo(f"{len(files)} file{'' if len(files) == 1 else 's'}: {said}.")
    sys.exit(1 if errors or (strict and problems) else 0)


def _plan(file: Path) -> "Plan":
    from bot.cli.plan_lint import parsed

    plan = parsed(file).plan
    if plan is None:
        raise click.ClickException(f"{file} cannot be read: `tocsin plan lint {file}` says why.")
    return plan


@command.command()
@click.argument("file", type=FILE)
@click.option("--json", "form", flag_value="json", help="All that was read, as JSON; lengths of time in µs.")
@click.option("--mermaid", "form", flag_value="mermaid", help="The ways through it, as a graph that GitHub draws.")
@click.option("--markdown", "form", flag_value="markdown", help="The page as Tocsin itself would write it.")
def show(file: Path, form: str | None) -> None:
    """Print what the plan would have people and the bot do."""
    from bot.cli.plan_graph import as_json, mermaid
    from bot.cli.plan_text import shown
    from runbooks.canonical import printed

    plan = _plan(file)
    if form == "markdown":
        click.echo(printed(plan), nl=False)
    elif form == "json":
        click.echo(as_json(plan))
    else:
        click.echo("\n".join(mermaid(plan) if form == "mermaid" else shown(plan)))


@command.command()
@click.argument("alert", type=click.File("rb"))
@click.option("--source", default="alertmanager", show_default=True, help="Whose alert it is.")
def match(alert: IO[bytes], source: str) -> None:
    """Which plan an alert would get, and why not the others.

    ALERT is a request as the source sends it (- reads standard input). Routes, services and plans are those of the
    configuration folder.
    """
    from bot.cli.plan_match import matched

    click.echo("\n".join(matched(alert.read(), source)))


@command.command()
@click.argument("files", nargs=-1, required=True, type=ANY)
def test(files: tuple[Path, ...]) -> None:
    """Run the tests that stand next to plans (NAME.test.yaml): nothing is run, nothing is asked, nobody waits.

    FILES are plans or their tests, or folders with tests. The exit code is 1 if a test fails.
    """
    from bot.cli.plan_test import Count, tested

    count = Count()
    for line in tested(files, count):
        click.echo(line)
    said = f"{count.ok} passed, {count.failed} failed"
    click.echo(said + (f", {count.wrong} to mend in the test files." if count.wrong else "."))
    sys.exit(1 if count.failed or count.wrong else 0)


@command.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
def diff(old: Path, new: Path) -> None:
    """What a new revision changes: first which rights have grown, what it may do and who must say yes, then for which alerts, then
    steps."""
    from bot.cli.plan_diff import reach, rights, walk
    from bot.domain.rights import more, renamed

    before, after = _plan(old), _plan(new)
    parts = {
        "More rights than before": map(str, (*more(before, after), *renamed(before, after))),
        "Rights": rights(before, after),
        "For which alerts, and whose": reach(before, after),
        "Steps": walk(before, after),
    }
    said = {title: lines for title, found in parts.items() if (lines := list(found))}
    for title, lines in said.items():
        click.echo(title)
        click.echo("\n".join(f"  {line}" for line in lines))
    if not said:
        click.echo("Nothing but words around the steps." if before.sha != after.sha else "The same.")


@command.command("dry-run")
@click.argument("file", type=FILE)
@click.argument("alert", type=click.File("rb"))
@click.option("--source", default="alertmanager", show_default=True, help="Whose alert it is.")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A value that a person would give (repeat).")
def dry_run(file: Path, alert: IO[bytes], source: str, values: tuple[str, ...]) -> None:
    """What the plan's actions would be for an alert: with values filled in, what stands against them, who must say yes.

    ALERT is a request as the source sends it (- reads standard input). Policy, services and inventory are those of the
    configuration folder. Nothing is run.
    """
    from bot.cli.plan_dry import tried

    wrong = [one for one in values if "=" not in one]
    if wrong:
        raise click.UsageError(f"--set {wrong[0]}: write NAME=VALUE")
    asked = dict(one.split("=", 1) for one in values)
    click.echo("\n".join(tried(_plan(file), alert.read(), source, asked)))


@command.command("try")
@click.argument("file", type=FILE)
@click.option(
    "--exit", "leave", is_flag=True, help="End as soon as the plan is begun; the exit code tells whether it was."
)
def try_(file: Path, leave: bool) -> None:
    """Walk the plan in a local Slack workspace, with Tocsin itself and the alert that the plan is for.

    Prints the address of the page in which you are a responder. Automation is off there: nothing is run.
    """
    import asyncio
    from contextlib import suppress

    from bot.demo.trying import walk

    with suppress(KeyboardInterrupt):
        asyncio.run(walk(file, _plan(file), stay=not leave))


@command.command()
@click.argument("number", metavar="INC-42", type=IncidentNumber())
def draft(number: int) -> None:
    """Print a plan from what was done in an incident (INC-42), for an author to read, cut and mend."""
    import asyncio

    from bot.cli.reader import reader

    async def run() -> tuple[str, tuple[str, ...]]:
        async with reader() as read:
            return await read.draft(number)

    page, left = asyncio.run(run())
    click.echo(page, nl=False)
    for words in left:
        click.echo(f"left out, since no plan can hold it: {words[:60]}", err=True)
