"""Milestones: the first time counts, corrections are kept apart."""

from bot.domain.events import Acknowledged, Event
from bot.domain.folds.marks import corrected, derived, reached, without
from bot.domain.terms import Milestone, Source
from tests.bot.domain.log import minute

EVENT = Event("inc:1", 1, minute(3), minute(4), "UANA", Source.BUTTON, "x", Acknowledged())


def test_the_first_time_counts() -> None:
    once = reached({}, Milestone.ACKNOWLEDGED, EVENT)
    assert once["acknowledged"].at == minute(3)
    assert once["acknowledged"].recorded_at == minute(4)
    assert reached(once, Milestone.ACKNOWLEDGED, EVENT, minute(1)) is once


def test_a_correction_of_something_taken_over_is_its_first_value() -> None:
    taken = derived({}, Milestone.STARTED, EVENT, minute(1))
    said = corrected(taken, Milestone.STARTED, EVENT, "mark")
    assert (said["started"].revision, said["started"].first) == (0, minute(3))
    again = corrected(said, Milestone.STARTED, EVENT, "mark")
    assert again["started"].revision == 1


def test_names_are_plain_words_so_that_they_can_be_stored() -> None:
    assert all(type(name) is str for name in reached({}, Milestone.ACKNOWLEDGED, EVENT))
    assert without(reached({}, Milestone.ACKNOWLEDGED, EVENT), {Milestone.ACKNOWLEDGED}) == {}
