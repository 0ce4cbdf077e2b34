"""Rate limits, as arithmetic: one row {tat, blocked_until} per limit, shared by all processes.

GCRA: `tat` is the moment at which the limit would be wholly free again if nothing more came. A call is free as long as `tat`
lies less than `burst` intervals ahead. In any window of a minute at most `burst + 60 / interval` calls go out, so that sum stays
within what Slack allows. What is less urgent than sev1 and sev2 leaves `reserve` places of the burst alone.
"""

from dataclasses import dataclass

from bot.domain.terms import SECOND, Micros


@dataclass(frozen=True, slots=True)
class Limit:
    """interval: µs between calls in the long run; burst: calls at once; reserve: of these, only for the urgent."""

    interval: Micros
    burst: int
    reserve: int = 0

    def free_at(self, tat: Micros, blocked_until: Micros, urgent: bool) -> Micros:
        """The first moment at which a call may go out."""
        room = self.burst - 1 - (0 if urgent else self.reserve)
        return max(blocked_until, tat - room * self.interval)

    def taken(self, tat: Micros, now: Micros) -> Micros:
        """The row's `tat` after one call at `now`."""
        return max(tat, now) + self.interval


TWENTY = Limit(4 * SECOND, burst=5, reserve=2)
FIFTY = Limit(3 * SECOND // 2, burst=10, reserve=3)
HUNDRED = Limit(3 * SECOND // 4, burst=20, reserve=5)
PER_CHANNEL = Limit(SECOND, burst=1)

LIMITS: dict[str, Limit] = {
    "chat.postMessage": PER_CHANNEL,
    "chat.update": FIFTY,
    "chat.delete": FIFTY,
    "conversations.archive": TWENTY,
    "conversations.create": TWENTY,
    "conversations.setTopic": TWENTY,
    "conversations.setPurpose": TWENTY,
    "conversations.list": TWENTY,
    "conversations.invite": FIFTY,
    "conversations.join": FIFTY,
    "conversations.open": FIFTY,
    "conversations.history": FIFTY,
    "conversations.replies": FIFTY,
    "pins.add": TWENTY,
    "bookmarks.add": TWENTY,
    "bookmarks.edit": TWENTY,
    "dnd.info": FIFTY,
    "views.publish": HUNDRED,
    "files.completeUploadExternal": HUNDRED,
    "files.info": HUNDRED,
}
"""Method of Slack's Web API → its limit (tiers 2, 3, 4 of docs.slack.dev: 20, 50, 100 calls a minute and more)."""


def limit_of(key: str) -> Limit:
    """The limit of a rate key: `method` or `method:channel`. A method that is not in the table counts as 20 a minute."""
    return LIMITS.get(key.partition(":")[0], TWENTY)
