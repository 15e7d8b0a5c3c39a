"""The first shape: the store's tables, those of batches, and the router's."""

from alembic import op

from assistant.store.batch_schema import item
from routers.tables import metadata as router

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table that is not there."""
    item.metadata.create_all(op.get_bind())
    router.create_all(op.get_bind())


def downgrade() -> None:
    """Take every table away, and what is in them."""
    router.drop_all(op.get_bind())
    item.metadata.drop_all(op.get_bind())
