"""The tables of procrastinate 3.10, which wakes lanes on PostgreSQL; nothing on SQLite"""

from importlib.metadata import version
from importlib.resources import files

from alembic import op

from bot.errors import StartError

revision = '0002'
down_revision = '0001'

WRITTEN_FOR = '3.10.'
"""A newer procrastinate whose tables differ gets a revision of its own."""


def judge(found: str) -> None:
    if not found.startswith(WRITTEN_FOR):
        raise StartError(f"The database needs procrastinate {WRITTEN_FOR}x, and {found} is installed: pip install 'tocsin[postgres]'.")


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    judge(version('procrastinate'))
    schema = files('procrastinate.sql').joinpath('schema.sql').read_text(encoding='utf-8')
    op.get_bind().connection.driver_connection.execute(schema)
