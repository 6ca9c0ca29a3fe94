"""What agents are called by customers; from where each sign-in is, and when it was seen last."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

EMPTY = sa.text("''")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("agents", sa.Column("alias", sa.String(), server_default=EMPTY, nullable=False))
    for name in ("browser", "system", "address"):
        column = sa.Column(name, sa.String(), server_default=EMPTY, nullable=False)
        op.add_column("sessions", column)
    op.add_column("sessions", sa.Column("seen_at", MOMENT, nullable=True))
    op.execute("UPDATE sessions SET seen_at = created_at")
    with op.batch_alter_table("sessions") as table:
        table.alter_column("seen_at", existing_type=MOMENT, nullable=False)
