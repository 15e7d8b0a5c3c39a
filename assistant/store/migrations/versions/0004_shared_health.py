"""Which deployments are in trouble, for all processes on one database."""

from alembic import op

from routers.tables import health, metadata

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table unless it is there."""
    metadata.create_all(op.get_bind(), tables=[health])


def downgrade() -> None:
    """Take it away; what it held is learnt again."""
    metadata.drop_all(op.get_bind(), tables=[health])
