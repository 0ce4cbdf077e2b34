"""Headers of a request that no plan writes: by them it would go elsewhere than its address says, be another request, or end where
nobody expects it. A plan's rights go by the address."""

_OURS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "host",
        "idempotency-key",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)
_BEGINNINGS = ("proxy-", "x-forwarded-", "x-http-method", "x-method-", "x-original-", "x-rewrite-")


def ours(name: str) -> bool:
    """Whether a header is Tocsin's own, or that of proxies."""
    plain = name.strip().lower()
    return plain in _OURS or plain.startswith(_BEGINNINGS)
