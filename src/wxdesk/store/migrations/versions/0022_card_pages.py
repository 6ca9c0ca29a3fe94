"""External cards that are pages, beside those that the desk asks."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "external_cards",
        sa.Column("kind", sa.String(length=16), server_default="api", nullable=False),
    )
