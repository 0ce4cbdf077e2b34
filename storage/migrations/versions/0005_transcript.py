"""What people write in the channels of incidents, where that is wanted"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.create_table('transcript',
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('ts', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('thread', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('changed', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('gone', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'ts')
    )
    op.create_index('transcript_number', 'transcript', ['number', 'at'])
