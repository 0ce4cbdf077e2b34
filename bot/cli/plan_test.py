"""`tocsin plan test`: the authors' own tests of their plans. No network, no machine, no waiting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cli.plan_lint import line, parsed
from bot.errors import NotFound
from bot.text import Code, PlainShow, render, t
from runbooks import cases
from runbooks.letters import LARGEST
from runbooks.problem import Report
from runbooks.rehearsal_action import rehearse


@dataclass
class Count:
    """How the tests went. wrong: mistakes in the test files themselves."""

    ok: int = 0
    failed: int = 0
    wrong: int = 0


def tested(files: Sequence[Path], count: Count) -> Iterator[str]:
    """Line by line. files: plans or their test files. NotFound: there is no plan beside a test, or no test beside a plan."""
    for path in dict.fromkeys(_tests(file) for file in files):
        yield from _file(path, count)


def _tests(file: Path) -> Path:
    found = file if file.name.endswith(cases.SUFFIX) else file.with_suffix(cases.SUFFIX)
    if not found.exists():
        raise NotFound(t("{plan} has no tests: write {test}.", plan=Code(str(file)), test=Code(found.name)))
    return found


def _file(path: Path, count: Count) -> Iterator[str]:
    page = path.with_name(path.name.removesuffix(cases.SUFFIX) + ".md")
    plan = parsed(page).plan if page.exists() else None
    if plan is None:
        raise NotFound(
            t("There is no plan {plan} that can be read: `tocsin plan lint` says why.", plan=Code(str(page)))
        )
    text = path.read_bytes()[:LARGEST].decode("utf-8", "replace")
    report = Report(str(path), text.count("\n") + 1)
    found = cases.read(text, plan, report)
    if report.problems:
        count.wrong += len(report.problems)
        yield from (line("text", problem) for problem in report.problems)
        return
    for case in found:
        wrong = [render(text, PlainShow()) for text in cases.differences(case.expect, rehearse(plan, case))]
        count.ok, count.failed = count.ok + (not wrong), count.failed + bool(wrong)
        yield f"{'FAIL' if wrong else 'ok  '} {plan.id}: {case.name}"
        yield from (f"     {path}:{case.line}: {words}" for words in wrong)
