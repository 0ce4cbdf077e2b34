"""`tocsin plan test`: the authors' own tests of their plans. No network, no machine, no waiting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cli.plan_lint import line, parsed
from bot.domain.plan import Plan
from bot.errors import NotFound
from bot.text import Code, PlainShow, render, t
from runbooks import cases, letters
from runbooks.catalogue import unreadable
from runbooks.files import below, content
from runbooks.letters import LARGEST
from runbooks.problem import Report
from runbooks.rehearsal_action import rehearse
from runbooks.trail import differences


@dataclass
class Count:
    """How the tests went. wrong: mistakes in the test files themselves."""

    ok: int = 0
    failed: int = 0
    wrong: int = 0


def tested(files: Sequence[Path], count: Count) -> Iterator[str]:
    """Line by line. files: plans or their test files. NotFound: there is no plan beside a test, or no test beside a plan."""
    for path in dict.fromkeys(path for file in files for path in _tests(file)):
        yield from _file(path, count)


def _tests(file: Path) -> list[Path]:
    if file.is_dir():
        inside = [path for path in below(file) if path.name.endswith(cases.SUFFIX)]
        if not inside:
            raise NotFound(t("There is no test of a plan in {folder}.", folder=Code(str(file))))
        return sorted(inside)
    found = file if file.name.endswith(cases.SUFFIX) else file.with_suffix(cases.SUFFIX)
    if not found.exists():
        raise NotFound(t("{plan} has no tests: write {test}.", plan=Code(str(file)), test=Code(found.name)))
    return [found]


def _file(path: Path, count: Count) -> Iterator[str]:
    page = path.with_name(path.name.removesuffix(cases.SUFFIX) + ".md")
    plan = parsed(page).plan if page.exists() else None
    if plan is None:
        raise NotFound(
            t("There is no plan {plan} that can be read: `tocsin plan lint` says why.", plan=Code(str(page)))
        )
    report, found = _read(path, plan)
    if report.problems:
        count.wrong += len(report.problems)
        yield from (line("text", problem) for problem in report.problems)
        return
    for case in found:
        wrong = [render(text, PlainShow()) for text in differences(case.expect, rehearse(plan, case))]
        count.ok, count.failed = count.ok + (not wrong), count.failed + bool(wrong)
        yield f"{'FAIL' if wrong else 'ok  '} {plan.id}: {case.name}"
        yield from (f"     {path}:{case.line}: {words}" for words in wrong)


def _read(path: Path, plan: Plan) -> tuple[Report, Sequence[cases.Case]]:
    try:
        text = content(path, LARGEST + 1).decode("utf-8", "replace")
    except OSError as error:
        raise NotFound(unreadable(path, error).sentence) from error
    clean = letters.clean(text)
    report = Report(str(path), clean.count("\n") + 1)
    letters.check(clean, report)
    return report, () if report.failed else cases.read(clean, plan, report)
