"""Whether a page is opened in the browser: decided from what was seen of it, and from what opening others
of its kind has brought. Pure: what was learnt is a fold over the capture's own table of comparisons, so it
survives an interruption and anybody can look it up.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.capture import Comparison, RenderingReason
from crawler.extract import Extracted
from crawler.scope import identity

SHELL_TEXT = 200
"""Characters of text below which a page with scripts is taken for an empty shell."""

MENUS = 4
"""Pages of a portal that are opened for the sake of menus without addresses."""

FIRST_KINDS = 8
"""Kinds of pages of which the first one is compared."""

SHARE = 5
"""Percent of the pages with scripts that are compared although nothing speaks for the browser."""

MAX_CHECKS = 30
"""Pages compared for that share at most."""

RECENT = 3
"""Comparisons of one kind that count: what they brought decides for the next."""

MAX_FAILURES = 3
"""Openings that may fail (hang, crash) one after the other before the browser is spared."""

_NUMBERED = re.compile(r"\d")


def kind_of(url: str) -> str:
    """The pattern that addresses made alike share: ``/news/*``, ``/*.aspx?id``, ``/#/*``."""
    parts = urlsplit(url)
    query = "&".join(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    route = _route(url)
    return (_pattern(parts.path) + (f"?{query}" if query else "") + (f"#{_pattern(route)}" if route else ""))[
        :200
    ]


def _route(url: str) -> str:
    """The state of a script that an address names (``#/news``, ``#!/news``), '' if it names none."""
    fragment = urlsplit(url).fragment.removeprefix("!")
    return fragment if fragment.startswith("/") else ""


def _pattern(path: str) -> str:
    segments = [segment for segment in unquote(path).split("/") if segment]
    if not segments:
        return "/"
    folders = [s if len(s) <= 24 and not _NUMBERED.search(s) else "*" for s in segments[:-1]]
    _, dot, ending = segments[-1].rpartition(".")
    last = f"*.{ending.lower()}" if dot and ending.isalnum() and len(ending) <= 5 else "*"
    return "/" + "/".join([*folders, last])


def says_more(rendered: Extracted, plain: Extracted) -> bool:
    """True if the browser shows clearly more than the plain page says: only then it is what is judged."""
    if plain.text_length < SHELL_TEXT and rendered.text_length > plain.text_length:
        return True
    more_text = rendered.text_length > plain.text_length * 1.3 + 200
    addresses = {link.url for link in plain.links}
    more_links = len({link.url for link in rendered.links} - addresses)
    return more_text or more_links > max(3, len(addresses) * 0.3)


class RenderingChoice:
    """What is known of one portal. Ask `reason` for a page, tell `learn` what came of it."""

    def __init__(self, comparisons: Iterable[Comparison] = ()) -> None:
        self._kinds: defaultdict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=RECENT))
        self._latest: deque[bool] = deque(maxlen=2 * RECENT)
        self._checks = self._menus = self._failures = 0
        for comparison in comparisons:
            self.learn(comparison)

    def learn(self, comparison: Comparison) -> None:
        self._kinds[comparison.kind].append(comparison.gained)
        self._latest.append(comparison.gained)
        self._checks += comparison.reason == "check"
        self._menus += comparison.reason == "menu"
        self._failures = self._failures + 1 if comparison.failure else 0

    def reason(
        self,
        url: str,
        page: Extracted,
        *,
        is_start: bool,
        known_postbacks: Collection[str],
        is_answer: bool = False,
    ) -> RenderingReason | None:
        """Why the plain `page` at `url` is worth a browser; None if it is not."""
        if is_start:
            return "start"
        if page.scripts and self._is_checked(url):
            return "check"
        if self._failures >= MAX_FAILURES:
            return None
        if page.scripts and _route(url):
            return "route"
        if page.scripts and page.text_length < SHELL_TEXT:
            return "shell"
        if page.scripts and is_answer:
            return "search"
        if page.scripts and self._pays(kind_of(url)):
            return "learnt"
        if any(is_postback(link.url) and link.url not in known_postbacks for link in page.links):
            return "postback"
        if page.script_links and self._menus < MENUS:
            return "menu"
        if page.scripts and kind_of(url) not in self._kinds and len(self._kinds) < FIRST_KINDS:
            return "first"
        return None

    def _pays(self, kind: str) -> bool:
        """A kind pays while one of its latest comparisons did. Of a kind not seen yet, the portal's latest
        comparisons say what to expect."""
        if kind in self._kinds:
            return any(self._kinds[kind])
        return sum(self._latest) * 2 > len(self._latest)

    def _is_checked(self, url: str) -> bool:
        return self._checks < MAX_CHECKS and in_share(url)


def in_share(url: str) -> bool:
    """Whether an address belongs to the lasting share that is read both ways, by its hash."""
    digest = hashlib.sha256(identity(url).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "big") % 100 < SHARE


def is_postback(url: str) -> bool:
    return "__dopostback" in url[:60].lower()
