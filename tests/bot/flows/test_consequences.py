"""What must happen outside because of what was decided: pure, so without a database."""

from bot.domain.change import resolve
from bot.domain.moments import mark
from bot.domain.people import acknowledge
from bot.flows.consequences import consequences
from tests.bot.domain.log import Log, alerted, minute


def shown(log: Log) -> list[str]:
    """Surfaces that the last event brings up to date, or posts."""
    return [str(effect.args.get("key")) for effect in consequences(log.state, log.events[-1:])]


def test_the_numbers_that_were_posted_follow_what_is_said_after_the_end() -> None:
    log = alerted()
    log.decided("UANA", acknowledge(log.state, log.by("UANA")))
    log.after(9).decided("UANA", mark(log.state, log.by("UANA"), "mitigated", minute(7)))
    assert not any("resolution" in key for key in shown(log)), "there are no numbers yet"
    log.after(1).decided("UANA", resolve(log.state, log.by("UANA"), minute(9)))
    posted = f"inc:42:resolution:{log.state.seq}"
    assert posted in shown(log)
    log.after(60).decided("UANA", mark(log.state, log.by("UANA"), "mitigated", minute(8), "the graph says so"))
    assert shown(log).count(posted) == 1
