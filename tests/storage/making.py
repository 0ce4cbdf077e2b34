"""What storage tests are made of: causes, drafts, an incident."""

from bot.domain.events import Draft, Noted, Opened, Payload
from bot.domain.terms import Kind, Severity, Source, Status, stream_of
from bot.ports import Cause, Viewer
from storage.store import SqlStore

BOT = Viewer("bot", all=True)
ANA = Cause("input-1", "U1", Source.BOT_COMMAND)


def opened(number: int = 1, private: bool = False, kind: Kind = Kind.REAL) -> Opened:
    return Opened(
        number,
        kind,
        Severity.SEV2,
        Status.INVESTIGATING,
        "orders",
        "command",
        private=private,
        name=f"inc-{number}-orders-down",
        title="orders cannot be placed",
    )


def drafts(*payloads: Payload) -> list[Draft]:
    return [Draft(payload) for payload in payloads]


async def open_incident(store: SqlStore, *payloads: Payload, private: bool = False) -> int:
    """An incident, with more events if wanted; its number."""
    async with store.begin() as tx:
        number = await tx.next_number()
        await tx.append(stream_of(number), drafts(opened(number, private), *payloads), ANA)
    return number


async def note(store: SqlStore, number: int, text: str) -> None:
    async with store.begin() as tx:
        await tx.lock(number)
        await tx.append(stream_of(number), drafts(Noted(text)), ANA)
