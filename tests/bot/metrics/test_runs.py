"""The funnel of automation."""

from dataclasses import replace

from bot.domain.facts import Asked, Run
from bot.metrics.runs import SELF_HEAL, TAKEOVER, Funnel, funnel, healed, took_over
from tests.bot.domain.log import minute
from tests.bot.metrics.made import made, run


def cases(*runs: Run) -> list[bool | None]:
    return list(healed(replace(made(), runs=runs)))


def test_what_became_of_each() -> None:
    assert cases() == []
    assert cases(run()) == [True]
    assert cases(run(lasted=False)) == [False]
    assert cases(run("failed")) == [False]
    assert cases(run("unknown")) == [None]
    assert cases(run("unverified")) == [None]
    assert cases(run("running")) == []
    assert cases(run(kind=TAKEOVER)) == []
    assert list(took_over(replace(made(), runs=(run(kind=TAKEOVER),)))) == [True]


def test_tries_of_one_action_in_one_place_are_one_run() -> None:
    assert cases(run("failed"), run()) == [True]
    assert cases(run("failed"), run(place="1:2.2:1")) == [False, True]


def test_the_funnel() -> None:
    asked = [Asked(SELF_HEAL, minute(1), minute(2), state, 1, 1) for state in ("given", "denied", "expired", "open")]
    other = Asked(TAKEOVER, minute(1), None, "open", 1, 0)
    runs = (
        run(),
        run("failed", place="b"),
        run("unknown", place="c"),
        run("unverified", place="d"),
        run(place="e", lasted=False),
    )
    facts = replace(made(), runs=(*runs, run("running", place="f")), asked=(*asked, other))
    assert funnel([facts], SELF_HEAL) == Funnel(4, 1, 1, 6, 2, 1, 1, 1, 1, 1)
    assert funnel([facts, facts], SELF_HEAL).started == 12
    assert funnel([], SELF_HEAL) == Funnel()
