"""Flows are tested on both databases."""

from tests.postgres import database_url, postgres, store, templates

__all__ = ["database_url", "postgres", "store", "templates"]
