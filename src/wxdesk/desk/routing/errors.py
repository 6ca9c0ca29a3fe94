"""What routing refuses."""

from wxdesk.errors import Conflict, Forbidden, Invalid, NotFound


class NothingWaits(NotFound):
    """Nobody waits whom this agent may take."""

    code = "nothing_waits"


class NotOffered(Conflict):
    """The offer is over: it was too late, or somebody took it back."""

    code = "not_offered"


class NotHere(Conflict):
    """That agent takes nothing now."""

    code = "not_here"


class NotYours(Forbidden):
    """The plan does not let agents take what they like; ``pull`` says what it lets them."""

    code = "pull_forbidden"


class OwnConversation(Forbidden):
    """Its customer is this agent themselves."""

    code = "own_conversation"


class NotWaiting(Conflict):
    """Nobody waits there any more."""

    code = "not_waiting"


class PlanInvalid(Invalid):
    """Rules or settings that cannot be right; ``problem`` says why."""

    code = "plan_invalid"
