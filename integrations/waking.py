"""The handler of `notify`: what waits for a person goes by their own notifier, the first of their addresses first."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.domain.organisation import Organisation
from bot.errors import ConfigError
from bot.ports import Call, Done, Effect, GiveUp, Handler, Notifier, NotSent, Outcome, Retry
from bot.secrets import Masker, resolve

BETWEEN = 1.0
"""Seconds before the next address of a person is tried."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is sent. text: at most 160 characters, the link in it; link: where one button takes it, "" if there is none."""

    text: str
    link: str = ""


Said = Callable[[Effect, bool], Awaitable[Words | None]]
"""What an effect says now (True: it may have been sent to this address before); None if nothing waits any more."""


@dataclass
class Waking:
    """Sends what `said` says; no address comes into the log or the database."""

    organisation: Callable[[], Organisation]
    notifiers: Mapping[str, Notifier]
    masker: Masker
    said: Said

    def handlers(self) -> Mapping[str, Handler]:
        return {"notify": self.notify}

    async def notify(self, call: Call) -> Outcome:
        callee = self.organisation().oncall.callee(call.effect.args["person"])
        if callee is None or not callee.notify:
            return GiveUp("oncall.yaml names no notifier of this person any more")
        words = await self.said(call.effect, call.again and call.attempt > len(callee.notify))
        if words is None:
            return Done()
        reference = callee.notify[(call.attempt - 1) % len(callee.notify)]
        more = BETWEEN if call.attempt % len(callee.notify) else 0.0
        try:
            address = self.masker.register(resolve(reference))
            notifier = self.of(address)
            await notifier.send(address, words.text, words.link)
        except (ConfigError, NotSent) as error:
            return Retry(more, self._reason(reference, error))
        except OSError as error:
            return Retry(more, self._reason(reference, error), ambiguous=True)
        return Done(result={"by": notifier.name})

    def of(self, address: str) -> Notifier:
        """The notifier for an address. ConfigError if there is none, or it is switched off."""
        scheme = address.partition(":")[0].lower()
        found = next((one for one in self.notifiers.values() if scheme in one.schemes), None)
        if found is None or not self.organisation().enabled(found.name):
            known = ", ".join(f"{scheme}:" for one in self.notifiers.values() for scheme in one.schemes)
            raise ConfigError("notify", f"no notifier takes this address; there are: {known}")
        return found

    def _reason(self, reference: str, error: Exception) -> str:
        what = error.what if isinstance(error, ConfigError) else str(error) or type(error).__name__
        return f"{reference}: {self.masker.text(what)}"
