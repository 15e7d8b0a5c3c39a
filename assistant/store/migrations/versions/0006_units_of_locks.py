"""A lock to a unit's shooting day knows the unit."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a database that was new at 0001 has it already. Older locks bind the date alone."""
    if "unit" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("schedule_lock")}:
        op.add_column("schedule_lock", sa.Column("unit", sa.String(20)))


def downgrade() -> None:
    """Without it again."""
    with op.batch_alter_table("schedule_lock") as table:
        table.drop_column("unit")
