"""Headings have the anchors that GitHub gives them, so that one link works in both places."""

from urllib.parse import quote

import pytest

from runbooks.markdown import slug
from tests.runbooks.pages import found, read, step


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Restart order_gw", "restart-order_gw"),
        ("_Restart_ it", "restart-it"),
        ("__Restart__ *it*", "restart-it"),
        ("The `__init__` of it", "the-__init__-of-it"),
        ("_x", "_x"),
        ("See [the wiki](https://example.org/a_b)", "see-the-wiki"),
        ("Stop & go: 2.5 m²", "stop--go-25-m"),
        ("A -- b", "a----b"),
        ("切换 数据库", "切换-数据库"),
        ("Größe", "größe"),
        ("स्थिति", "स्थिति"),
        ("&lt;x&gt; <br> y", "x--y"),
    ],
)
def test_anchors(title: str, anchor: str) -> None:
    assert slug(title) == anchor


@pytest.mark.parametrize("link", ["restart-order_gw", quote("切换-数据库"), "切换-数据库"])
def test_a_link_that_works_on_github_works_here(link: str) -> None:
    way = f"**Decision:** x?\n  - **Yes** → continue\n  - **No** → [B](#{link})"
    page = step(way) + "\n- [ ] y\n\n## Restart order_gw\n\n- [ ] z\n\n## 切换 数据库\n\n- [ ] z\n"
    assert "P303" not in found(read(page)), read(page).problems
