"""Why an act is not done."""


class BadAct(Exception):
    """This cannot be done, whoever wants it; says why in a sentence."""


class NotFollowing(Exception):
    """Only a follower can do this."""
