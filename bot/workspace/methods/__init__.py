"""The Web API's methods, a file per family. Each is one function and one row of the table."""

from bot.workspace.methods import apps, bookmarks, chat, conversations, files, marks, members, people, views
from bot.workspace.table import METHODS

FAMILIES = (apps, bookmarks, chat, conversations, files, marks, members, people, views)

__all__ = ["FAMILIES", "METHODS"]
