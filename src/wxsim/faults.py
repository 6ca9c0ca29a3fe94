"""Everything that can be made to go wrong, in one table.

``POST /sim/faults`` merges switches, ``GET`` shows them (``?explain=1`` with their meanings),
``DELETE`` clears them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from random import Random
from typing import Any

from wxsim.codes import Tail

ALWAYS = -1
MOST_FAILURES = 1000


class UnicodeEscapes(StrEnum):
    r"""What becomes of ``\uXXXX`` in a request: shown to the follower as is, or 47002."""

    LITERAL = "literal"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class FailNext:
    """The next ``times`` calls of ``path`` are refused; ``*`` is any path."""

    path: str
    errcode: int
    times: int = 1


def _switch(default: Any, means: str, **limits: float) -> Any:
    return field(default=default, metadata={"means": means, **limits})


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The switches and what each does; durations in seconds unless the name says otherwise."""

    fail_next: tuple[FailNext, ...] = _switch(
        (), "[{path, errcode, times}]: these calls are refused before they do anything"
    )
    system_error_rate: float = _switch(
        0.0, "share of calls answered -1 before they do anything", lowest=0, highest=1
    )
    seed: int = _switch(1, "where the dice of system_error_rate begin; setting it rolls anew")
    slow_ms: int = _switch(0, "every answer comes this late, the call already done", highest=600e3)
    lose_answer: int = _switch(
        0, "the next n sends are accepted, then the connection drops; true or -1: all", lowest=-1
    )
    hang: int = _switch(
        0, "the next n sends are accepted and never answered; true or -1: all", lowest=-1
    )
    token_invalid_now: bool = _switch(
        False, "an act, not a state: every access token dies now, as if refreshed elsewhere"
    )
    ip_not_whitelisted: bool = _switch(False, "token calls answer 40164 with the caller's address")
    unverified: bool = _switch(False, "the account may not send customer-service messages: 48001")
    daily_quota: int | None = _switch(
        None, "calls of one path a day (China), then 45009; null: no limit"
    )
    minute_quota: int | None = _switch(
        None, "calls of one path a minute, then 45011; null: no limit"
    )
    errmsg_tail: Tail = _switch(  # noqa: RUF009  it is a field
        Tail.RID, "what errmsg ends with: rid, hint, both or none"
    )
    unicode_escapes: UnicodeEscapes = _switch(  # noqa: RUF009
        UnicodeEscapes.LITERAL, r"\uXXXX in a text: literal (shown so) or refuse (47002)"
    )
    push_tries: int = _switch(3, "POSTs of one push before it is given up", lowest=1, highest=10)
    push_deadline_s: float = _switch(
        5.0, "how long one POST may take to be answered", lowest=0.001, highest=60
    )
    push_spacing_s: float = _switch(
        5.0, "from the start of one POST to the start of the next, at least", highest=60
    )
    sign_with_moved_clock: bool = _switch(
        False, "the signature's timestamp follows the moved clock, as CreateTime always does"
    )
    duplicate_pushes: int = _switch(
        0, "every push is posted n times more, although answered", highest=10
    )
    out_of_order: bool = _switch(
        False, "a follower's push waits until the next one has overtaken it"
    )
    out_of_order_hold_s: float = _switch(
        2.0, "for how long it waits to be overtaken at most", highest=60
    )


class Faults:
    """The switches as they are now, counted down as they are used."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.switches = Switches()
        self._dice = Random(self.switches.seed)  # noqa: S311  repeatable on purpose

    def merge(self, wanted: Mapping[str, Any]) -> None:
        """Set some of them.

        Raises:
            ValueError: No such switch, or a value it cannot take; nothing is changed then.
        """
        known = {switch.name: switch for switch in fields(Switches)}
        for name in wanted:
            if name not in known:
                raise ValueError(f"there is no switch {name}")
        read = {name: _read(known[name], value) for name, value in wanted.items()}
        self.switches = replace(self.switches, **read | {"token_invalid_now": False})
        if "seed" in read:
            self._dice = Random(self.switches.seed)  # noqa: S311

    def shown(self) -> dict[str, Any]:
        return asdict(self.switches)

    def explained(self) -> list[dict[str, Any]]:
        return [
            {
                "name": switch.name,
                "value": self.shown()[switch.name],
                "default": switch.default,
                "means": switch.metadata["means"],
            }
            for switch in fields(Switches)
        ]

    def take_failure(self, path: str) -> int | None:
        """The errcode this call is to be refused with, if any."""
        for failure in self.switches.fail_next:
            if failure.path in {path, "*"}:
                self._count_down(failure)
                return failure.errcode
        if self._dice.random() < self.switches.system_error_rate:
            return -1
        return None

    def take_lost_answer(self) -> bool:
        times = self.switches.lose_answer
        self.switches = replace(self.switches, lose_answer=_one_less(times))
        return times != 0

    def take_hang(self) -> bool:
        times = self.switches.hang
        self.switches = replace(self.switches, hang=_one_less(times))
        return times != 0

    def _count_down(self, failure: FailNext) -> None:
        rest = tuple(
            replace(other, times=other.times - 1) if other is failure else other
            for other in self.switches.fail_next
        )
        left = tuple(other for other in rest if other.times > 0)
        self.switches = replace(self.switches, fail_next=left)


def _one_less(times: int) -> int:
    return times if times in {0, ALWAYS} else times - 1


def _read(switch: Any, value: Any) -> Any:
    """The value, if this switch can take it; its default and its limits say what that is."""
    default = switch.default
    if switch.name == "fail_next":
        return _failures(value)
    if isinstance(default, StrEnum):
        return _choice(switch, value)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ValueError(f"{switch.name} is true or false")  # noqa: TRY004  one kind of error
        return value
    if value is None and default is None:
        return None
    return _number(switch, value)


def _choice(switch: Any, value: Any) -> StrEnum:
    kind: type[StrEnum] = type(switch.default)
    try:
        return kind(value)
    except ValueError as error:
        choices = ", ".join(kind)
        raise ValueError(f"{switch.name} is one of {choices}") from error


def _number(switch: Any, value: Any) -> int | float:
    if isinstance(value, bool) and switch.name in {"lose_answer", "hang"}:
        return ALWAYS if value else 0
    kinds = (int, float) if isinstance(switch.default, float) else (int,)
    lowest, highest = switch.metadata.get("lowest", 0), switch.metadata.get("highest", 10**9)
    if isinstance(value, bool) or not isinstance(value, kinds) or not lowest <= value <= highest:
        kind = "number" if float in kinds else "whole number"
        raise ValueError(f"{switch.name} is a {kind} from {lowest:g} to {highest:g}")
    return type(switch.default)(value) if switch.default is not None else value


def _failures(value: Any) -> tuple[FailNext, ...]:
    if not isinstance(value, list) or len(value) > MOST_FAILURES:
        raise ValueError("fail_next is a list of {path, errcode, times}")
    failures = []
    for item in value:
        try:
            failures.append(FailNext(**item))
        except TypeError as error:
            raise ValueError("each of fail_next is {path, errcode, times}") from error
    for failure in failures:
        numbers = (failure.errcode, failure.times)
        if not isinstance(failure.path, str) or not all(type(n) is int for n in numbers):
            raise ValueError("each of fail_next is {path: text, errcode: number, times: number}")
    return tuple(failures)
