"""What can go wrong with agents and their sign-in."""

from wxdesk.errors import Conflict, Forbidden, Unavailable


class AgentExists(Conflict):
    """The username is taken."""

    code = "agent_exists"


class WrongPassword(Forbidden):
    """Whoever is signed in does not know the password that they want to change."""

    code = "wrong_password"


class TooManyTokens(Conflict):
    """There are as many as there may be."""

    code = "too_many_tokens"


class TooManyTries(Unavailable):
    """After wrong passwords the next try has to wait."""

    code = "too_many_tries"


class SignInLocked(Forbidden):
    """Too many wrong passwords; it opens by itself later, or an admin unlocks."""

    code = "sign_in_locked"
