"""`https://…`: a JSON POST to what rings somebody: a telephone gateway, a pager's webhook, a script of one's own."""

from urllib.parse import urlsplit

from bot.ports import Notifier, NotSent
from integrations.notify import Tools

PORTS = {"http": 80, "https": 443}


class Webhook(Notifier):
    """`{"text", "link"}`; with a `secret`, as `Authorization: Bearer`. The address is the operator's own: its host is allowed."""

    name = "webhook"
    TRIED = "real"
    rings = True
    schemes = ("https", "http")

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def send(self, address: str, text: str, link: str) -> None:
        secret = self._tools.setup().secret
        headers = {"Authorization": f"Bearer {self._tools.secret(secret)}"} if secret else {}
        said = {"text": text, "link": link}
        answer = await self._tools.http.request("POST", address, headers=headers, json=said, hosts=[_host(address)])
        if answer.status >= 500:
            raise OSError(f"it answered {answer.status}")
        if answer.status >= 300:
            raise NotSent(f"it answered {answer.status}")


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 443)
    except ValueError as error:
        raise NotSent("the address is not a URL") from error
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
