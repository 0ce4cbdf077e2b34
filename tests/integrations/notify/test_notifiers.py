"""Notifiers against real servers: what is sent, and what is said when it could not be."""

from collections.abc import Callable
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest

from bot.domain.organisation import Integration
from bot.errors import StartError
from bot.http import GuardedHttp
from bot.ports import Notifier, NotSent
from integrations import notify
from tests.integrations.notify.servers import mail, pager

TEXT, LINK = (
    "SEV1 orders-db down, INC-42, 02:47. I have it: https://t.example/have/42-c1-x",
    "https://t.example/have/42-c1-x",
)


def made(name: str, url: str = "", secret: str = "") -> Notifier:
    """A notifier as the program makes it; a secret's value is its reference backwards."""
    setup: Callable[[str], Integration] = lambda found: Integration(url=url, secret=secret)  # noqa: E731
    return notify.load(GuardedHttp(), setup, lambda reference: reference[::-1])[name]


async def test_a_webhook_gets_the_words_the_link_and_the_token() -> None:
    async with pager() as server:
        await made("webhook", secret="env:TOKEN").send(server.address, TEXT, LINK)
        assert server.sent == [{"text": TEXT, "link": LINK}]
        assert server.tokens == ["Bearer NEKOT:vne"]
        await made("webhook").send(server.address, TEXT, "")
        assert server.tokens[-1] == ""


@pytest.mark.parametrize(("status", "raised"), [(404, NotSent), (302, NotSent), (500, OSError)])
async def test_a_webhook_that_refuses(status: int, raised: type[OSError]) -> None:
    """What it refused was not taken; what failed there may have been."""
    async with pager() as server:
        server.status = status
        with pytest.raises(OSError, match=f"answered {status}") as caught:
            await made("webhook").send(server.address, TEXT, LINK)
        assert type(caught.value) is raised


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/ring", "http://host:port/", "https://"])
async def test_a_webhook_that_is_not_there(address: str) -> None:
    with pytest.raises(NotSent):
        await made("webhook").send(address, TEXT, LINK)


CHINESE = f"SEV1 orders-db down，INC-42，02:47。 我来接手：{LINK}"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (TEXT, "SEV1 orders-db down, INC-42, 02:47."),
        (CHINESE, "SEV1 orders-db down，INC-42，02:47。"),
    ],
)
async def test_a_mail_is_sent(text: str, subject: str) -> None:
    """Its subject has no link, whoever has which can answer; its text has it once."""
    async with mail() as server:
        url = f"smtp://tocsin@127.0.0.1:{server.port}?from=bell@example.com"
        await made("email", url, "env:PASSWORD").send("mailto:ana@example.com", text, LINK)
    assert server.logins == 1
    [letter] = server.letters
    assert "From: bell@example.com" in letter
    assert "To: ana@example.com" in letter
    read = message_from_string(letter, policy=default)
    assert read["Subject"] == subject
    lines = read.get_content().splitlines()
    assert [line for line in lines if LINK in line] == [LINK]


@pytest.mark.parametrize(("trouble", "raised"), [("refuses", NotSent), ("breaks", OSError)])
async def test_a_mail_that_is_not_taken(trouble: str, raised: type[Exception]) -> None:
    async with mail() as server:
        setattr(server, trouble, True)
        with pytest.raises(OSError) as caught:
            await made("email", f"smtp://127.0.0.1:{server.port}").send("mailto:ana@example.com", TEXT, LINK)
    assert isinstance(caught.value, NotSent) is (raised is NotSent)


@pytest.mark.parametrize("url", ["", "https://mail.example.com", "smtp://127.0.0.1:9", "smtps://127.0.0.1:9"])
async def test_a_mail_without_a_server(url: str) -> None:
    with pytest.raises(NotSent):
        await made("email", url).send("mailto:ana@example.com", TEXT, LINK)


async def test_a_mail_goes_through_the_network_only_encrypted() -> None:
    """Another machine's name, here of this one, that offers no STARTTLS."""
    async with mail("127.0.0.2") as server:
        with pytest.raises(NotSent, match="offers no STARTTLS"):
            await made("email", f"smtp://127.0.0.2:{server.port}").send("mailto:ana@example.com", TEXT, LINK)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "one class with name = 'bell' is expected"),
        ("class Bell:\n    name = 'bell'\n", "TRIED must be one of"),
        ("class Bell:\n    name = 'bell'\n    TRIED = 'real'\n", "rings, schemes and an async send are expected"),
    ],
)
def test_a_file_that_keeps_no_contract_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, problem: str
) -> None:
    package = f"notifiers_{len(body)}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("")
    (tmp_path / package / "bell.py").write_text(body)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(StartError, match=problem):
        notify.classes([str(tmp_path / package)], package)
