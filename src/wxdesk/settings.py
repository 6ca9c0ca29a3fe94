"""Every setting of the desk in one frozen tree; units are in the names.

Read once, by ``cli``, from the environment (``WXDESK_…``) or the file that
``WXDESK_SETTINGS_FILE`` names (``KEY=value`` lines); nothing else reads the environment.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from wxdesk.outbound import read_networks

NOBODY = "mailto:desk@wxdesk.invalid"


class Settings(BaseSettings):
    """How this installation runs."""

    model_config = SettingsConfigDict(env_prefix="WXDESK_", frozen=True, extra="ignore")

    data_dir: Path = Field(
        Path("data"), description="Where the embedded database and the generated secret live."
    )
    database_url: str | None = Field(
        None,
        description="`sqlite:///path` or `postgresql://user:password@host/name`. "
        "Default: SQLite in the data directory.",
    )
    redis_url: str | None = Field(
        None,
        description="`redis://host:6379/0` of a Redis or Valkey that carries wakes between "
        "processes. Needed as soon as there is more than one.",
    )
    host: str = Field("127.0.0.1", description="The address the desk listens on.")
    port: int = Field(8700, ge=0, le=65535, description="The port the desk listens on.")
    public_url: str | None = Field(
        None, description="How WeChat and browsers reach the desk. Default: from host and port."
    )
    secret_key: SecretStr | None = Field(
        None,
        description="Encrypts credentials at rest and signs sessions. Default: generated once "
        "into the data directory, mode 0600.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed, "
        "separated by commas.",
    )
    push_skew_seconds: int = Field(
        600,
        ge=0,
        description="A push whose timestamp is further off than this is refused. 0: any is taken.",
    )
    push_wait_seconds: float = Field(
        2.0,
        gt=0,
        description="A push that could not be kept within this time is answered 503, so that "
        "WeChat tries again. WeChat waits 5 s.",
    )
    passive_wait_seconds: float = Field(
        2.0,
        ge=0,
        le=4,
        description="How long the answer to a push waits for what the desk says by itself, where "
        "an account has such texts. WeChat waits 5 s.",
    )
    send_timeout_seconds: float = Field(
        5.0,
        gt=0,
        description="How long WeChat may take to take a connection, and as long again to answer.",
    )
    delivery_lease_seconds: float = Field(
        30.0,
        validate_default=True,
        description="How long a sender may hold a reply. When it ends without an outcome the "
        "sender has died, and the reply is uncertain. At least five times the send timeout.",
    )
    resend_uncertain: bool = Field(
        False,
        description="At-least-once: a reply of unknown outcome is sent again by itself, so a "
        "customer may read it twice. Default: the agent decides.",
    )
    outbound_allow: str = Field(
        "",
        description="Networks of your own in which webhooks, cards and other addresses that admins "
        "enter may lie, separated by commas, as `10.0.0.0/8, 127.0.0.1`; pages that cards show may "
        "be `http` there. Default: none, only public addresses are asked.",
    )
    media_max_mb: int = Field(
        64, gt=0, description="The largest file that is fetched from WeChat or taken from an agent."
    )
    media_bucket: str | None = Field(
        None,
        description="A bucket of an S3-compatible store for pictures, voice and video. "
        "Default: the folder `media` in the data directory.",
    )
    media_s3_endpoint: str | None = Field(
        None, description="Where that store is, as `https://host:port`. Default: Amazon's."
    )
    media_s3_region: str = Field("us-east-1", description="The region of the bucket.")
    media_s3_access_key: SecretStr | None = Field(
        None, description="Who the desk is there. Default: as the machine's environment says."
    )
    media_s3_secret_key: SecretStr | None = Field(None, description="The secret to that key.")
    keep_media_days: int = Field(
        0,
        ge=0,
        description="Pictures, voice and video are deleted so long after they were last received "
        "or sent; messages then show that. 0: they are kept for ever.",
    )
    session_hours: int = Field(12, gt=0, description="A sign-in ends after this time.")
    offline_copies: bool = Field(
        True,
        description="Agents' browsers keep their last 50 conversations, without files, to be read "
        "without a network until the sign-in ends. Off: nothing of customers is kept on devices.",
    )
    stream_connections: int = Field(
        5000, gt=0, description="The most live connections one process holds."
    )
    stream_heartbeat_seconds: float = Field(
        15.0,
        gt=0,
        description="How often a live connection shows a sign of life, and ends when its agent "
        "has signed out. Less than any proxy's patience.",
    )
    contact_facts_days: int = Field(
        7,
        gt=0,
        description="What WeChat tells about a follower is asked for again after this time.",
    )
    keep_events_hours: int = Field(
        72, gt=0, description="How long browsers may resume live updates without reloading."
    )
    alert_contents: Literal["nothing", "name", "text"] = Field(
        "name",
        description="What of a customer may stand in notices on devices and at other services: "
        "nothing, what the desk calls them, or also what they wrote.",
    )
    alert_waiting_seconds: int = Field(
        300,
        ge=0,
        description="Whoever has waited so long and is offered to nobody is told to the common "
        "addresses, and to supervisors who ask for it. 0: is told to nobody.",
    )
    alert_schemes: str = Field(
        "",
        description="Further services that agents may have notices sent to, as schemes of "
        "Apprise separated by commas: `gotify,json`.",
    )
    alert_hosts: str = Field(
        "",
        description="Hosts of such services, separated by commas, that are run by somebody else "
        "than the usual or are in a private network: a mail server, one's own Bark.",
    )
    push_private_key: SecretStr | None = Field(
        None,
        description="The VAPID key for web push, 32 bytes in base64url. Default: generated once "
        "into the database. Another key makes all devices ask anew.",
    )
    push_contact: str | None = Field(
        None,
        description="Whom push services may write to, as `mailto:` or `https:`. Default: "
        "`public_url` where it is https.",
    )
    push_origins: str = Field(
        "",
        description="Push services beside those of the known browsers, as origins separated by "
        "commas: `https://push.example.com`.",
    )
    demo: bool = Field(False, description="Marks the installation as the demonstration.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least severe log line that is written."
    )
    log_json: bool = Field(False, description="Logs as JSON, one object a line.")

    @field_validator("delivery_lease_seconds")
    @classmethod
    def _outlasts_a_send(cls, lease_seconds: float, info: ValidationInfo) -> float:
        """A reply is posted at most twice, each time for up to two timeouts; tokens take time."""
        if lease_seconds < 5 * info.data.get("send_timeout_seconds", 0):
            raise ValueError("must be at least five times WXDESK_SEND_TIMEOUT_SECONDS")
        return lease_seconds

    @property
    def token_patience_seconds(self) -> float:
        """How long a sender may wait for a token, twice, and still send within its lease."""
        return (self.delivery_lease_seconds - 4 * self.send_timeout_seconds) / 3

    @field_validator("push_contact")
    @classmethod
    def _is_contact(cls, contact: str | None) -> str | None:
        if contact and not contact.startswith(("mailto:", "https:")):
            raise ValueError("must begin with mailto: or https:")
        return contact

    @field_validator("database_url")
    @classmethod
    def _is_known(cls, url: str | None) -> str | None:
        if url and not url.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return url

    @field_validator("outbound_allow")
    @classmethod
    def _are_networks(cls, text: str) -> str:
        read_networks(text)
        return text

    @property
    def database(self) -> str:
        """The database's URL, the embedded one by default."""
        return self.database_url or f"sqlite:///{self.data_dir / 'wxdesk.sqlite3'}"

    @property
    def media_max_bytes(self) -> int:
        return self.media_max_mb * 1024 * 1024

    @property
    def push_subject(self) -> str:
        """Who we are to push services (RFC 8292, 2.1)."""
        named = self.base_url if self.base_url.startswith("https:") else NOBODY
        return self.push_contact or named

    @property
    def base_url(self) -> str:
        """How the desk is reached from outside, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def read_settings() -> Settings:
    """The settings of this process, from the environment and the file it names."""
    return Settings(_env_file=os.environ.get("WXDESK_SETTINGS_FILE"))  # type: ignore[call-arg]
