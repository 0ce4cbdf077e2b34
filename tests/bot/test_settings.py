"""Settings: names, defaults, and what is said of one that cannot be used."""

import pytest

from bot.errors import StartError
from bot.settings import Settings, is_loopback, read, tokens, unknown


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(name_of(field), raising=False)


def name_of(field: object) -> str:
    alias = getattr(field, "validation_alias", None)
    return str(getattr(alias, "choices", [""])[0])


def test_defaults() -> None:
    settings = read()
    assert settings.database_url == "sqlite:///tocsin.db"
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert (str(settings.config_dir), str(settings.runner_dir)) == ("config", "runner")
    assert settings.loopback
    assert not settings.socket_mode


def test_every_setting_is_described_and_named() -> None:
    for field in Settings.model_fields.values():
        assert field.description
        assert name_of(field).startswith(("TOCSIN_", "SLACK_"))


def test_they_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HTTP_PORT", "9000")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:8090/api")
    monkeypatch.setenv("TOCSIN_PUBLIC_URL", "https://tocsin.example/")
    monkeypatch.setenv("TOCSIN_HTTP_HOST", "")
    settings = read()
    assert (settings.http_port, settings.http_host, settings.socket_mode) == (9000, "127.0.0.1", True)
    assert settings.slack_api_url == "http://127.0.0.1:8090/api/"
    assert settings.public_url == "https://tocsin.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOCSIN_DATABASE_URL", "mysql://root:hunter2@db"),
        ("TOCSIN_HTTP_PORT", "hunter2"),
        ("TOCSIN_HTTP_PORT", "70000"),
        ("TOCSIN_LANGUAGE", "hunter2"),
        ("SLACK_API_URL", "hunter2"),
    ],
)
def test_what_cannot_be_used_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StartError) as raised:
        read()
    assert name in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_all_that_is_wrong_is_said_at_once_and_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DATABASE_URL", "mysql://x"), ("COMMAND", "tocsin"), ("LANGUAGE", "de"), ("LANGAUGE", "en")):
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    with pytest.raises(StartError) as raised:
        read()
    said = str(raised.value)
    assert "TOCSIN_DATABASE_URL: must begin with sqlite:/// or postgresql://" in said
    assert "TOCSIN_COMMAND: must be a slash and 1 to 31 of a-z, 0-9, _ and -" in said
    assert "TOCSIN_LANGAUGE is no setting of Tocsin; did you mean TOCSIN_LANGUAGE?" in said


def test_a_mistyped_name_is_told_without_its_value() -> None:
    names = ("TOCSIN_DATABSE_URL", "TOCSIN_DATABASE_URL", "TOCSIN_XYZZY", "PATH", "SLACK_BOT_TOKN", "TOCSIN_PUBLIC_URI")
    assert unknown(dict.fromkeys(names, "hunter2")) == (
        "TOCSIN_DATABSE_URL is no setting of Tocsin; did you mean TOCSIN_DATABASE_URL?",
        "TOCSIN_PUBLIC_URI is no setting of Tocsin; did you mean TOCSIN_PUBLIC_URL?",
        "TOCSIN_XYZZY is no setting of Tocsin",
    )


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOCSIN_ALERT_TOKEN", "SLACK_BOT_TOKEN", "TOCSIN_SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "hunter2")
    monkeypatch.setenv("TOCSIN_DATABASE_URL", "postgresql://tocsin:hunter2@db/tocsin")
    assert "hunter2" not in repr(read())


def test_tokens_may_be_several() -> None:
    from pydantic import SecretStr

    assert tokens(SecretStr(" a, b ,,é")) == (b"a", b"b", "é".encode())
    assert tokens(SecretStr("")) == ()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("tocsin", False),
    ],
)
def test_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local
