"""The network, guarded: allowed hosts only, their addresses checked where the connection is made, no redirects, and limits.

A pattern of `hosts` is `name`, `name:port` or `*.zone` (each also with a port; without one, 80 and 443). A name that stands
there itself may be on a private network; what only a `*.zone` allows must be a public address, or one that stands in `hosts`
too, alone (`10.1.2.3`) or as its network (`10.1.0.0/16`). Link-local addresses (cloud metadata) must be written out.
"""

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.ports import Http, Json, NotSent, Response

LIMIT = 256 * 1024
"""Bytes read of an answer; the rest is not taken."""

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class GuardedHttp(Http):
    """The network. proxy: URL of a proxy for everything but this machine; the environment's proxies are never used."""

    def __init__(self, proxy: str = "", names: AbstractResolver | None = None) -> None:
        """names: who knows the addresses of hosts; left out, the machine's own resolver."""
        self._proxy = proxy
        self._names = names

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Json | None = None,
        timeout: float = 10.0,
        hosts: Sequence[str] = (),
    ) -> Response:
        target, guard = _allowed(url, hosts)
        proxy = self._proxy if self._proxy and not _this_machine(guard.host) else None
        resolver = Guarded(guard, self._names or ThreadedResolver())
        connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=timeout / 2),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    headers={"User-Agent": "Tocsin"},
                ) as session,
                session.request(
                    method, target, headers=headers, json=json, allow_redirects=False, proxy=proxy
                ) as answer,
            ):
                return Response(answer.status, dict(answer.headers), await _beginning(answer.content))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, ValueError) as error:
            raise NotSent(str(error)) from error
        except aiohttp.ClientError as error:
            raise OSError(f"{type(error).__name__}: {error}") from error


async def _beginning(content: aiohttp.StreamReader) -> bytes:
    body = b""
    while piece := await content.read(LIMIT - len(body)):
        body += piece
    return body


class Guard:
    """Which addresses the one allowed host may have."""

    def __init__(self, host: str, named: bool, networks: Sequence[Any]) -> None:
        self.host = host
        self._named = named
        self._networks = networks

    def check(self, address: str) -> None:
        """NotSent if the host may not be at this address."""
        found = _address(address)
        if found is None or not self._may(found):
            raise NotSent(f"{self.host} is at {address}, which is not allowed: add {address} to http_hosts")

    def _may(self, address: Address) -> bool:
        if any(address in network for network in self._networks):
            return True
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            return False
        return self._named or address.is_global


class Guarded(AbstractResolver):
    """Resolves names, and gives only addresses that a connection may be made to."""

    def __init__(self, guard: Guard, names: AbstractResolver) -> None:
        self._guard, self._names = guard, names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        if host != self._guard.host:
            return found  # the proxy, which the operator named
        for result in found:
            self._guard.check(result["host"])
        return found

    async def close(self) -> None:
        await self._names.close()


def _allowed(url: str, hosts: Sequence[str]) -> tuple[URL, Guard]:
    """The URL and the guard for its host. NotSent if no pattern allows it."""
    try:
        target = URL(url)
        host, port = (target.raw_host or "").rstrip(".").lower(), target.port
    except ValueError as error:
        raise NotSent(f"not a URL: {error}") from error
    if target.scheme not in {"http", "https"} or not host or target.user or target.password:
        raise NotSent("a URL is http(s)://host/… without user and password")
    ports = {port} | ({None} if target.is_default_port() else set())
    names = {name for name, wanted in map(_pattern, hosts) if wanted in ports}
    zones = [name[1:] for name in names if name.startswith("*.")]
    if host not in names and not any(host.endswith(zone) and host != zone[1:] for zone in zones):
        raise NotSent(f"{host}:{port} is not allowed: add it to automation.http_hosts of policy.yaml")
    guard = Guard(host, host in names, [network for pattern in hosts if (network := _network(pattern)) is not None])
    if (literal := _address(host)) is not None:
        guard.check(str(literal))
    return target.with_host(host), guard


def _pattern(pattern: str) -> tuple[str, int | None]:
    """Host and port of a pattern; the host of `[::1]:80` and `::1` alike is `::1`."""
    pattern = pattern.lower()
    if _address(pattern) is not None:
        return pattern, None
    host, _, port = pattern.rpartition(":")
    if host and port.isdigit():
        return host.strip("[]"), int(port)
    return pattern.strip("[]"), None


def _network(pattern: str) -> Any:
    """The addresses that a pattern names, None if it names a host."""
    try:
        return ipaddress.ip_network(_pattern(pattern)[0])
    except ValueError:
        return None


def _address(text: str) -> Address | None:
    """An address as it is meant: an IPv4 one in IPv6 dress is the IPv4 one."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _this_machine(host: str) -> bool:
    literal = _address(host)
    return host == "localhost" or host.endswith(".localhost") or (literal is not None and literal.is_loopback)


def permits(url: str, hosts: Sequence[str]) -> bool:
    """Whether a request to this URL would be allowed, as far as its name says; its address is checked when it is made."""
    try:
        _allowed(url, hosts)
    except OSError:
        return False
    return True
