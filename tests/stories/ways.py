"""How Slack delivers: by a socket or over HTTP. Of each row of the verb table one story comes both ways."""

import pytest

from tests.postgres import DATABASES

WAYS = pytest.mark.parametrize(
    ("way", "new_database"),
    [*(("socket", sort) for sort in DATABASES), ("http", "sqlite")],
    indirect=["new_database"],
)
"""Over HTTP nothing is another matter to the database, so that is played on one."""
