"""A plan that has everything the walk knows, and an incident in which it begins."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from bot.domain import walk
from bot.domain.events import Draft, RoleTaken
from bot.domain.plan import Plan
from bot.domain.state import Incident
from bot.errors import UserError
from bot.text import Text
from tests.bot.domain.log import Log, declared
from tests.runbooks.pages import read

Verb = Callable[..., tuple[Draft, ...]]

PAGE = """---
plan: 1
id: move
owner: team-a
match: ['a="b"']
---

# Move it

## Roles

| Role | Who | Standby | Takes over after |
| ---- | --- | ------- | ---------------- |
| Database lead | @db | @db2 | 5 min |
| Communications | @com | @db2 | 10 min |

## Look

**Lead:** Database lead

- [ ] Tell people. *(Communications, meanwhile)*
- [ ] Look. *(Database lead, within 2 min, evidence)*
- [ ] **Decision:** Is it broken? *(marks diagnosed)*
  - **Yes** → continue
  - **No, it answers** → [Wrap up](#wrap-up)
  - **Not sure** → [Look](#look)
  - **Forget it** → stop
  - **Something else** → [other](other-plan.md)

## Move

- [ ] Fence it. *(Database lead, confirmed by commander, marks fix started)*
- [ ] Shut the door. *(Database lead, confirmed by commander, always)*
- [ ] Have tea. *(optional)*

## Wrap up

- [ ] Say it is over. *(commander, marks recovered)*
"""

PEOPLE = {"@db": ("UBEN", "UEVA"), "@db2": ("UDAN",), "@com": ("UCAT",)}


def roster(name: str) -> tuple[str, ...]:
    return PEOPLE.get(name, ())


@cache
def plan() -> Plan:
    parsed = read(PAGE)
    assert parsed.plan is not None, parsed.problems
    return parsed.plan


def walking(by: str = "bot") -> Log:
    """Ana declared, took command, and the plan has just begun."""
    log = declared()
    log.add("UANA", RoleTaken("commander", "UANA"))
    log.decided(by, walk.attach(log.state, plan(), "matched", 1, roster, log.now))
    return log


def current(log: Log) -> str:
    """Number of the step that holds up the next one."""
    walking_now = log.state.walk
    assert walking_now is not None
    return walking_now.current.step if walking_now.current else ""


def do(log: Log, verb: Verb, who: str = "UBEN", **args: Any) -> Incident:
    """A minute later, so that nobody has to be asked which step is meant."""
    log.after(1)
    return log.decided(who, verb(log.state, plan(), log.by(who), roster, **args))


def refused(log: Log, verb: Verb, who: str, **args: Any) -> UserError:
    """What the person is told."""
    with pytest.raises(UserError) as caught:
        verb(log.state, plan(), log.by(who), roster, **args)
    return caught.value


def said(text: Text) -> str:
    """All words of a sentence and those within it."""
    inner = " ".join(said(value) for value in text.params.values() if isinstance(value, Text))
    return f"{text.msgid} {inner}"
