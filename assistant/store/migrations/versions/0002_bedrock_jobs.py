"""Jobs of questions that are answered within a day, and which question each record of them is."""

from alembic import op

from routers.tables import jobs, metadata, records

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables unless they are there."""
    metadata.create_all(op.get_bind(), tables=[jobs, records])


def downgrade() -> None:
    """Take them away; jobs that are still under way at the provider are forgotten."""
    metadata.drop_all(op.get_bind(), tables=[jobs, records])
