"""What waits for a person goes by their notifier: the first address first, the next if that fails, nothing if nothing waits."""

from dataclasses import dataclass, field, replace

import pytest

from bot.domain.oncall import Callee, OnCall
from bot.domain.organisation import Integration, Organisation
from bot.ports import Call, Done, Effect, GiveUp, Notifier, NotSent, Outcome, Retry
from bot.secrets import Masker
from integrations.waking import Waking, Words


@dataclass
class Bell(Notifier):
    """Remembers, or fails."""

    name: str = "bell"
    TRIED: str = "real"
    rings: bool = True
    schemes: tuple[str, ...] = ("bell",)
    error: Exception | None = None
    rung: list[tuple[str, str, str]] = field(default_factory=list)

    async def send(self, address: str, text: str, link: str) -> None:
        if self.error:
            raise self.error
        self.rung.append((address, text, link))


WORDS = Words("SEV1 down. I have it: https://t/x", "https://t/x")


async def rung(
    bell: Bell, said: Words | None = WORDS, attempt: int = 1, enabled: bool = True, again: bool = False
) -> Outcome:
    async def words(effect: Effect, again: bool) -> Words | None:
        return replace(said, text=f"(again) {said.text}") if said and again else said

    callee = Callee("ana", "U1", notify=("env:TOCSIN_TEST_BELL", "env:TOCSIN_TEST_OTHER"))
    here = Organisation(oncall=OnCall(people={"ana": callee}), integrations={"bell": Integration(enabled)})
    waking = Waking(lambda: here, {"bell": bell}, Masker(), words)
    return await waking.handlers()["notify"](
        Call(Effect("k", "notify", "page:U1", "inc:1", {"person": "U1"}), attempt, again)
    )


@pytest.fixture(autouse=True)
def addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TEST_BELL", "bell:first-secret-address")
    monkeypatch.setenv("TOCSIN_TEST_OTHER", "bell:second")


async def test_the_first_address_first_and_then_the_next() -> None:
    bell = Bell()
    assert await rung(bell) == Done(result={"by": "bell"})
    await rung(bell, attempt=2)
    await rung(bell, attempt=3)
    assert [address for address, _, _ in bell.rung] == [
        "bell:first-secret-address",
        "bell:second",
        "bell:first-secret-address",
    ]


@pytest.mark.parametrize(("attempt", "marked"), [(1, False), (2, False), (3, True)])
async def test_what_may_have_come_by_the_same_address_is_marked(attempt: int, marked: bool) -> None:
    """A webhook that answered 500 may have rung; the e-mail after it is the first that they read there."""
    bell = Bell()
    await rung(bell, attempt=attempt, again=True)
    assert bell.rung[0][1].startswith("(again)") is marked


async def test_nothing_is_sent_if_nothing_waits() -> None:
    bell = Bell()
    assert await rung(bell, None) == Done()
    assert bell.rung == []


@pytest.mark.parametrize(
    ("error", "ambiguous"), [(NotSent("bell:first-secret-address is gone"), False), (OSError("cut"), True)]
)
async def test_what_failed_is_tried_at_the_next_address_and_names_none(error: Exception, ambiguous: bool) -> None:
    outcome = await rung(Bell(error=error))
    assert isinstance(outcome, Retry)
    assert (outcome.ambiguous, "first-secret" in outcome.reason, outcome.after > 0) == (ambiguous, False, True)
    last = await rung(Bell(error=error), attempt=2)
    assert isinstance(last, Retry)
    assert last.after == 0.0, "after the last address it waits as the worker says"


async def test_a_reference_to_nothing_and_an_address_that_nobody_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_TEST_BELL")
    missing = await rung(Bell())
    assert isinstance(missing, Retry)
    assert missing.reason == "env:TOCSIN_TEST_BELL: is empty or not set"
    off = await rung(Bell(), attempt=2, enabled=False)
    assert isinstance(off, Retry)
    assert "no notifier takes this address; there are: bell:" in off.reason


async def test_who_has_no_notifier_any_more() -> None:
    async def words(effect: Effect, again: bool) -> Words | None:
        return WORDS

    waking = Waking(Organisation, {}, Masker(), words)
    outcome = await waking.notify(Call(Effect("k", "notify", "page:U1", "inc:1", {"person": "U1"}), 1, False))
    assert isinstance(outcome, GiveUp)
