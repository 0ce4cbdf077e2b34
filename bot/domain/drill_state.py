"""A drill as it stands. Part of bot/domain/state.py."""

from dataclasses import dataclass

from bot.domain.terms import Micros


@dataclass(frozen=True)
class Drill:
    """sha: of the plan's text; live, ends_at: as in DrillBegan; injected: rows that were told; stopped: why it was, "" if it was
    not; blind: checks that could not be made, each time; findings: how many; signed_by: who stands for its report.
    """

    plan: str
    sha: str
    began_at: Micros
    by: str = ""
    live: bool = False
    ends_at: Micros | None = None
    injected: tuple[int, ...] = ()
    stopped: str = ""
    blind: tuple[str, ...] = ()
    findings: int = 0
    signed_by: str = ""
    signed_at: Micros | None = None
