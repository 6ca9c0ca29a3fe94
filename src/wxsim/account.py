"""The Official Account the simulator runs, as its administrator has set it up."""

from dataclasses import dataclass
from enum import StrEnum

from wxsim.allowance import POLICIES, Policy, Renewal
from wxsim.envelope import Envelope


class Mode(StrEnum):
    """How pushes travel (消息加解密方式)."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SECURE = "secure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Credentials, the server configuration, and the rules it is under.

    Attributes:
        original_id: ``gh_`` and 12 hex digits; ``ToUserName`` of every push.
        callback: Where pushes go; None: no server is configured and nothing is pushed.
        policy: A name in ``POLICIES``.
        kf_accounts: Customer-service accounts a message may be sent as.
    """

    app_id: str
    app_secret: str
    token: str
    original_id: str
    name: str = "微光生活馆"
    callback: str | None = None
    mode: Mode = Mode.PLAIN
    aes_key: str | None = None
    policy: str = "2023"
    renewal: Renewal = Renewal.REPLACE
    kf_accounts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise ValueError(f"policy is one of {', '.join(POLICIES)}")
        if self.mode is not Mode.PLAIN and self.aes_key is None:
            raise ValueError(f"mode {self.mode} needs an EncodingAESKey")
        if self.aes_key is not None:
            Envelope(self.aes_key, self.app_id)

    @property
    def rules(self) -> Policy:
        return POLICIES[self.policy]

    @property
    def envelope(self) -> Envelope:
        if self.aes_key is None:
            raise ValueError("an account in plaintext mode has no envelope")
        return Envelope(self.aes_key, self.app_id)
