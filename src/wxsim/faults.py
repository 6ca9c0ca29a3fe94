"""What is to go wrong now: the switches of ``switches``, counted down as they are used.

``POST /sim/faults`` merges switches, ``GET`` shows them (``?explain=1`` with their meanings),
``DELETE`` clears them.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from enum import StrEnum
from random import Random
from typing import Any

from wxsim.switches import FailNext, Switches

ALWAYS = -1
MOST_FAILURES = 1000
MOST_ADDRESSES = 200


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
    if switch.name == "ip_whitelist":
        return _addresses(value)
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


def _addresses(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_ADDRESSES:
        raise ValueError("ip_whitelist is a list of addresses")
    if not all(isinstance(address, str) for address in value):
        raise ValueError("each of ip_whitelist is a text")
    return tuple(value)


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
