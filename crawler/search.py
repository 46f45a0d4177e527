"""A portal's own search: the box, and how a query is put to it. Nothing else is ever submitted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

from lxml import etree, html

from crawler.markup import unended
from crawler.phrases import said
from crawler.scope import absolute
from crawler.text import normalize

_NAMES = frozenset(("q", "s", "query", "keys", "keyword", "keywords", "searchword", "term"))
_OTHER_BUTTONS = frozenset(("reset", "image", "button", "file"))


class SearchBox(NamedTuple):
    """A form that searches: where it goes and how, what it sends beside the query, and the query's field."""

    action: str
    method: str
    name: str
    fields: tuple[tuple[str, str], ...]

    def sent(self, query: str, encoding: str) -> str:
        """What a browser would send with the query, in URL encoding."""
        return urlencode([*self.fields, (self.name, query)], encoding=encoding, errors="replace")

    def address(self, query: str, encoding: str) -> str:
        """Where a browser would go with the query, for a form of the method get."""
        return urlunsplit(urlsplit(self.action)._replace(query=self.sent(query, encoding), fragment=""))


def find_search(source: str, url: str, is_own: Callable[[str], bool] = lambda _: True) -> SearchBox | None:
    """The first search form of a page that goes to an own address, None if there is none that can be sent.
    Never raises for a page's content."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    data = unended(source.replace("\x00", "")).encode("utf-8", errors="replace")
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    for form in root.iter("form"):
        box = next((field for field in form.iter("input") if _is_box(field, form)), None)
        if box is None or form.xpath(".//input[@type='password'] | .//textarea"):
            continue
        action = absolute(url, form.get("action") or url)
        method = (form.get("method") or "get").lower()
        if action.startswith("http") and method in ("get", "post") and is_own(action):
            return SearchBox(action, method, box.get("name"), tuple(_other_fields(form, box)))
    return None


def _is_box(field: Any, form: Any) -> bool:
    if not field.get("name") or (field.get("type") or "text").lower() not in ("text", "search"):
        return False
    if (field.get("type") or "").lower() == "search" or form.get("role") == "search":
        return True
    if field.get("name").lower() in _NAMES:
        return True
    told = [field.get(name) or "" for name in ("placeholder", "title", "aria-label", "name", "id")]
    told += [
        button.get("value") or "".join(button.itertext())
        for button in form.iter("input", "button")
        if (button.get("type") or "submit").lower() == "submit"
    ]
    return bool(said("search", normalize(" ".join(told)).replace("research", "")))


def _other_fields(form: Any, box: Any) -> list[tuple[str, str]]:
    """Hidden fields as they are, the first choice of each list, and the first button that submits."""
    fields: list[tuple[str, str]] = []
    submitted = False
    for field in form.iter("input", "select", "button"):
        name, kind = field.get("name"), (field.get("type") or "").lower()
        if field is box or not name or kind in _OTHER_BUTTONS or field.get("disabled") is not None:
            continue
        if field.tag == "button" or kind == "submit":
            if not submitted:
                fields.append((name, field.get("value") or ""))
            submitted = True
        elif field.tag == "select":
            option = next(iter(field.xpath(".//option[@selected]") or field.xpath(".//option")), None)
            if option is not None:
                fields.append((name, option.get("value") or (option.text or "").strip()))
        elif kind not in ("checkbox", "radio") or field.get("checked") is not None:
            fields.append((name, field.get("value") or ""))
    return fields
