"""Notices by mail, to a real server on this machine."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from wxdesk.ways import AddressRules, Fate, Outcome, say

NAMED = AddressRules(hosts=frozenset({"127.0.0.1"}))


class Kept:
    """What a server took, and by whose sign-in."""

    def __init__(self):
        self.taken, self.signed_in = [], []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.signed_in.append((data.login, data.password))
        return AuthResult(success=True)


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A certificate that this machine signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


@pytest.fixture
def server(request, tls):
    """In the mode that a test names: insecure, starttls or ssl."""
    kept = Kept()
    mode = getattr(request, "param", "insecure")
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=_free_port(),
        authenticator=kept.authenticate,
        auth_require_tls=mode == "starttls",
        **{"starttls": {"tls_context": tls}, "ssl": {"ssl_context": tls}}.get(mode, {}),
    )
    controller.start()
    yield kept, f"127.0.0.1:{controller.port}", mode
    controller.stop()


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.mark.parametrize("server", ["insecure", "starttls", "ssl"], indirect=True)
async def test_a_notice_arrives_as_mail(server):
    kept, place, mode = server
    secure = "" if mode == "insecure" else f"&mode={mode}&verify=no"
    url = f"mailto{'s' if secure else ''}://me:secret@{place}?from=desk@shop.example"
    url += f"&to=li@shop.example,wang@shop.example{secure}"

    outcome = await asyncio.to_thread(say, url, "新会话\r\nBcc: x@y.example", "一位客户在等", NAMED)

    assert outcome == Outcome(Fate.SENT)
    assert [to for to, _ in kept.taken] == [["li@shop.example"], ["wang@shop.example"]]
    _, mail = kept.taken[0]
    assert (mail["subject"], mail["bcc"]) == ("新会话 Bcc: x@y.example", None)
    assert mail["to"] == "li@shop.example"
    assert mail["from"].addresses[0].addr_spec == "desk@shop.example"
    assert mail.get_content().strip() == "一位客户在等"
    assert set(kept.signed_in) == {(b"me", b"secret")}


@pytest.mark.parametrize("server", ["starttls", "ssl"], indirect=True)
async def test_a_certificate_that_nobody_vouches_for_is_not_taken(server):
    kept, place, mode = server
    url = f"mailtos://me:secret@{place}?from=desk@shop.example&to=li@shop.example&mode={mode}"

    outcome = await asyncio.to_thread(say, url, "新会话", "一位客户在等", NAMED)

    assert outcome.fate is Fate.LATER
    assert kept.taken == kept.signed_in == []


async def test_a_server_that_moves_inside_after_it_was_checked_is_not_asked(server, monkeypatch):
    """Its name leads to a public address whenever it is asked an odd time, and inside else."""
    kept, place, _ = server
    port = int(place.rpartition(":")[2])
    asked = []

    def look_up(host, wanted, *_, **__):
        if host != "mail.example":
            return real(host, wanted)
        asked.append(host)
        found = "93.184.215.14" if len(asked) % 2 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, wanted or 0))]

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    url = f"mailto://me:secret@mail.example:{port}?from=desk@shop.example&to=li@shop.example"

    outcome = await asyncio.to_thread(say, url, "新会话", "一位客户在等", AddressRules())

    assert outcome.fate is Fate.LATER
    assert len(asked) == 2
    assert kept.taken == kept.signed_in == []
