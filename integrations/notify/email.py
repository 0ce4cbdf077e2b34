"""`mailto:ana@example.com`: an e-mail by SMTP. It makes no noise by itself, unless somebody's telephone is set so."""

import asyncio
import re
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bot.ports import Notifier, NotSent
from integrations.notify import Tools

SECONDS = 20.0
SUBJECT = 120
_LAST = re.compile(r"(?<=[.。])[^.。]*$")
"""What stands behind the last full stop."""
LOCAL = ("localhost", "127.0.0.1", "::1")


class Email(Notifier):
    """By the server of `url`: `smtp://user@host:587` (STARTTLS; without it only to this machine) or `smtps://…:465`;
    `?from=tocsin@example.com` says the sender; `secret`: the password."""

    name = "email"
    TRIED = "real"
    rings = False
    schemes = ("mailto",)

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def send(self, address: str, text: str, link: str) -> None:
        setup = self._tools.setup()
        server = urlsplit(setup.url)
        if server.scheme not in ("smtp", "smtps") or not server.hostname:
            raise NotSent("tocsin.yaml names no server: integrations: {email: {url: smtp://user@host:587}}")
        password = self._tools.secret(setup.secret) if setup.secret else ""
        await asyncio.to_thread(_deliver, server, password, _message(server, address, text, link))


def _message(server: SplitResult, address: str, text: str, link: str) -> EmailMessage:
    sender = parse_qs(server.query).get("from", [f"tocsin@{server.hostname}"])[0]
    message = EmailMessage()
    message["From"] = sender
    message["To"] = unquote(address.partition(":")[2].partition("?")[0])
    message["Subject"] = " ".join(_subject(text, link).split())[:SUBJECT]
    message.set_content(text.replace(link, f"\n\n{link}") if link else text)
    return message


def _subject(text: str, link: str) -> str:
    """The words without the sentence that has the link: subjects are shown where everybody looks, and kept in logs."""
    return _LAST.sub("", text.partition(link)[0]) if link else text


def _deliver(server: SplitResult, password: str, message: EmailMessage) -> None:
    """Until the message itself is sent, nothing has happened; a failure after that leaves it open."""
    context = ssl.create_default_context()
    try:
        smtp = _connected(server, context)
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(str(error)) from error
    with smtp:
        try:
            if server.scheme == "smtp":
                _secured(smtp, str(server.hostname), context)
            if server.username:
                smtp.login(unquote(server.username), password)
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(str(error)) from error
        try:
            smtp.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
            raise NotSent(str(error)) from error


def _connected(server: SplitResult, context: ssl.SSLContext) -> smtplib.SMTP:
    host = str(server.hostname)
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(host, server.port or 465, timeout=SECONDS, context=context)
    return smtplib.SMTP(host, server.port or 587, timeout=SECONDS)


def _secured(smtp: smtplib.SMTP, host: str, context: ssl.SSLContext) -> None:
    """Encrypted, or to this machine only: neither a password nor a link goes through the network for all to read."""
    smtp.ehlo()
    if smtp.has_extn("starttls"):
        smtp.starttls(context=context)
        smtp.ehlo()
    elif host not in LOCAL:
        raise NotSent(f"{host} offers no STARTTLS: use smtps:// or another server")
