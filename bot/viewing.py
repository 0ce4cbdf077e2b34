"""Who sees what is private: by name, or as a member of one of Slack's groups that policy.yaml names."""

from bot.domain.directory import NOBODY_KNOWN, Directory
from bot.domain.organisation import Organisation
from bot.ports import Reads, Viewer


async def viewer_of(reads: Reads, organisation: Organisation, person: str) -> Viewer:
    """The person as somebody who reads. Groups are read only where policy.yaml names one."""
    known = NOBODY_KNOWN
    if organisation.policy.handles():
        known = Directory({group.handle: group.members for group in await reads.groups()})
    return Viewer(person, organisation.may(person, "see_private", known))
