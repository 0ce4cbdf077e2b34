"""What `tocsin check` finds in Slack: tokens, scopes, the clock beside Slack's, the announcement channel, people and groups."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from bot.cli.findings import OK, PROBLEM, WARNING, Finding
from bot.domain.directory import NOBODY_KNOWN, Directory
from bot.domain.organisation import Organisation
from bot.domain.terms import SECOND
from bot.errors import ChatError, StartError
from bot.flows.directory import directory_of
from bot.ports import Clock
from bot.settings import Settings
from bot.slack.chat import SlackChat
from bot.slack.client import SlackClient
from bot.slack.connection import missing
from bot.slack.manifest import EVENTS_PATH, NEEDED, SCOPES

APART = 30
"""Seconds that our clock may be beside Slack's: more shows in every time that people read."""


@dataclass
class SlackLook:
    """Looks at the workspace. directory: people and groups as they were found, NOBODY_KNOWN if Slack was not reached."""

    settings: Settings
    clock: Clock
    directory: Directory = field(default=NOBODY_KNOWN)

    async def findings(self, organisation: Organisation) -> AsyncIterator[Finding]:
        if what := missing(self.settings):
            yield Finding(PROBLEM, "slack", what, "docs/slack.md says where to find it")
            return
        token, url = self.settings.slack_bot_token.get_secret_value(), self.settings.slack_api_url
        client = SlackClient(token, url, self.clock.monotonic)
        try:
            async for finding in self._inside(client, organisation):
                yield finding
        except StartError as error:
            yield Finding(PROBLEM, "slack", str(error), "docs/slack.md says where each token is found")
        except ChatError as error:
            yield Finding(
                PROBLEM, "slack", f"a call failed: {error}", "see that this machine reaches Slack, and look again"
            )
        finally:
            await client.close()

    async def _inside(self, client: SlackClient, organisation: Organisation) -> AsyncIterator[Finding]:
        me = await client.check(self.settings.slack_app_token.get_secret_value(), NEEDED)
        works = "both tokens work" if self.settings.socket_mode else "the token works"
        yield Finding(
            OK, "slack", f"{works}; bot {me.user} in workspace {me.team}; {len(SCOPES.keys() & me.scopes)} scopes given"
        )
        if lacks := sorted(SCOPES.keys() - me.scopes):
            said = f"the app lacks {', '.join(lacks)}: " + "; ".join(f"it cannot {SCOPES[one]}" for one in lacks)
            yield Finding(WARNING, "slack", said, "update it from `tocsin slack manifest`, then install it again")
        yield self._mode()
        chat = SlackChat(client, self.clock, me.team)
        people, groups = await chat.people(), await chat.groups()
        self.directory = directory_of(people, groups)
        yield Finding(OK, "slack", f"{len(self.directory.names)} people, {len(groups)} user groups")
        yield self._clock(me.date)
        yield await _announce(chat, organisation.announce_channel.removeprefix("#"))
        if (tells := organisation.policy.automation.break_glass.tells) and (unheard := await _unheard(chat, tells)):
            yield unheard

    def _mode(self) -> Finding:
        """By which way Slack delivers. That it does is seen when it does: nobody but Slack can call us with its signature."""
        if self.settings.socket_mode:
            return Finding(OK, "slack", "Socket Mode: Tocsin opens the connection")
        url = self.settings.public_url
        if not url.startswith("https://"):
            said = "HTTP mode, and TOCSIN_PUBLIC_URL is no https:// address: Slack calls no other"
            return Finding(WARNING, "slack", said, "set it to where Slack reaches Tocsin; or set SLACK_APP_TOKEN")
        return Finding(OK, "slack", f"HTTP mode: Slack has to call {url}{EVENTS_PATH}")

    def _clock(self, date: str) -> Finding:
        if not date:
            return Finding(OK, "clock", "Slack did not say its time")
        apart = self.clock.now() // SECOND - round(parsedate_to_datetime(date).timestamp())
        if abs(apart) <= APART:
            return Finding(OK, "clock", "agrees with Slack's")
        said = f"this machine is {abs(apart)} s {'before' if apart > 0 else 'behind'} Slack"
        return Finding(WARNING, "clock", said, "let it follow a time server: every time that people read comes from it")


async def _announce(chat: SlackChat, name: str) -> Finding:
    found = await chat.find_channel(name)
    if found is None:
        return Finding(OK, "announce", f"#{name} is not there; it is made with the first incident")
    if found.archived:
        return Finding(PROBLEM, "announce", f"#{name} is archived", "unarchive it, or name another in tocsin.yaml")
    if found.private and not found.member:
        return Finding(
            PROBLEM, "announce", f"#{name} is private, and Tocsin is not in it", f"say /invite @Tocsin in #{name}"
        )
    return Finding(OK, "announce", f"#{name}" if found.member else f"#{name}; Tocsin joins it with the first incident")


async def _unheard(chat: SlackChat, name: str) -> Finding | None:
    """Nobody would hear of an override where policy.yaml says."""
    found = await chat.find_channel(name)
    if found is None or found.archived:
        said = f"break_glass tells #{name}, which is {'archived' if found else 'not there'}: nobody would hear of an override"
        return Finding(
            WARNING, "overrides", said, "policy.yaml automation.break_glass.tells: name a channel that is there"
        )
    if found.private and not found.member:
        said = f"break_glass tells #{name}, which is private, and Tocsin is not in it"
        return Finding(WARNING, "overrides", said, f"say /invite @Tocsin in #{name}")
    return None
