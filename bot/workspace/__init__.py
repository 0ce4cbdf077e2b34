"""A Slack workspace on this machine: the bot cannot tell it from the real one, a person can click in it, a test can drive it.

It imports nothing else of ours. It forgets everything when it ends.
"""

from bot.workspace.errors import CannotDo
from bot.workspace.gate import Fault
from bot.workspace.mishaps import Mishap
from bot.workspace.page import Hint
from bot.workspace.people import Actor, Form
from bot.workspace.room import Post, Room
from bot.workspace.server import Workspace
from bot.workspace.things import Group, Person

__all__ = ["Actor", "CannotDo", "Fault", "Form", "Group", "Hint", "Mishap", "Person", "Post", "Room", "Workspace"]
