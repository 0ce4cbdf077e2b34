"""The lines of one incident, as people read them."""

from dataclasses import replace

from bot.domain.facts import Asked, Facts
from bot.domain.state import Interval
from bot.domain.terms import MINUTE, Milestone
from bot.metrics import of_incident
from bot.metrics.incident import Figure
from bot.text import English, Show, Span, Text, render, spanned
from tests.bot.domain.log import minute
from tests.bot.metrics.made import corrected, made, run, whole


class Plain:
    """Words without dress."""

    def sentence(self, one: str, many: str, n: int) -> str:
        return one

    def foreign(self, text: str) -> str:
        return text

    def span(self, span: Span) -> str:
        return render(spanned(span.micros), English()).replace("\u00a0", " ")

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


def say(text: Text | None) -> str:
    show: Show = Plain()  # type: ignore[assignment]
    return "" if text is None else render(text, show)


def lines(facts: Facts, **targets: int) -> list[str]:
    figures = of_incident(facts, {name: n * MINUTE for name, n in targets.items()})
    return [f"{say(f.title)}: {say(f.value)}" if f.value else f"{say(f.title)}? {say(f.missing)}" for f in figures]


def test_all_is_known() -> None:
    assert lines(whole()) == [
        "Found, from its beginning: 2 min, by monitoring",
        "Together, from the declaration: 5 min",
        "Cause known, from its detection: 18 min",
        "Mitigated, from its beginning: 30 min",
        "Back, from its beginning: 40 min; 38 min from its detection",
        "Automation: nothing was run",
        "Not known: what it meant for the business",
    ]


def test_the_beginning_is_taken_over_from_the_first_signal() -> None:
    facts = made(started_derived=1, first_signal=1, detected=2, declared=2, mitigated=30, recovered_derived=40)
    assert lines(facts) == [
        "Found, from the first signal: 1 min, by monitoring",
        "Together, from the declaration? when all who were needed were there",
        "Cause known, from its detection? when the cause was known",
        "Mitigated, from its beginning: at least 29 min",
        "Back, from its beginning: about 39 min; at most 38 min from its detection",
        "Automation: nothing was run",
        "Not known: when it began · since when it is back · what it meant for the business",
    ]


def test_nothing_is_known() -> None:
    assert lines(replace(made(), severity_given=False)) == [
        "Found, from its beginning? when it began · when it was found",
        "Together, from the declaration? when it was declared · when all who were needed were there",
        "Cause known, from its detection? when it was found · when the cause was known",
        "Mitigated, from its beginning? when it began · when the impact stopped",
        "Back, from its beginning? when it began · since when it is back",
        "Automation: nothing was run",
        "Not known: when it began · since when it is back · how bad it was · what it meant for the business",
    ]


def test_people_found_it_and_nobody_knows_when_it_began() -> None:
    facts = replace(made(detected=0, declared=0, recovered=9), found="people_no_monitoring")
    assert lines(facts)[4] == "Back, from its detection: 9 min"
    assert lines(facts)[0] == "Found, from its beginning? when it began"


def test_moments_that_contradict_each_other_are_said_and_never_clamped() -> None:
    assert lines(made(detected=5, diagnosed=4))[2] == (
        "Cause known, from its detection? when the cause was known lies before when it was found"
    )


def test_corrections_outages_and_targets_show() -> None:
    facts = replace(corrected(whole(), Milestone.QUORUM), outages=(Interval("", minute(3), minute(5)),))
    said = "Together, from the declaration: 5 min (3 min net of outages), corrected (target 4 min)"
    assert lines(facts, together=4)[1] == said
    figure = of_incident(facts, {"together": 4 * MINUTE})[1]
    assert (figure.kept, figure.micros, figure.metrics) == (False, 5 * MINUTE, ("t.declared__quorum",))
    assert of_incident(facts, {"together": 5 * MINUTE})[1].kept
    assert of_incident(facts)[1].kept is None


def test_what_automation_did() -> None:
    asked = (Asked("self_heal", minute(1), minute(3), "given", 1, 1), Asked("", minute(1), minute(9), "denied", 1, 0))
    runs = (run(), run("unknown", "takeover"), run(kind="diagnostic"), replace(run(kind=""), changes=False))
    facts = replace(whole(), runs=runs, asked=(*asked, Asked("", minute(1), minute(9), "expired", 1, 0)))
    assert lines(facts)[5] == (
        "Automation: takeover: 0 of 1 verified · self-healing: 1 of 1 verified · other actions: 1 · checks: 1 · "
        "outcome not known: 1 · approved after 2 min · denied: 1 · expired unapproved: 1"
    )


def test_every_figure_has_a_value_or_says_what_is_missing() -> None:
    def told(figure: Figure) -> bool:
        return (figure.value is None) != (figure.missing is None)

    assert all(
        told(figure) for facts in (made(), whole(), made(detected=5, diagnosed=4)) for figure in of_incident(facts)
    )
