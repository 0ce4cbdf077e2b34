"""Who sees what is private: as a member of a group of Slack's, too."""

from typing import cast

import pytest

from bot.domain.organisation import Organisation
from bot.domain.policy import Policy
from bot.ports import Group, Reads
from bot.viewing import viewer_of

GROUPS = [Group("S1", "security", ("U1", "U2"), 0), Group("S2", "tellers", ("U3",), 0)]


class OnlyGroups:
    """A store that is asked for Slack's groups; asked: how often."""

    asked = 0

    async def groups(self) -> list[Group]:
        self.asked += 1
        return GROUPS


@pytest.mark.parametrize(
    ("person", "holders", "sees"),
    [("U1", ("@security",), True), ("U3", ("@security",), False), ("U3", ("leads",), True), ("U1", (), False)],
)
async def test_who_sees_what_is_private(person: str, holders: tuple[str, ...], sees: bool) -> None:
    policy = Policy(groups={"leads": ("@tellers",)}, permissions={"see_private": holders})
    viewer = await viewer_of(cast(Reads, OnlyGroups()), Organisation(policy), person)
    assert (viewer.person, viewer.all) == (person, sees)


async def test_groups_are_read_only_where_they_matter() -> None:
    store = OnlyGroups()
    assert (await viewer_of(cast(Reads, store), Organisation(Policy(permissions={"see_private": ("U1",)})), "U1")).all
    assert store.asked == 0
