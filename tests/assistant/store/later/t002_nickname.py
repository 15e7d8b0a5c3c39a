"""A revision that only tests know: productions get a nickname."""

import sqlalchemy as sa
from alembic import op

from assistant.store.migrate import HEAD

revision = "t002"
down_revision = HEAD
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more column, filled from the title."""
    op.add_column("production", sa.Column("nickname", sa.Text(), nullable=False, server_default=""))
    op.execute(sa.text("update production set nickname = upper(title)"))


def downgrade() -> None:
    """Without it again."""
    with op.batch_alter_table("production") as table:
        table.drop_column("nickname")
