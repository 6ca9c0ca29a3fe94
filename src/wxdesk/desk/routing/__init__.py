"""Who gets a conversation, in which order, and why."""

from wxdesk.desk.routing.actions import abandon, close, forget, move_up, note_reply, rest, wake
from wxdesk.desk.routing.begin import begin, full_groups, home_of
from wxdesk.desk.routing.calibrate import Calibration, NoNumber, Range
from wxdesk.desk.routing.decision import Decision, Rule
from wxdesk.desk.routing.dispatch import Settings
from wxdesk.desk.routing.dispatching import is_due, run
from wxdesk.desk.routing.eligible import Obstacle, Reason
from wxdesk.desk.routing.errors import (
    NotHere,
    NothingWaits,
    NotOffered,
    NotWaiting,
    NotYours,
    OwnConversation,
    PlanInvalid,
)
from wxdesk.desk.routing.expected import Expected, expected_waits
from wxdesk.desk.routing.floor import Floor
from wxdesk.desk.routing.foretell import Basis, Prediction
from wxdesk.desk.routing.handing_over import assign, hand_over
from wxdesk.desk.routing.joining import NothingToJoin, join, leave, may_write
from wxdesk.desk.routing.later import Preset
from wxdesk.desk.routing.leaving import Handing, hand_over_all
from wxdesk.desk.routing.log import (
    HAD_BY,
    Act,
    has_joined,
    joined,
    list_acts,
    list_notes,
    note_whisper,
)
from wxdesk.desk.routing.mending import adopt, regroup, relevel, sweep
from wxdesk.desk.routing.model import (
    DISPATCH,
    Assignment,
    Ending,
    PlanVersion,
    RoutingNote,
    Seat,
    Wait,
)
from wxdesk.desk.routing.order import Band, in_order
from wxdesk.desk.routing.plan import Arrival, Hours, Plan, Pull, Route
from wxdesk.desk.routing.planning import (
    DraftChanged,
    NoDraft,
    conflicts,
    drop_draft,
    keep_draft,
    publish,
    publish_again,
)
from wxdesk.desk.routing.plans import draft, published, versions
from wxdesk.desk.routing.predict import Discipline, LevelLine, predicted
from wxdesk.desk.routing.predictions import Ended, Foretold
from wxdesk.desk.routing.predictions import covered as covered_predictions
from wxdesk.desk.routing.predictions import forget_before as forget_predictions_before
from wxdesk.desk.routing.presence import (
    MOST_CAPACITY,
    MOST_SKILLS,
    record_seen,
    set_alerted,
    set_limit,
    set_presence,
    set_reachable,
    set_up,
)
from wxdesk.desk.routing.presence_log import (
    PresenceChange,
    forget_presence_before,
    presence_between,
    presence_known_since,
)
from wxdesk.desk.routing.promise import Level, Promise, Target, promised
from wxdesk.desk.routing.rates import Arrivals, Gaps, Patience
from wxdesk.desk.routing.replay import Answers, Came, Day, Was, replayed
from wxdesk.desk.routing.replay_day import TooManyArrivals, read_day
from wxdesk.desk.routing.replays import REPLAYS, Replay, ReplayRuns, compared, plan_to_replay
from wxdesk.desk.routing.replays import ask as ask_replay
from wxdesk.desk.routing.replays import claim as claim_replay
from wxdesk.desk.routing.replays import get as get_replay
from wxdesk.desk.routing.replays import list_newest as list_replays
from wxdesk.desk.routing.replays import record_failure as record_replay_failure
from wxdesk.desk.routing.replays import record_progress as record_replay_progress
from wxdesk.desk.routing.replays import record_result as record_replay_result
from wxdesk.desk.routing.round import OFFER_SECONDS
from wxdesk.desk.routing.sight import (
    Hidden,
    Sight,
    hidden_of,
    is_blind,
    require_contact,
    require_file,
    sight_of,
    waiting_of,
)
from wxdesk.desk.routing.snapshot import ANYBODY, Agent, Moment, Need, Presence, Ring, Waiting
from wxdesk.desk.routing.snoozing import (
    SNOOZES,
    SnoozeInvalid,
    bring_back,
    end_snooze,
    snooze,
    snooze_presets,
)
from wxdesk.desk.routing.standing import Lineup, Standing, standing
from wxdesk.desk.routing.taking import accept, decline, pull, take, take_next
from wxdesk.desk.routing.terms import Terms
from wxdesk.desk.routing.terms import read as read_terms
from wxdesk.desk.routing.waiting_time import predict_for, settle
from wxdesk.desk.routing.waiting_time import say as say_prediction
from wxdesk.desk.routing.what_is_astray import anybody_without_group
from wxdesk.desk.routing.who_has_what import Work, handed, history, work_of
from wxdesk.desk.routing.who_is_here import (
    absent_of,
    anybody_here,
    count_present,
    get_seat,
    list_seats,
    lock_desk,
    new_seat,
    repairs,
    seats_by_ids,
)
from wxdesk.desk.routing.who_waits import (
    GroupWaits,
    count_all_waiting,
    oldest_unheld,
    waits_by_group,
)
from wxdesk.desk.routing.why import Tried, Waits, try_out, why_waiting
from wxdesk.desk.routing.wrap_up import finish as finish_wrap_up
from wxdesk.desk.routing.wrap_up import finish_of as finish_wrap_up_of
from wxdesk.desk.routing.wrap_up import wrapping

__all__ = [
    "ANYBODY",
    "DISPATCH",
    "HAD_BY",
    "MOST_CAPACITY",
    "MOST_SKILLS",
    "OFFER_SECONDS",
    "REPLAYS",
    "SNOOZES",
    "Act",
    "Agent",
    "Answers",
    "Arrival",
    "Arrivals",
    "Assignment",
    "Band",
    "Basis",
    "Calibration",
    "Came",
    "Day",
    "Decision",
    "Discipline",
    "DraftChanged",
    "Ended",
    "Ending",
    "Expected",
    "Floor",
    "Foretold",
    "Gaps",
    "GroupWaits",
    "Handing",
    "Hidden",
    "Hours",
    "Level",
    "LevelLine",
    "Lineup",
    "Moment",
    "Need",
    "NoDraft",
    "NoNumber",
    "NotHere",
    "NotOffered",
    "NotWaiting",
    "NotYours",
    "NothingToJoin",
    "NothingWaits",
    "Obstacle",
    "OwnConversation",
    "Patience",
    "Plan",
    "PlanInvalid",
    "PlanVersion",
    "Prediction",
    "Presence",
    "PresenceChange",
    "Preset",
    "Promise",
    "Pull",
    "Range",
    "Reason",
    "Replay",
    "ReplayRuns",
    "Ring",
    "Route",
    "RoutingNote",
    "Rule",
    "Seat",
    "Settings",
    "Sight",
    "SnoozeInvalid",
    "Standing",
    "Target",
    "Terms",
    "TooManyArrivals",
    "Tried",
    "Wait",
    "Waiting",
    "Waits",
    "Was",
    "Work",
    "abandon",
    "absent_of",
    "accept",
    "adopt",
    "anybody_here",
    "anybody_without_group",
    "ask_replay",
    "assign",
    "begin",
    "bring_back",
    "claim_replay",
    "close",
    "compared",
    "conflicts",
    "count_all_waiting",
    "count_present",
    "covered_predictions",
    "decline",
    "draft",
    "drop_draft",
    "end_snooze",
    "expected_waits",
    "finish_wrap_up",
    "finish_wrap_up_of",
    "forget",
    "forget_predictions_before",
    "forget_presence_before",
    "full_groups",
    "get_replay",
    "get_seat",
    "hand_over",
    "hand_over_all",
    "handed",
    "has_joined",
    "hidden_of",
    "history",
    "home_of",
    "in_order",
    "is_blind",
    "is_due",
    "join",
    "joined",
    "keep_draft",
    "leave",
    "list_acts",
    "list_notes",
    "list_replays",
    "list_seats",
    "lock_desk",
    "may_write",
    "move_up",
    "new_seat",
    "note_reply",
    "note_whisper",
    "oldest_unheld",
    "plan_to_replay",
    "predict_for",
    "predicted",
    "presence_between",
    "presence_known_since",
    "promised",
    "publish",
    "publish_again",
    "published",
    "pull",
    "read_day",
    "read_terms",
    "record_replay_failure",
    "record_replay_progress",
    "record_replay_result",
    "record_seen",
    "regroup",
    "relevel",
    "repairs",
    "replayed",
    "require_contact",
    "require_file",
    "rest",
    "run",
    "say_prediction",
    "seats_by_ids",
    "set_alerted",
    "set_limit",
    "set_presence",
    "set_reachable",
    "set_up",
    "settle",
    "sight_of",
    "snooze",
    "snooze_presets",
    "standing",
    "sweep",
    "take",
    "take_next",
    "try_out",
    "versions",
    "waiting_of",
    "waits_by_group",
    "wake",
    "why_waiting",
    "work_of",
    "wrapping",
]
