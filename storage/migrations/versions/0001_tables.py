"""The tables as of the first version"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('alert',
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends_at', sa.BigInteger(), nullable=True),
    sa.Column('group_key', sa.Text(), nullable=False),
    sa.Column('severity', sa.Text(), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('truncated', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('raw_ref', sa.Text(), nullable=False),
    sa.Column('first_seen', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('last_seen', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('count', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('source', 'fingerprint', 'kind')
    )
    op.create_index('alert_by_group', 'alert', ['source', 'group_key', 'kind'], unique=False)
    op.create_table('alert_group',
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('group_key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('incident', sa.BigInteger(), nullable=True),
    sa.Column('since', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('last_seen', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('flaps', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('truncated', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('source', 'group_key', 'kind')
    )
    op.create_index('alert_group_incident', 'alert_group', ['incident'], unique=False)
    op.create_table('attempt',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('runner', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('spec', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('attempt_state', 'attempt', ['state'], unique=False)
    op.create_table('breaker',
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=True),
    sa.Column('closed_by', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('plan')
    )
    op.create_table('counter',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('counter_key', 'counter', ['key', 'at'], unique=False)
    op.create_table('effect',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('priority', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('policy', sa.Text(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('args', sa.Text(), nullable=False),
    sa.Column('coalesce_key', sa.Text(), nullable=True),
    sa.Column('not_before', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('fence', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('again', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('folded_into', sa.Text(), nullable=True),
    sa.Column('waits_for', sa.Text(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('started_at', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index('effect_coalesce', 'effect', ['coalesce_key'], unique=True, sqlite_where=sa.text("status = 'planned'"), postgresql_where=sa.text("status = 'planned'"))
    op.create_index('effect_folded', 'effect', ['folded_into'], unique=False, sqlite_where=sa.text('folded_into IS NOT NULL'), postgresql_where=sa.text('folded_into IS NOT NULL'))
    op.create_index('effect_open', 'effect', ['lane', 'seq'], unique=False, sqlite_where=sa.text("status IN ('planned', 'started')"), postgresql_where=sa.text("status IN ('planned', 'started')"))
    op.create_index('effect_stream', 'effect', ['stream'], unique=False)
    op.create_index('effect_waits', 'effect', ['waits_for'], unique=False, sqlite_where=sa.text('waits_for IS NOT NULL'), postgresql_where=sa.text('waits_for IS NOT NULL'))
    op.create_table('effect_after',
    sa.Column('effect', sa.Text(), nullable=False),
    sa.Column('after_key', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('effect', 'after_key')
    )
    op.create_index('effect_after_key', 'effect_after', ['after_key'], unique=False)
    op.create_table('event',
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('occurred_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('recorded_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('input', sa.Text(), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('body_hash', sa.Text(), nullable=False),
    sa.Column('prev', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('stream', 'seq')
    )
    op.create_table('event_body',
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('salt', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('stream', 'seq')
    )
    op.create_table('incident_facts',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('opened_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('private', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    op.create_index('incident_facts_opened', 'incident_facts', ['opened_at'], unique=False)
    op.create_table('incident_state',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('opened_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('resolved_at', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('severity', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('is_open', sa.Integer(), nullable=False),
    sa.Column('private', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('number')
    )
    op.create_index('incident_state_channel', 'incident_state', ['channel'], unique=False, sqlite_where=sa.text("channel <> ''"), postgresql_where=sa.text("channel <> ''"))
    op.create_index('incident_state_open', 'incident_state', ['number'], unique=False, sqlite_where=sa.text('is_open = 1'), postgresql_where=sa.text('is_open = 1'))
    op.create_table('input',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('insider',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('number', 'person')
    )
    op.create_table('lane',
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('fence', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('next_seq', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('lane')
    )
    op.create_table('lock',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('taken_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('key', 'holder')
    )
    op.create_index('lock_holder', 'lock', ['holder'], unique=False)
    op.create_table('message',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('surface', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('ts', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index('message_at', 'message', ['channel', 'ts'], unique=False)
    op.create_table('person',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('zone', sa.Text(), nullable=False),
    sa.Column('bot', sa.Integer(), nullable=False),
    sa.Column('deleted', sa.Integer(), nullable=False),
    sa.Column('stranger', sa.Integer(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('plan_revision',
    sa.Column('sha', sa.Text(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('revision', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('sha')
    )
    op.create_table('rate',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('tat', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('blocked_until', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('schedule',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('cron', sa.Text(), nullable=False),
    sa.Column('zone', sa.Text(), nullable=False),
    sa.Column('next_due', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('serial',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('setting',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('storm',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('opened', sa.Text(), nullable=False),
    sa.Column('urgent', sa.Text(), nullable=False),
    sa.Column('incident', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('kind')
    )
    op.create_table('stream',
    sa.Column('stream', sa.Text(), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('stream')
    )
    op.create_table('timer',
    sa.Column('lane', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('due', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('lane', 'key')
    )
    op.create_index('timer_due', 'timer', ['due'], unique=False)
    op.create_table('usergroup',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('members', sa.Text(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('usergroup_handle', 'usergroup', ['handle'], unique=False)
