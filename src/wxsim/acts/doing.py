"""One act under way: what was wished, and what acts have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wxdesk.wechat.policies import Trigger
from wxsim import push, sending
from wxsim.acts.errors import BadAct
from wxsim.acts.files import Files
from wxsim.platform import Platform
from wxsim.push import Push
from wxsim.xml import Element

MAX_TEXT = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Done:
    """What an act has led to.

    Attributes:
        pushes: Still to be delivered, one after the other.
        opens: The page that the phone opens.
        reads: The text of a scanned code that is no page and nobody's scene.
    """

    pushes: Sequence[Push] = ()
    opens: str | None = None
    reads: str | None = None


@dataclass(frozen=True, slots=True)
class Doing:
    """``now`` is a whole second, as CreateTime is; ``origin`` is where our files are reached."""

    platform: Platform
    openid: str
    wish: Mapping[str, Any]
    files: Files
    now: datetime
    origin: str

    def text(self, name: str, default: str | None = None) -> str:
        value = self.wish.get(name, default)
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise BadAct(f"{name} is a text of at most {MAX_TEXT} characters")
        if not value and default is None:
            raise BadAct(f"{name} is empty")
        return value

    def number(self, name: str, default: float) -> float:
        value = self.wish.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadAct(f"{name} is a number")
        return value

    def whole(self, name: str, default: int) -> int:
        value = self.wish.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadAct(f"{name} is a whole number")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.wish.get(name, default)
        if not isinstance(value, bool):
            raise BadAct(f"{name} is true or false")
        return value

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of them; the first where nothing is said."""
        value = self.wish.get(name, choices[0])
        if value not in choices:
            raise BadAct(f"{name} is one of {', '.join(choices)}")
        return str(value)

    def grant(self, trigger: Trigger) -> None:
        sending.grant(self.platform, self.openid, trigger, self.now)

    def keep(self, body: bytes, content_type: str, kind: str | None = None) -> str:
        """The media id of something the follower sends."""
        return self.platform.keep_file(body, content_type, kind)

    def say(
        self,
        kind: str,
        *elements: Element,
        shown: Mapping[str, Any],
        last: Sequence[Element] = (),
        trigger: Trigger = Trigger.MESSAGE,
    ) -> Push:
        """A message: it opens its grant, stands on the follower's phone, and is pushed."""
        said = push.message(
            self.platform.account,
            self.openid,
            kind,
            elements,
            at=self.now,
            msg_id=self.platform.next_msg_id(),
            last=last,
        )
        self.grant(trigger)
        self.platform.show(self.openid, "me", kind, **shown, msg_id=str(said.msg_id))
        return said

    def event(self, name: str, *elements: Element, answered: bool = True) -> Push:
        return push.event(
            self.platform.account, self.openid, name, elements, at=self.now, answered=answered
        )

    def note(self, kind: str, content: str, **facts: Any) -> None:
        """A grey line on the phone."""
        self.platform.show(self.openid, "system", kind, content=content, **facts)
