"""What goes wrong in a run, and when: decided by the run's one source of chance."""

import random  # noqa: TID251  # one seed, one run
from dataclasses import dataclass, field

Chance = random.Random
"""The one source of chance of a run."""


@dataclass
class Weather:
    """Chances from 0 to 1 of trouble at each call; all of them are 0 once `heal` was called.

    slack: at a call of Slack's · store: at a commit or statement · post: at a delivery from Slack · machine: at a call of the
    machine that is healed · turn: that somebody else gets a turn at an await.
    """

    chance: Chance
    slack: float = 0.0
    store: float = 0.0
    post: float = 0.0
    machine: float = 0.0
    turn: float = 0.0
    away: bool = False
    trouble: dict[str, int] = field(default_factory=dict)
    """Troubles so far, by name; `store` also by whether the commit was carried out."""

    @classmethod
    def of(cls, chance: Chance) -> "Weather":
        def some(*most: float) -> float:
            return chance.choice((0.0, *most))

        return cls(
            chance,
            slack=some(0.03, 0.15),
            store=some(0.01, 0.06),
            post=some(0.1, 0.3),
            machine=some(0.3),
            turn=some(0.2),
        )

    def strikes(self, chance: float) -> bool:
        return bool(chance) and self.chance.random() < chance

    def pick(self, *names: str) -> str:
        """One of the troubles, counted."""
        name = self.chance.choice(names)
        self.count(name)
        return name

    def count(self, name: str) -> None:
        self.trouble[name] = self.trouble.get(name, 0) + 1

    def heal(self) -> None:
        self.slack = self.store = self.post = self.machine = self.turn = 0.0
        self.away = False
