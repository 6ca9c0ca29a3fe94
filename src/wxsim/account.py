"""The Official Account the simulator runs, as its administrator has set it up."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from wxdesk.wechat.policies import POLICIES, Policies, Policy, Renewal
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
        policy: The name of one of ``policies``.
        own_renewal: How grants renew; None: as the policy says.
        kf_accounts: Customer-service accounts a message may be sent as.
        pay_feedback: Where rights-protection notices go; None: below the callback.
        pay_key: paySignKey of pay v2, which signs them.
    """

    app_id: str
    app_secret: str
    token: str
    original_id: str
    name: str = "微光生活馆"
    callback: str | None = None
    mode: Mode = Mode.PLAIN
    aes_key: str | None = None
    policies: Policies = field(default_factory=lambda: POLICIES)
    policy: str = "2023"
    own_renewal: Renewal | None = None
    kf_accounts: tuple[str, ...] = ()
    pay_feedback: str | None = None
    pay_key: str = "simulated-pay-sign-key"

    def __post_init__(self) -> None:
        if self.policy not in self.policies:
            raise ValueError(f"policy is one of {', '.join(self.policies)}")
        if self.mode is not Mode.PLAIN and self.aes_key is None:
            raise ValueError(f"mode {self.mode} needs an EncodingAESKey")
        if self.aes_key is not None:
            Envelope(self.aes_key, self.app_id)

    @property
    def pay_feedback_url(self) -> str | None:
        """Unless it is set, below the callback; a query of the callback's own stays."""
        if self.pay_feedback or not self.callback:
            return self.pay_feedback
        parts = urlsplit(self.callback)
        return parts._replace(path=f"{parts.path.rstrip('/')}/pay-feedback").geturl()

    @property
    def rules(self) -> Policy:
        return self.policies[self.policy]

    @property
    def renewal(self) -> Renewal:
        return self.own_renewal or self.rules.renewal

    @property
    def envelope(self) -> Envelope:
        if self.aes_key is None:
            raise ValueError("an account in plaintext mode has no envelope")
        return Envelope(self.aes_key, self.app_id)
