"""Rules of the shoot that people said: one more table."""

from alembic import op

from assistant.store.schema import schedule_said

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; a database that was new at 0001 has it already."""
    schedule_said.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Take it away, and what is in it."""
    schedule_said.drop(op.get_bind(), checkfirst=True)
