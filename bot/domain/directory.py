"""Who is known in the workspace, as far as a decision needs it: the caller reads it from the store's people and groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Directory:
    """groups: handle of a Slack user group, without @ → ids; names: a person's name in lower case → id; absent: ids of those
    who may do nothing here: strangers, bots, people who left."""

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    def members(self, handle: str) -> tuple[str, ...]:
        """Members of a group, with or without @; () if there is no such group."""
        return self.groups.get(handle.removeprefix("@"), ())


NOBODY_KNOWN = Directory()


def is_person(name: str) -> bool:
    """It looks like a Slack user id."""
    return len(name) > 1 and name[0] in "UW" and name.isalnum() and name.isupper()
