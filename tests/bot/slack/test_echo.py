"""What we post comes back to us: how it is seen that Slack brings nothing any more."""

from typing import Any

from bot.slack.echo import Echo
from tests.fakes import NINE, FakeClock

US = "U0TOCSIN"


def ts(seconds: float) -> str:
    return f"{NINE // 1_000_000 + seconds:.6f}"


def message(seconds: float, user: str = US, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "ts": ts(seconds), "event_ts": ts(seconds), **more}


async def hearing() -> tuple[Echo, FakeClock]:
    """A post of ours came back."""
    clock = FakeClock()
    echo = Echo(clock)
    echo.us = US
    echo.posted("C1", ts(0))
    echo.came(message(0))
    return echo, clock


async def test_a_post_that_does_not_come_back() -> None:
    echo, clock = await hearing()
    await clock.forward(100)
    echo.posted("C1", ts(100))
    await clock.forward(60)
    assert echo.overdue is None, "it may still come"
    echo.posted("C1", ts(160))
    await clock.forward(1)
    assert echo.overdue == NINE + 100_000_000
    echo.came(message(100))
    assert echo.overdue is None
    await clock.forward(60)
    assert echo.overdue == NINE + 160_000_000


async def test_another_replica_heard_it() -> None:
    echo, clock = await hearing()
    echo.posted("C1", ts(10))
    await clock.forward(100)
    echo.know(NINE + 10_000_000)
    assert echo.overdue is None


async def test_a_message_of_ours_that_was_changed_says_as_much() -> None:
    echo, clock = await hearing()
    echo.posted("C1", ts(10))
    await clock.forward(100)
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "event_ts": ts(99),
        "message": {"user": US, "ts": ts(0)},
    }
    echo.came(changed)
    assert echo.overdue is None


async def test_direct_messages_do_not_count() -> None:
    echo, clock = await hearing()
    echo.posted("D1", ts(10))
    await clock.forward(100)
    assert echo.overdue is None


async def test_an_app_that_does_not_hear_itself() -> None:
    """Its settings are so, or became so: what others say is brought, and nothing of ours is waited for, until it comes again."""
    echo, clock = await hearing()
    echo.posted("C1", ts(10))
    await clock.forward(100)
    assert echo.overdue is not None
    echo.came(message(100, "U0ANA"))
    assert echo.overdue is None
    echo.posted("C1", ts(101))
    await clock.forward(100)
    assert echo.overdue is None
    echo.came(message(201))
    echo.posted("C1", ts(202))
    await clock.forward(100)
    assert echo.overdue is not None


async def test_nothing_ever_came_back() -> None:
    clock = FakeClock()
    echo = Echo(clock)
    echo.posted("C1", ts(0))
    await clock.forward(100)
    assert echo.overdue is None
