"""What effects are made of an event."""

from bot.domain.events import Noted
from bot.flows.incoming import AT_ONCE, Incoming
from tests.bot.slack.samples import INCIDENT, event


def test_many_people_are_invited_in_several_calls() -> None:
    """Slack refuses more at once."""
    people = [f"U{n:04}" for n in range(2 * AT_ONCE + 1)]
    made = list(Incoming(INCIDENT, event(Noted("x"))).invites(people))
    assert [len(effect.args["people"]) for effect in made] == [100, 100, 1]
    assert [one for effect in made for one in effect.args["people"]] == people
    assert len({effect.key for effect in made}) == 3
    assert list(Incoming(INCIDENT, event(Noted("x"))).invites(())) == []
