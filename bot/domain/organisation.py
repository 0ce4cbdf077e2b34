"""The organisation as its five files describe it: one value that the rest of the program is given."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from bot.domain.directory import NOBODY_KNOWN, Directory
from bot.domain.ladder import Ladder, Level, one_after_the_other
from bot.domain.oncall import OnCall
from bot.domain.policy import EVERYBODY, Policy
from bot.domain.route import Routes
from bot.domain.service import Services
from bot.domain.terms import COMMANDER, MINUTE, Micros, Severity
from bot.text import Text, t

MANAGERS = "managers"


@dataclass(frozen=True, slots=True)
class Targets:
    """How soon, per severity; None = no target. Which lengths of time these are: docs/configuration.md."""

    detect: Micros | None = None
    acknowledge: Micros | None = None
    together: Micros | None = None
    recover: Micros | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """What a severity means. roles: required; update_every: promised rhythm of updates, None = none."""

    means: Text
    roles: tuple[str, ...] = (COMMANDER,)
    update_every: Micros | None = None
    targets: Targets = Targets()


def _grades() -> dict[Severity, Grade]:
    return {
        Severity.SEV1: Grade(
            t("The business stands still, or data or money is being lost."),
            (COMMANDER, "operations", "communications"),
            15 * MINUTE,
        ),
        Severity.SEV2: Grade(t("An important part does not work for many."), (COMMANDER, "operations"), 30 * MINUTE),
        Severity.SEV3: Grade(
            t("Something works badly, or for some; there is a way around it."), (COMMANDER,), 60 * MINUTE
        ),
        Severity.SEV4: Grade(t("Nobody is hurt yet; it should be looked at.")),
    }


@dataclass(frozen=True, slots=True)
class Storm:
    """New channels at most: `channels` per `per`; sev1 and tier 1 have a cap of their own, `urgent` per `per`."""

    channels: int = 5
    per: Micros = 10 * MINUTE
    urgent: int = 3


@dataclass(frozen=True, slots=True)
class Transcript:
    """Whether what people write in the channels of incidents is kept. private: also in those of private ones."""

    keep: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Integration:
    """How an integration is set up. secret: a reference (`env:…`, `file:…`), never the secret."""

    enabled: bool = True
    url: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The five files together. Without any file, the defaults of all of them."""

    policy: Policy = field(default_factory=Policy)
    services: Services = field(default_factory=Services)
    routes: Routes = field(default_factory=Routes)
    oncall: OnCall = field(default_factory=OnCall)
    language: str = "en"
    announce_channel: str = "incidents"
    bridge: str = ""
    storm: Storm = Storm()
    transcript: Transcript = Transcript()
    severities: Mapping[Severity, Grade] = field(default_factory=_grades)
    duties: Mapping[str, str] = field(default_factory=dict)  # role → what it asks of somebody, in their own words
    integrations: Mapping[str, Integration] = field(default_factory=dict)

    def may(
        self, person: str, permission: str, directory: Directory = NOBODY_KNOWN, roles: Collection[str] = ()
    ) -> bool:
        """Whether a person of this workspace has a permission (`read respond declare command approve edit_times see_private`).

        directory: members of the Slack groups that `policy.handles()` names; roles: what the person holds in the incident.
        Strangers, bots and deactivated users may nothing: the caller asks the store first.
        """
        holders = self.policy.holders(permission)
        if EVERYBODY in holders or any(f"role:{role}" in holders for role in roles):
            return True
        return any(person in self.policy.members(name, directory) for name in holders)

    def grade(self, severity: Severity) -> Grade:
        """What a severity means here."""
        return self.severities[severity]

    def people_of(self, name: str, directory: Directory = NOBODY_KNOWN) -> tuple[str, ...]:
        """Ids behind a name of a plan or a file, the first to be called first: a group of policy.yaml, else `OnCall.roster`."""
        plain = name.removeprefix("@")
        if plain in self.policy.groups and plain not in self.oncall.schedules:
            return self.policy.members(plain, directory)
        return self.oncall.roster(name, directory)

    def approvers_of(
        self,
        name: str,
        directory: Directory = NOBODY_KNOWN,
        roles: Callable[[str], Collection[str]] = lambda person: (),
    ) -> tuple[str, ...]:
        """Those of `people_of` who may act here and have the permission `approve`. roles: what a person holds in the incident."""
        people = [person for person in self.people_of(name, directory) if person not in directory.absent]
        return tuple(person for person in people if self.may(person, "approve", directory, roles(person)))

    def managers(self, directory: Directory = NOBODY_KNOWN) -> tuple[str, ...]:
        """Ids of those who read and decide: the group `managers` of policy.yaml; () without it."""
        return self.policy.members(MANAGERS, directory) if MANAGERS in self.policy.groups else ()

    def on_call(self, service: str, directory: Directory = NOBODY_KNOWN) -> tuple[str, ...]:
        """Ids of all people who are called for a service, first the one on call."""
        return self.ladder(service, directory).everybody

    def ladder(self, service: str, directory: Directory = NOBODY_KNOWN) -> Ladder:
        """Whom to call for a service: the levels of oncall.yaml that carry its name or its owner's; else its owner's people one
        after the other, and then the levels or the rota `default`."""
        *own, default = self.called_for(service)
        escalations = self.oncall.escalations
        named = next((name.removeprefix("@") for name in (service, *own) if name.removeprefix("@") in escalations), "")
        if named:
            levels = self._levels(named, directory)
        else:
            found = (one_after_the_other(self.people_of(name, directory)) for name in own)
            levels = next((people for people in found if people), ())
            if not levels or default in escalations:
                levels += self._levels(default, directory)
        return self._ladder(levels, self.called_for(service), directory)

    def ladder_of(self, name: str, directory: Directory = NOBODY_KNOWN) -> Ladder:
        """Whom to call for a team or person that somebody names."""
        levels = self._levels(name.removeprefix("@"), directory)
        return self._ladder(levels, (name,), directory)

    def _ladder(self, levels: tuple[Level, ...], names: tuple[str, ...], directory: Directory) -> Ladder:
        nobody = self.people_of(self.oncall.nobody, directory) if self.oncall.nobody else ()
        return Ladder(tuple(one for one in levels if one.people), names, self.oncall.repeat, nobody)

    def _levels(self, name: str, directory: Directory) -> tuple[Level, ...]:
        """The levels under a name, else the people behind it, one after the other."""
        if name not in self.oncall.escalations:
            return one_after_the_other(self.people_of(name, directory))
        return tuple(
            Level(
                self.people_of(step.call, directory),
                step.wait,
                step.call.removeprefix("@") not in self.oncall.schedules,
            )
            for step in self.oncall.escalations[name]
        )

    def called_for(self, service: str) -> tuple[str, ...]:
        """Names behind which the people to call for a service are looked for, in this order."""
        found = self.services.get(service)
        return (found.owner, "default") if found and found.owner else ("default",)

    def env_of(self, target: str, service: str) -> str:
        """Where an action would happen, "" if nobody knows: of its target by the inventory, without a target of the service."""
        if not target:
            return self.services.env(service)
        entry = self.policy.automation.entry_of(target)
        return entry.env if entry else ""

    def service_of(self, target: str) -> str:
        """Whose an action's target is by the inventory, "" if that does not say."""
        entry = self.policy.automation.entry_of(target)
        return entry.service if entry else ""

    def enabled(self, source: str) -> bool:
        """Whether an integration may be used: those that no file names may."""
        found = self.integrations.get(source)
        return found is None or found.enabled
