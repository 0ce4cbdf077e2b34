"""A bot reduced to its runner: carries one attempt to its end by the real handlers, and may be killed at any moment.

As the worker does, it notes that the start was begun before it begins it, and says `again` when it finds that note.
"""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from bot.clock import SystemClock
from bot.domain.events import ActionEnded, ActionVerified
from bot.ports import AttemptRow, Call, Done, Effect, Handler, Retry, Store, Unknown
from runbooks.actions import handlers
from runbooks.executors import load
from tests.runbooks.ground import tools
from tests.runbooks.test_actions import Rows


def live(root: Path) -> None:
    """The whole life of the bot, in a process of its own."""
    asyncio.run(_live(root))


async def _live(root: Path) -> None:
    made = tools(root)
    order = json.loads((root / "order").read_text())
    store = cast(Store, Rows(AttemptRow("a1", "inc:1", made.directory.id, "started", order)))
    actions = handlers(store, load(made), made.directory, SystemClock())
    events = await effect(actions["action.start"], "action.start", root)
    if not events:
        events = await effect(actions["action.poll"], "action.poll", root)
    (root / "settled.new").write_text(json.dumps([{"kind": type(event).__name__, **asdict(event)} for event in events]))
    (root / "settled.new").replace(root / "settled")


async def effect(handler: Handler, kind: str, root: Path) -> list[Any]:
    """The events that an effect settles with."""
    begun = root / f"{kind}.begun"
    again = begun.exists()
    begun.touch()
    while True:
        outcome = await handler(Call(Effect(kind, kind, "run:a1", "inc:1", {"attempt": "a1"}), 1, again))
        if isinstance(outcome, Done | Unknown):
            return [cast(ActionEnded | ActionVerified, draft.payload) for draft in outcome.events]
        assert isinstance(outcome, Retry)
        await asyncio.sleep(min(0.05, outcome.after))  # noqa: TID251
