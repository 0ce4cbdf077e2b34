"""The program in a process of its own, and everything of the stories."""

from tests.stories.conftest import machine, new_database, postgres, story, templates, unbegun, way

__all__ = ["machine", "new_database", "postgres", "story", "templates", "unbegun", "way"]
