"""The answer to a push, read as strictly as the platform reads it.

Source: "Passive user reply message" (被动回复用户消息), 2025.
"""

import json
from typing import Any
from xml.etree import ElementTree as ET

from wxsim.account import Account, Mode
from wxsim.envelope import BrokenEnvelope, sign

MAX_BYTES = 1_000_000
TEXT_BYTES = 2048

Reply = dict[str, Any]  # type and, for text, content

# What is named here has to be in the reply of that kind.
_REQUIRED = {
    "text": "Content",
    "image": "Image/MediaId",
    "voice": "Voice/MediaId",
    "video": "Video/MediaId",
    "music": "Music/ThumbMediaId",
    "news": "Articles/item/Title",
    "transfer_customer_service": "MsgType",
}


class BrokenReply(Exception):
    """Not an answer the platform understands; the follower is told to try later."""


def read(body: bytes, account: Account, openid: str) -> Reply | None:
    """The passive reply, or None where the answer says there is none.

    Raises:
        BrokenReply: The body is neither ``success``, nor empty, nor a reply to this follower.
    """
    if body in {b"", b"success"}:
        return None
    if len(body) > MAX_BYTES:
        raise BrokenReply("the answer is longer than 1 MB")
    fields = _parse(body)
    if fields.find("Encrypt") is not None:
        fields = _parse(_decrypt(fields, account))
    elif account.mode is Mode.SECURE:
        raise BrokenReply("secure mode takes encrypted replies only")
    return _understand(fields, account, openid)


def _parse(body: bytes) -> ET.Element:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BrokenReply("a DTD is not taken")
    try:
        root = ET.fromstring(body)  # noqa: S314  no DTD, no entities, and never over 1 MB
    except (ET.ParseError, ValueError, LookupError) as error:
        kind = "JSON" if _is_json(body) else "not XML"
        raise BrokenReply(f"the answer is {kind}") from error
    if root.tag != "xml":
        raise BrokenReply("the answer's root is not <xml>")
    return root


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _decrypt(fields: ET.Element, account: Account) -> bytes:
    if account.mode is Mode.PLAIN:
        raise BrokenReply("plaintext mode takes no encrypted reply")
    sealed = _text(fields, "Encrypt")
    signed = (account.token, _text(fields, "TimeStamp"), _text(fields, "Nonce"), sealed)
    if sign(*signed) != _text(fields, "MsgSignature"):
        raise BrokenReply("MsgSignature is wrong")
    try:
        return account.envelope.open(sealed)
    except BrokenEnvelope as error:
        raise BrokenReply(f"Encrypt cannot be opened: {error}") from error


def _understand(fields: ET.Element, account: Account, openid: str) -> Reply:
    for name, value in (("ToUserName", openid), ("FromUserName", account.original_id)):
        if _text(fields, name) != value:
            raise BrokenReply(f"{name} is not {value}")
    if not _text(fields, "CreateTime").strip().isdigit():
        raise BrokenReply("CreateTime is not a number")
    kind = _text(fields, "MsgType")
    if kind not in _REQUIRED:
        raise BrokenReply(f"MsgType {kind} is unknown")
    content = _text(fields, _REQUIRED[kind])
    if kind != "text":
        return {"type": kind, "content": f"[{kind}]"}
    if not content:
        raise BrokenReply("Content is empty")
    if len(content.encode()) > TEXT_BYTES:
        raise BrokenReply(f"Content is longer than {TEXT_BYTES} bytes")
    return {"type": kind, "content": content}


def _text(fields: ET.Element, name: str) -> str:
    found = fields.find(name)
    if found is None:
        raise BrokenReply(f"{name} is missing")
    return found.text or ""
