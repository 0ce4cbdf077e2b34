"""`/have/{token}`: a person says "I have it" without Slack. A look changes nothing, for programs that scan mail follow links."""

from html import escape

from aiohttp import web

from bot.flows.waking import Links, Look
from bot.locale import spoken
from bot.slack.names import names_of
from bot.text import PlainShow, Text, render, t
from bot.web.parts import PARTS

LINKS: web.AppKey[Links] = web.AppKey("links")
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
}
STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "button{font:inherit;font-weight:600;width:100%;padding:1rem;border:0;border-radius:.5rem;background:#1a7f4b;color:#fff}"
)
UNKNOWN = t("This link is not one of mine, or not whole. Answer in Slack, or open the newest message that you got.")


async def look(request: web.Request) -> web.Response:
    """GET: what it is about, who else has it, and one button."""
    found = await request.app[LINKS].look(request.match_info["token"])
    return await _page(request, found)


async def take(request: web.Request) -> web.Response:
    """POST: it is theirs, if nobody was quicker."""
    found = await request.app[LINKS].take(request.match_info["token"])
    return await _page(request, found)


async def _page(request: web.Request, found: Look | None) -> web.Response:
    async with request.app[PARTS].store.read() as reads:
        names = await names_of(reads)
    show = PlainShow(names, found.zone if found else "UTC")
    said = found.said if found else (UNKNOWN,)
    first, *others = [escape(render(text, show)) for text in said]
    button = (
        f'<form method="post"><button>{_words(t("I have it"), show)}</button></form>' if found and found.open else ""
    )
    body = "".join(f"<p>{line}</p>" for line in others)
    head = f"<h1>{first}</h1>" if others else f"<p>{first}</p>"
    page = (
        f'<!doctype html><html lang="{spoken()}"><head><meta charset="utf-8"><title>Tocsin</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body>{head}{body}{button}</body></html>"
    )
    status = 200 if found else 404
    return web.Response(text=page, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)


def _words(text: Text, show: PlainShow) -> str:
    return escape(render(text, show))


ROUTES = (web.get("/have/{token}", look), web.post("/have/{token}", take))
