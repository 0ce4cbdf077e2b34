"""A Slack workspace on this machine: the bot cannot tell it from the real one, a person can click in it, a test can drive it.

It imports nothing else of ours. It forgets everything when it ends.
"""

from bot.workspace.errors import CannotDo
from bot.workspace.page import Hint
from bot.workspace.people import Actor, Form
from bot.workspace.room import Post, Room
from bot.workspace.server import Workspace
from bot.workspace.things import Group, Person

__all__ = ["Actor", "CannotDo", "Form", "Group", "Hint", "Person", "Post", "Room", "Workspace"]
