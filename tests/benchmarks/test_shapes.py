"""What is sent is what Alertmanager would send: our own reader takes it, and the shapes are what they say."""

import orjson

from benchmarks.shapes import SHAPES, Shape, requests, smaller
from bot.domain.alert import Alert
from integrations.alerts.alertmanager import source


def read(shape: Shape) -> list[list[Alert]]:
    bodies = [data.partition(b"\r\n\r\n")[2] for data in requests(shape)]
    return [list(source.parse(body, {}, 0)) for body in bodies]


def test_shapes_are_what_they_say() -> None:
    for shape in (smaller(shape, 10) for shape in SHAPES):
        sent = read(shape)
        alerts = [alert for request in sent for alert in request]
        distinct = shape.repeat or shape.posts
        assert len(alerts) == shape.sent
        assert len({alert.fingerprint for alert in alerts}) == distinct * shape.alerts
        assert len({alert.group_key for alert in alerts}) == (distinct if shape.groups == "own" else 1)


def test_alertmanager_is_sent_the_same_alerts() -> None:
    shape = Shape("both", "", 2, 3)
    bodies = [orjson.loads(data.partition(b"\r\n\r\n")[2]) for data in requests(shape, "api")]
    assert [[a["labels"] for a in body] for body in bodies] == [[a.labels for a in request] for request in read(shape)]


def test_requests_say_how_long_they_are() -> None:
    [data] = requests(Shape("one", "", 1, 1))
    head, _, body = data.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"\\u0026" in body  # Go writes an ampersand so
