"""Mail, over a connection that was checked: of Apprise's plugin only what an address says is used.

Its own connection looks the server's name up once more after it was checked, and may be led into
the desk's own network by that.
"""

import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid

from apprise.plugins.email import NotifyEmail

from wxdesk import outbound

CONNECT_SECONDS = 5.0


class _Checked(smtplib.SMTP):
    """A session whose connection is made by `outbound`."""

    def __init__(self, host: str, port: int, *, anywhere: bool) -> None:
        self._anywhere = anywhere
        super().__init__(host, port, timeout=CONNECT_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return outbound.connected(host, port, timeout_seconds=timeout, anywhere=self._anywhere)


class _CheckedTLS(_Checked):
    """The same, where the server speaks TLS from the beginning."""

    def __init__(self, host: str, port: int, *, anywhere: bool, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(host, port, anywhere=anywhere)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return self._context.wrap_socket(plain, server_hostname=host)


def send(mail: NotifyEmail, title: str, body: str, *, anywhere: bool) -> None:
    """Send one text to all that an address names. Blocks: to be called in a thread.

    Raises:
        OSError: The server is not there, must not be asked, or does not take it.
    """
    context = ssl.create_default_context()
    if not mail.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, port = mail.smtp_host, int(mail.port or 0)
    with (
        _CheckedTLS(host, port, anywhere=anywhere, context=context)
        if mail.secure_mode == "ssl"
        else _Checked(host, port, anywhere=anywhere)
    ) as session:
        if mail.secure_mode == "starttls":
            session.starttls(context=context)
        if mail.user and mail.password:
            session.login(mail.user, mail.password)
        for name, address in mail.targets:
            message = _message(mail, title, body, formataddr((str(name or ""), address)))
            session.send_message(message, to_addrs=[address, *mail.cc, *mail.bcc])


def _message(mail: NotifyEmail, title: str, body: str, to: str) -> EmailMessage:
    name, address = mail.from_addr
    message = EmailMessage()
    message["Subject"], message["To"] = " ".join(title.split()), to
    message["From"] = formataddr((str(name or ""), str(address)))
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=mail.smtp_host)
    if mail.cc:
        message["Cc"] = ", ".join(sorted(mail.cc))
    message.set_content(body)
    return message
