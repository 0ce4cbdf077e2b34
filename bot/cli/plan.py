"""`tocsin plan`: check, read and match emergency plans. Nothing is run, nothing is fetched, nothing is stored."""

import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from runbooks.parse import Parsed
    from runbooks.problem import Problem


@click.group("plan")
def command() -> None:
    """Check and read emergency plans."""


def _parsed(path: Path) -> "Parsed":
    from runbooks import executors
    from runbooks.parse import parse

    siblings = {other.stem for other in path.parent.glob("*.md")}
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    return parse(text, str(path), executors=executors.keys(), files=siblings)


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "github", "json"]), default="text", show_default=True)
def lint(files: tuple[Path, ...], form: str) -> None:
    """Say line by line what is wrong. The exit code is 1 if there is an error."""
    problems = [problem for path in files for problem in _parsed(path).problems]
    for problem in problems:
        click.echo(_line(form, problem))
    errors = sum(problem.level == "error" for problem in problems)
    if form == "text":
        said = f"{errors} to mend, {len(problems) - errors} to look at" if problems else "nothing to mend"
        click.echo(f"{len(files)} file{'' if len(files) == 1 else 's'}: {said}.")
    sys.exit(1 if errors else 0)


def _line(form: str, problem: "Problem") -> str:
    from bot.text import PlainShow, render

    sentence = render(problem.sentence, PlainShow())
    fix = render(problem.fix, PlainShow()) if problem.fix else ""
    if form == "json":
        told = {"file": problem.file, "line": problem.line, "level": problem.level, "code": problem.code}
        return json.dumps({**told, "sentence": sentence, "fix": fix}, ensure_ascii=False)
    if form == "github":
        where = f"file={problem.file},line={problem.line},title={problem.code}"
        return f"::{problem.level} {where}::{sentence} {fix}".rstrip()
    return f"{problem.file}:{problem.line}: {problem.level} {problem.code} {sentence}" + (f" ({fix})" if fix else "")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def show(file: Path) -> None:
    """Print what the plan would have people and the bot do."""
    from bot.cli.plan_text import shown

    plan = _parsed(file).plan
    if plan is None:
        raise click.ClickException(f"{file} cannot be read: `tocsin plan lint {file}` says why.")
    click.echo("\n".join(shown(plan)))


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
