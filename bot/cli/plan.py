"""`tocsin plan`: check and read emergency plans."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from runbooks.parse import Parsed


@click.group("plan")
def command() -> None:
    """Check and read emergency plans."""


def _parsed(path: Path, siblings: set[str] | None = None) -> "Parsed":
    from runbooks import executors
    from runbooks.parse import parse

    text = path.read_bytes().decode("utf-8", "surrogateescape")
    return parse(text, str(path), executors=executors.keys(), files=siblings)


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "github", "json"]), default="text", show_default=True)
def lint(files: tuple[Path, ...], form: str) -> None:
    """Say line by line what is wrong. The exit code is 1 if there is an error. Nothing is run, nothing is fetched."""
    from bot.text import PlainShow, render

    show, failed = PlainShow(), False
    for path in files:
        siblings = {other.stem for other in path.parent.glob("*.md")}
        for problem in _parsed(path, siblings).problems:
            failed = failed or problem.level == "error"
            click.echo(
                _line(form, problem, render(problem.sentence, show), render(problem.fix, show) if problem.fix else "")
            )
    sys.exit(1 if failed else 0)


def _line(form: str, problem: Any, sentence: str, fix: str) -> str:
    if form == "json":
        told = {"file": problem.file, "line": problem.line, "level": problem.level, "code": problem.code}
        return json.dumps({**told, "sentence": sentence, "fix": fix}, ensure_ascii=False)
    if form == "github":
        return (
            f"::{problem.level} file={problem.file},line={problem.line},title={problem.code}::{sentence} {fix}".rstrip()
        )
    return f"{problem.file}:{problem.line}: {problem.level} {problem.code} {sentence}" + (f" ({fix})" if fix else "")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def show(file: Path) -> None:
    """Print what the plan would have people and the bot do."""
    parsed = _parsed(file)
    if parsed.plan is None:
        raise click.ClickException(f"{file} cannot be read: `tocsin plan lint {file}` says why.")
    plan = parsed.plan
    click.echo(f"{plan.title} ({plan.id}, owner {plan.owner})")
    for phase in plan.phases:
        click.echo(f"\n{phase.title}")
        for step in phase.steps:
            click.echo(f"  {step.number} {step.text}")
            for answer in step.answers:
                click.echo(f"      {answer.label} -> {answer.to}")
            if step.action:
                click.echo(f"      {step.action.id}: {step.action.does.executor} {dict(step.action.does.spec)}")
