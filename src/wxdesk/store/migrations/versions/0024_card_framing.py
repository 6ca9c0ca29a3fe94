"""What a page said when the desk asked whether it lets itself be framed."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("external_cards", sa.Column("framing", sa.String(length=16), nullable=True))
    op.add_column("external_cards", sa.Column("framing_why", sa.String(), nullable=True))
