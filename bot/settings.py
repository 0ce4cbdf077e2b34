"""Settings from the environment, read once at start and frozen."""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import StartError


def _whole_url(value: Any) -> Any:
    if isinstance(value, str) and value and not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/") if isinstance(value, str) else value


def _database(value: Any) -> Any:
    if isinstance(value, str) and not value.partition("://")[2].strip("/"):
        raise ValueError("must be an address: sqlite:///path or postgresql://…")
    if isinstance(value, str) and not value.startswith(("sqlite:///", "postgresql://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def _slash_command(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"/[a-z0-9_-]{1,31}", value):
        raise ValueError("must be a slash and 1 to 31 of a-z, 0-9, _ and -, such as /tocsin")
    return value


def _base_url(value: Any) -> Any:
    return f"{_whole_url(value)}/"


Url = Annotated[str, BeforeValidator(_whole_url)]
BaseUrl = Annotated[str, BeforeValidator(_base_url)]
EMPTY = SecretStr("")
OURS = "TOCSIN_"


def _named(name: str, default: Any, about: str, **rest: Any) -> Any:
    return Field(default, validation_alias=AliasChoices(name), description=about, **rest)


class Settings(BaseSettings):
    """What the environment says. Every name and default is part of the interface (docs/configuration.md)."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True)

    database_url: Annotated[str, BeforeValidator(_database)] = _named(
        "TOCSIN_DATABASE_URL",
        "sqlite:///tocsin.db",
        "Where everything is kept: `sqlite:///path` or `postgresql://…`. The driver is chosen by Tocsin.",
        repr=False,  # may hold a password
    )
    http_host: str = _named("TOCSIN_HTTP_HOST", "127.0.0.1", "The address to listen on.")
    http_port: int = _named("TOCSIN_HTTP_PORT", 8080, "The port to listen on; 0 takes a free one.", ge=0, le=65535)
    public_url: Url = _named("TOCSIN_PUBLIC_URL", "", "How people reach Tocsin in a browser, for links in messages.")
    config_dir: Path = _named("TOCSIN_CONFIG_DIR", Path("config"), "Folder of the YAML files and the plans.")
    evidence_dir: Path | None = _named(
        "TOCSIN_EVIDENCE_DIR", None, "Folder of the copies of shared files, instead of `evidence` beside the database."
    )
    runner_dir: Path = _named("TOCSIN_RUNNER_DIR", Path("runner"), "Folder where running actions keep their state.")
    runner: Literal["bot", "unit"] = _named(
        "TOCSIN_RUNNER", "bot", "Who starts programs and functions: `bot` itself, or `unit`, which is `tocsin runner`."
    )
    plans_every: int = _named(
        "TOCSIN_PLANS_EVERY",
        30,
        "Seconds between two looks at the five files and the plans folder; 0 looks only at the start.",
        ge=0,
    )
    alert_token: SecretStr = _named(
        "TOCSIN_ALERT_TOKEN", EMPTY, "Bearer tokens of alert senders, comma separated (two while one is replaced)."
    )
    api_token: SecretStr = _named("TOCSIN_API_TOKEN", EMPTY, "Bearer tokens of the reading API, comma separated.")
    language: Literal["", "en", "zh-CN"] = _named(
        "TOCSIN_LANGUAGE", "", "Language of what people read, instead of tocsin.yaml's."
    )
    command: Annotated[str, BeforeValidator(_slash_command)] = _named(
        "TOCSIN_COMMAND",
        "/tocsin",
        "The slash command, where another app has `/tocsin`: in the manifest, and in what people read.",
    )
    heartbeat_url: Url = _named(
        "TOCSIN_HEARTBEAT_URL", "", "Called every minute, so that somebody notices our silence."
    )
    slack_client_id: str = _named("TOCSIN_SLACK_CLIENT_ID", "", "The Slack app's client id, for signing in on pages.")
    slack_client_secret: SecretStr = _named("TOCSIN_SLACK_CLIENT_SECRET", EMPTY, "The Slack app's client secret.")
    slack_bot_token: SecretStr = _named("SLACK_BOT_TOKEN", EMPTY, "The bot's token (`xoxb-…`).")
    slack_app_token: SecretStr = _named(
        "SLACK_APP_TOKEN", EMPTY, "The app-level token (`xapp-…`). Set: Socket Mode; not set: HTTP at /slack/events."
    )
    slack_signing_secret: SecretStr = _named("SLACK_SIGNING_SECRET", EMPTY, "Proves, in HTTP mode, that Slack sent it.")
    slack_api_url: BaseUrl = _named(
        "SLACK_API_URL", "https://slack.com/api/", "Slack's Web API; the local workspace's ends in /api/."
    )
    log: Literal["json", "console"] = _named("TOCSIN_LOG", "json", "How the log looks: `json` or `console`.")
    log_level: Literal["debug", "info", "warning", "error"] = _named(
        "TOCSIN_LOG_LEVEL", "info", "The least level logged."
    )

    @property
    def lost_config(self) -> bool:
        """Somebody named a configuration folder, and there is none: the defaults would give everybody every right."""
        return "config_dir" in self.model_fields_set and not self.config_dir.is_dir()

    @property
    def loopback(self) -> bool:
        """The address to listen on can be reached from this machine only."""
        return is_loopback(self.http_host)

    @property
    def evidence(self) -> Path:
        """Where the copies of shared files are: beside an SQLite database, else in the working directory."""
        if self.evidence_dir is not None:
            return self.evidence_dir
        beside = Path(self.database_url.removeprefix("sqlite:///")).parent
        return (beside if self.database_url.startswith("sqlite") else Path()) / "evidence"

    @property
    def socket_mode(self) -> bool:
        return bool(self.slack_app_token.get_secret_value())


def is_loopback(host: str) -> bool:
    """True for localhost and the loopback addresses."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def tokens(secret: SecretStr) -> tuple[bytes, ...]:
    """The tokens of a comma-separated setting, as bytes."""
    return tuple(part.strip().encode() for part in secret.get_secret_value().split(",") if part.strip())


def private() -> frozenset[str]:
    """Names of the settings that only the bot itself may know."""
    fields = Settings.model_fields
    return frozenset(
        str(field.validation_alias.choices[0])  # type: ignore[union-attr]
        for name, field in fields.items()
        if field.annotation is SecretStr or name == "database_url"
    )


def unknown(environment: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each name in the environment that looks like a setting and is none, such as TOCSIN_DATABSE_URL."""
    known = [field.validation_alias.choices[0] for field in Settings.model_fields.values()]  # type: ignore[union-attr]
    ours = {str(name).removeprefix(OURS): str(name) for name in known if str(name).startswith(OURS)}
    strange = sorted(name for name in environment if name.startswith(OURS) and name.removeprefix(OURS) not in ours)
    return tuple(f"{name} is no setting of Tocsin{_meant(name, ours)}" for name in strange)


def _meant(name: str, ours: Mapping[str, str]) -> str:
    near = get_close_matches(name.removeprefix(OURS), ours, 1)
    return f"; did you mean {ours[near[0]]}?" if near else ""


def read() -> Settings:
    """The settings of this process. StartError names each setting that cannot be used, never its value, and each that is none."""
    try:
        return Settings()
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        wrong = [f"{one['loc'][0]}: {one['msg'].removeprefix('Value error, ')}" for one in found]
        raise StartError(f"A setting cannot be used: {'; '.join([*wrong, *unknown(os.environ)])}") from None
