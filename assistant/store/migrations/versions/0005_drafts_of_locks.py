"""Locks and said rules know the draft whose scene numbers they use."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = "schedule_lock", "schedule_said"


def upgrade() -> None:
    """Add the column; a database that was new at 0001 has it already. Older rows keep their numbers as they are."""
    for name in TABLES:
        if "draft" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns(name)}:
            op.add_column(name, sa.Column("draft", sa.Integer()))


def downgrade() -> None:
    """Without it again."""
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_column("draft")
