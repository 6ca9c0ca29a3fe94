"""What can stand in the way at a conversation."""

from wxdesk.errors import Conflict


class AlreadyTaken(Conflict):
    """Another agent was faster."""

    code = "taken"


class NotAssigned(Conflict):
    """Another agent holds the conversation, or none does."""

    code = "not_assigned"


class ConversationClosed(Conflict):
    """It has ended; what the customer writes next opens another."""

    code = "conversation_closed"


class NothingToResend(Conflict):
    """The message is on its way, or has arrived."""

    code = "nothing_to_resend"


class NotParked(Conflict):
    """The message was sent, or thrown away."""

    code = "not_parked"


class AlreadyLeft(Conflict):
    """It is too late to take the message back."""

    code = "already_left"
