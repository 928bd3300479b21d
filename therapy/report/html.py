"""A very small HTML writer: whatever is not markup already is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_EMPTY_TAGS = frozenset({"br", "hr", "img", "meta"})


class Markup(str):
    """HTML that is complete and safe as it stands; any other text is escaped when it becomes part of a page."""

    __slots__ = ()


Content = str | int | float | None


def tag(element: str, /, *content: Content, **attributes: str | None) -> Markup:
    """An element.  Attribute names lose a trailing underscore and get hyphens for others; None leaves one out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(setting)}"'
        for key, setting in attributes.items()
        if setting is not None
    )
    if element in _EMPTY_TAGS:
        return Markup(f"<{element}{written}>")
    return Markup(f"<{element}{written}>{join(content)}</{element}>")


def join(content: Iterable[Content]) -> Markup:
    """Several pieces one after the other."""
    return Markup("".join(_safe(piece) for piece in content))


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Content]], class_: str | None = None) -> Markup:
    """A table with a caption and scoped headers; the first cell of a row is its header."""
    head = tag("tr", *(tag("th", text, scope="col") for text in heads))
    body = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows]
    if not body:
        body = [tag("tr", tag("td", "none", colspan=str(len(heads))))]
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body), class_=class_)


def facts(rows: Iterable[tuple[str, Content]]) -> Markup:
    """A list of names and what they are; an entry that is None is left out."""
    pairs = [tag("div", tag("dt", name), tag("dd", what)) for name, what in rows if what is not None]
    return tag("dl", *pairs)


def _safe(piece: Content) -> str:
    if piece is None:
        return ""
    return piece if isinstance(piece, Markup) else escape(str(piece))
