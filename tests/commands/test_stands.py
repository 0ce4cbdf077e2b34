"""A form means what stood when it was opened."""

from dataclasses import replace

from commands import stepping
from commands.stepping import At
from tests.bot.domain.plans import current, walking


def test_the_step_named_is_the_one_that_stood_there_then() -> None:
    """The plan may come to it once more before the form is sent."""
    log = walking()
    number = current(log)
    visit = log.state.walks[-1].visit(number)
    assert visit is not None
    assert stepping.here(At(number), log.state) == At(number, visit.visit, 1)
    assert stepping.here(At(), log.state) == At(number, visit.visit, 1)
    assert stepping.here(At("9.9"), log.state) == At("9.9"), "what is not there is said when it is sent"
    carried = At(number, 7, 1)
    assert stepping.here(carried, log.state) == carried, "a button knows better"
    ended = replace(log.state, walks=(replace(log.state.walks[-1], ended_at=log.now),))
    assert stepping.here(At(number), ended) == At(number)
