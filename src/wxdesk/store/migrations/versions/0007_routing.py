"""Levels, groups, calendars; who waits, who is at the desk, who got what; the clocks of promises."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
YES, NO, ZERO = sa.true(), sa.false(), sa.text("0")


def upgrade() -> None:
    _add_calendars()
    _add_levels()
    _add_groups()
    _add_routing()
    _add_clocks()
    _add_wallboards()
    _add_presence_log()
    _add_predictions()
    _add_indexes_of_figures()


def _add_calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("weekly", sa.JSON(), nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendars"),
        sqlite_autoincrement=True,
    )


def _add_levels() -> None:
    levels = op.create_table(
        "levels",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("colour", sa.String(length=16), nullable=False),
        sa.Column("first_seconds", NUMBER, nullable=False),
        sa.Column("next_seconds", NUMBER, nullable=True),
        sa.Column("resolution_seconds", NUMBER, nullable=True),
        sa.Column("left_message_seconds", NUMBER, nullable=False),
        sa.Column("head_start", sa.Double(), nullable=False),
        sa.Column("hard_factor", sa.Double(), nullable=False),
        sa.Column("extra_slots", NUMBER, nullable=False),
        sa.Column("sticky_seconds", NUMBER, nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("earned", sa.JSON(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_levels"),
    )
    _add_index_where("levels", ["rank"], "retired_at IS NULL", unique=True)
    op.bulk_insert(levels, [_level(*each) for each in LEVELS])
    for table, last in (
        ("level_grants", [sa.Column("ended_at", MOMENT, nullable=True)]),
        ("level_changes", []),
    ):
        op.create_table(
            table,
            sa.Column("id", NUMBER, nullable=False),
            sa.Column("contact_id", NUMBER, nullable=False),
            sa.Column("level_id", NUMBER, nullable=False),
            sa.Column("source", sa.String(length=16), nullable=False),
            sa.Column("until", MOMENT, nullable=True),
            sa.Column("note", sa.String(), nullable=False),
            sa.Column("by_id", NUMBER, nullable=True),
            sa.Column("at", MOMENT, nullable=False),
            *last,
            sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=f"fk_{table}_contact_id"),
            sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=f"fk_{table}_level_id"),
            sa.ForeignKeyConstraint(["by_id"], ["agents.id"], name=f"fk_{table}_by_id"),
            sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        )
    _add_index_where("level_grants", ["contact_id", "source"], "ended_at IS NULL", unique=True)
    op.create_index("ix_level_changes_contact_id_id", "level_changes", ["contact_id", "id"])
    op.add_column("contacts", sa.Column("level_id", NUMBER, nullable=True))
    op.add_column("contacts", sa.Column("level_source", sa.String(length=16), nullable=True))
    op.add_column("contacts", sa.Column("level_until", MOMENT, nullable=True))
    _add_index_where("contacts", ["level_id"], "level_id IS NOT NULL")
    _add_index_where("contacts", ["level_until"], "level_until IS NOT NULL")
    op.add_column(
        "answer_rules",
        sa.Column("level_ids", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )


LEVELS = (
    ("VIP3", 1, "purple", 60, 1),
    ("VIP2", 2, "gold", 90, 1),
    ("VIP1", 3, "teal", 120, 0),
    ("普通", 4, "grey", 300, 0),
)
"""Name, rank, colour, seconds to the first reply, slots beyond an agent's limit; the last is what
everybody has."""


def _level(name: str, rank: int, colour: str, first: int, extra: int) -> dict[str, object]:
    return {
        "name": name,
        "rank": rank,
        "colour": colour,
        "first_seconds": first,
        "resolution_seconds": 24 * 3600,
        "left_message_seconds": 3600,
        "head_start": 0.5,
        "hard_factor": 4.0,
        "extra_slots": extra,
        "sticky_seconds": 60,
        "is_default": rank == len(LEVELS),
        "earned": {"tag_ids": [], "scenes": []},
        "version": 1,
    }


def _add_index_where(table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        f"ix_{table}_{'_'.join(columns)}",
        table,
        columns,
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _add_groups() -> None:
    op.create_table(
        "groups",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("calendar_id", NUMBER, nullable=True),
        sa.Column("overflow_group_id", NUMBER, nullable=True),
        sa.Column("overflow_seconds", NUMBER, nullable=False),
        sa.Column("queue_cap", NUMBER, nullable=True),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name="fk_groups_calendar_id"),
        sa.ForeignKeyConstraint(
            ["overflow_group_id"], ["groups.id"], name="fk_groups_overflow_group_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_groups"),
        sa.UniqueConstraint("name", name="uq_groups_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "group_members",
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_group_members_group_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_group_members_agent_id"),
        sa.PrimaryKeyConstraint("group_id", "agent_id", name="pk_group_members"),
    )
    op.create_index("ix_group_members_agent_id", "group_members", ["agent_id"])


def _add_routing() -> None:
    _widen_conversations()
    _add_seats()
    _add_waits()
    _add_assignments()
    desks = op.create_table(
        "desks",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("since_a", NUMBER, nullable=False),
        sa.Column("paces", sa.JSON(), nullable=False),
        sa.Column("repairs", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desks"),
    )
    op.bulk_insert(desks, [{"id": 1, "since_a": 0, "paces": {}, "repairs": 0}])
    op.create_table(
        "plans",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("doc", sa.JSON(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_published_at", "plans", ["published_at"])
    op.create_table(
        "routing_log",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=True),
        sa.Column("agent_id", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_routing_log"),
    )
    op.create_index("ix_routing_log_at", "routing_log", ["at"])
    op.create_index("ix_routing_log_conversation_id", "routing_log", ["conversation_id"])


def _widen_conversations() -> None:
    """Whose a conversation is by routing; those that wait get their places when the desk starts."""
    op.add_column("conversations", sa.Column("group_id", NUMBER, nullable=True))
    op.add_column("conversations", sa.Column("level_id", NUMBER, nullable=True))
    op.add_column("conversations", sa.Column("rests_since", MOMENT, nullable=True))
    op.add_column("conversations", sa.Column("offered_to", NUMBER, nullable=True))
    op.add_column("conversations", sa.Column("offer_until", MOMENT, nullable=True))


def _add_seats() -> None:
    op.create_table(
        "seats",
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("presence", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("back_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("paused_since", MOMENT, nullable=True),
        sa.Column("missed", NUMBER, nullable=False),
        sa.Column("capacity", NUMBER, nullable=False),
        sa.Column("limit", NUMBER, nullable=True),
        sa.Column("limit_until", MOMENT, nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("level_ids", sa.JSON(), nullable=True),
        sa.Column("load", NUMBER, nullable=False),
        sa.Column("last_assigned_at", MOMENT, nullable=True),
        sa.Column("hungry", sa.Boolean(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_seats_agent_id"),
        sa.PrimaryKeyConstraint("agent_id", name="pk_seats"),
    )


def _add_waits() -> None:
    op.create_table(
        "waits",
        sa.Column("conversation_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("group_id", NUMBER, nullable=True),
        sa.Column("level_id", NUMBER, nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("target", sa.String(length=16), nullable=False),
        sa.Column("warn_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("hard_at", MOMENT, nullable=False),
        sa.Column("need", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("rings", sa.JSON(), nullable=False),
        sa.Column("all_rings", sa.JSON(), nullable=False),
        sa.Column("ring", NUMBER, nullable=False),
        sa.Column("weight", NUMBER, nullable=False),
        sa.Column("extra_slots", NUMBER, nullable=False),
        sa.Column("hold_seconds", NUMBER, nullable=False),
        sa.Column("familiar_id", NUMBER, nullable=True),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("offered_to", NUMBER, nullable=True),
        sa.Column("offer_until", MOMENT, nullable=True),
        sa.Column("direct_to", NUMBER, nullable=True),
        sa.Column("sender_id", NUMBER, nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("moved_up_by", NUMBER, nullable=True),
        sa.Column("looked", sa.Boolean(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_waits_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_waits"),
    )
    op.create_index("ix_waits_group_id_rank_since", "waits", ["group_id", "rank", "since"])
    op.create_index(
        "ix_waits_held",
        "waits",
        ["familiar_id"],
        sqlite_where=sa.text("held_until IS NOT NULL"),
        postgresql_where=sa.text("held_until IS NOT NULL"),
    )
    op.create_index(
        "ix_waits_line",
        "waits",
        ["line", "since", "conversation_id"],
        sqlite_where=sa.text("offered_to IS NULL AND held_until IS NULL"),
        postgresql_where=sa.text("offered_to IS NULL AND held_until IS NULL"),
    )
    op.create_index("ix_waits_next_at", "waits", ["next_at"])
    op.create_index(
        "ix_waits_offered",
        "waits",
        ["offered_to"],
        sqlite_where=sa.text("offered_to IS NOT NULL"),
        postgresql_where=sa.text("offered_to IS NOT NULL"),
    )
    op.create_index(
        "ix_waits_unseen",
        "waits",
        ["since"],
        sqlite_where=sa.text("NOT looked"),
        postgresql_where=sa.text("NOT looked"),
    )


def _add_assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("weight", NUMBER, nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("band", sa.String(length=16), nullable=True),
        sa.Column("waited_since", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("since_a", NUMBER, nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("answer_by", MOMENT, nullable=True),
        sa.Column("first_reply_at", MOMENT, nullable=True),
        sa.Column("rests_since", MOMENT, nullable=True),
        sa.Column("woken", sa.Boolean(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ending", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_assignments_agent_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_assignments_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
    )
    op.create_index("ix_assignments_conversation_id_id", "assignments", ["conversation_id", "id"])
    op.create_index(
        "ix_assignments_of_agent",
        "assignments",
        ["agent_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_assignments_offered_at", "assignments", ["offered_at"])
    op.create_index(
        "ix_assignments_open",
        "assignments",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_assignments_woken",
        "assignments",
        ["id"],
        sqlite_where=sa.text("woken"),
        postgresql_where=sa.text("woken"),
    )
    op.create_index(
        "ix_assignments_answer_by",
        "assignments",
        ["answer_by"],
        sqlite_where=sa.text("answer_by IS NOT NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("answer_by IS NOT NULL AND ended_at IS NULL"),
    )
    owed_nothing = "state = 'active' AND owed_since IS NULL AND rests_since IS NULL"
    op.create_index(
        "ix_conversations_silent",
        "conversations",
        ["owed_since", "rests_since", "last_at"],
        sqlite_where=sa.text(owed_nothing),
        postgresql_where=sa.text(owed_nothing),
    )


def _add_clocks() -> None:
    op.add_column("conversations", sa.Column("due_at", MOMENT, nullable=True))
    op.create_index(
        "ix_conversations_assignee_id_state_due_at",
        "conversations",
        ["assignee_id", "state", "due_at"],
    )
    op.create_table(
        "clocks",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("level_id", NUMBER, nullable=True),
        sa.Column("group_id", NUMBER, nullable=True),
        sa.Column("calendar_id", NUMBER, nullable=True),
        sa.Column("agent_id", NUMBER, nullable=True),
        sa.Column("is_reentry", sa.Boolean(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("runs_from", MOMENT, nullable=False),
        sa.Column("left_seconds", sa.Double(), nullable=False),
        sa.Column("warn_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("warned_at", MOMENT, nullable=True),
        sa.Column("breached_at", MOMENT, nullable=True),
        sa.Column("reply_id", NUMBER, nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_clocks_conversation_id"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_clocks_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clocks"),
    )
    op.create_index(
        "ix_clocks_conversation_id_started_at", "clocks", ["conversation_id", "started_at"]
    )
    op.create_index("ix_clocks_stopped_at", "clocks", ["stopped_at"])
    for name, columns, where, unique in (
        ("running", ["conversation_id", "kind"], "stopped_at IS NULL", True),
        ("terms", ["level_id", "group_id", "mark", "id"], "stopped_at IS NULL", False),
        ("next_at", ["next_at"], "next_at IS NOT NULL", False),
        ("breached_at", ["breached_at"], "breached_at IS NOT NULL", False),
    ):
        op.create_index(
            f"ix_clocks_{name}",
            "clocks",
            columns,
            unique=unique,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def _add_wallboards() -> None:
    op.create_table(
        "device_tokens",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_by", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("tiles", sa.JSON(), nullable=False),
        sa.Column("shows_names", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["agents.id"], name="fk_device_tokens_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_device_tokens"),
        sa.UniqueConstraint("digest", name="uq_device_tokens_digest"),
    )


def _add_presence_log() -> None:
    op.create_table(
        "presence_log",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agent_id", NUMBER, nullable=False),
        sa.Column("presence", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("takes", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_presence_log_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_presence_log"),
    )
    op.create_index("ix_presence_log_at_agent_id", "presence_log", ["at", "agent_id"])


def _add_predictions() -> None:
    """How long waits were to be and were; what rules that tell of them ask for; replays of plans."""
    op.add_column("waits", sa.Column("first_looked_at", MOMENT, nullable=True))
    op.add_column(
        "answer_rules",
        sa.Column("group_ids", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.create_table(
        "predictions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("conversation_id", NUMBER, nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=True),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("q90", sa.Double(), nullable=True),
        sa.Column("position", NUMBER, nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("waited", sa.Double(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_predictions_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_predictions"),
    )
    op.create_index("ix_predictions_at", "predictions", ["at"])
    for name, columns, where, unique in (
        ("open", ["conversation_id"], "ended_at IS NULL", True),
        ("measured", ["pool", "rank", "ended_at"], "waited IS NOT NULL", False),
    ):
        op.create_index(
            f"ix_predictions_{name}",
            "predictions",
            columns,
            unique=unique,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "replays",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("doc", sa.JSON(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["agents.id"], name="fk_replays_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_replays"),
    )


def _add_indexes_of_figures() -> None:
    """What the monitor counts, and lists of it, without reading what has ended."""
    op.create_index(
        "ix_conversations_opened_at",
        "conversations",
        ["opened_at", "group_id", "level_id"],
    )
    _add_index_where("conversations", ["due_at", "id"], "due_at IS NOT NULL")
    for name, table, columns, where in (
        (
            "ix_conversations_figures",
            "conversations",
            [
                *("level_id", "group_id", "state", "waiting_since", "owed_since", "rests_since"),
                "due_at",
            ],
            "state <> 'closed'",
        ),
        (
            "ix_contacts_last_send",
            "contacts",
            ["window_closes_at"],
            "lasting_sends - reserved = 1",
        ),
    ):
        op.create_index(
            name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
