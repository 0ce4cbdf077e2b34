"""Services as `services.yaml` describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Service:
    """Something that people rely on. owner: a rota, group or person; tier: 1 matters most; env: where it runs, "" if not said.

    depends_on: ids of services whose fault would be this one's fault as well; standby: id of what takes over; plans: ids.
    """

    id: str
    name: str = ""
    owner: str = ""
    tier: int | None = None
    env: str = ""
    channels: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    standby: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """All services, by id."""

    by_id: Mapping[str, Service] = field(default_factory=dict)

    def get(self, service: str) -> Service | None:
        return self.by_id.get(service)

    def tier(self, service: str) -> int | None:
        """The tier of a service, None if it is not known."""
        found = self.by_id.get(service)
        return found.tier if found else None

    def env(self, service: str) -> str:
        """Where a service runs, "" if it is not known."""
        found = self.by_id.get(service)
        return found.env if found else ""

    def causes(self, service: str) -> tuple[str, ...]:
        """Ids of all services that this one depends on, directly or by others, the nearest first."""
        found: dict[str, None] = {}
        edge = [service]
        while edge:
            nearest = [need for one in edge for need in self._needs(one) if need not in found and need != service]
            found.update(dict.fromkeys(nearest))
            edge = nearest
        return tuple(found)

    def dependents(self, service: str) -> frozenset[str]:
        """Ids of all services whose fault may be this one's."""
        return frozenset(one for one in self.by_id if service in self.causes(one)) if service else frozenset()

    def _needs(self, service: str) -> tuple[str, ...]:
        found = self.by_id.get(service)
        return found.depends_on if found else ()
