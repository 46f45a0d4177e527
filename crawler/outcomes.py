"""What an answered address turned out to be: a page, or something that only looks like one.

Pure. The phrases are data (`crawler.phrases`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from crawler.capture import Outcome
from crawler.extract import Extracted
from crawler.fetch import Fetched
from crawler.phrases import said
from crawler.scope import identity
from crawler.text import normalize

SHORT = 600
"""Characters of main text up to which a phrase of refusal is what the page is about."""

FAINT = 40
"""Characters of text below which a page says nothing."""

FEW = 5
"""Links below which a page with hardly any text leads nowhere."""

MENU = 10
"""Links from which on a short page is a portal's, whatever it says."""

ALIKE = 0.9

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Missing:
    """How a host answers for an address that cannot exist."""

    status: int | None
    final: str
    """Identity of the address at which the answer was found, '' if there was no redirect."""
    words: frozenset[str]
    title: str

    @classmethod
    def of(cls, fetched: Fetched, page: Extracted, asked: str) -> Missing:
        moved = identity(fetched.url) != identity(asked)
        return cls(
            fetched.status, identity(fetched.url) if moved else "", words_of(page), normalize(page.title)
        )

    def to_data(self) -> dict[str, Any]:
        return {"status": self.status, "final": self.final, "words": sorted(self.words), "title": self.title}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Missing:
        return cls(data["status"], data["final"], frozenset(data["words"]), data["title"])


def missing_address(origin: str) -> str:
    """An address of the host that cannot exist; always the same, so that a visit can be repeated."""
    return f"{origin}/{hashlib.sha256(origin.encode()).hexdigest()[:20]}"


def words_of(page: Extracted) -> frozenset[str]:
    return frozenset(_WORD.findall(normalize(page.text)))


def judge(
    fetched: Fetched,
    page: Extracted,
    *,
    asked: str,
    link_text: str = "",
    missing: Missing | None = None,
    is_start: bool = False,
    is_frame: bool = False,
    is_answer: bool = False,
) -> tuple[Outcome, str]:
    """(outcome, reason in plain words) of an HTML answer. `asked` is the address before redirects; for the
    start page (some are a picture with a way in) and for frames one link is enough to be a page. The answer
    of a search may say that nothing was found."""
    status = fetched.status or 0
    brief = len(page.main_text) <= SHORT
    told = normalize(f"{page.title}\n{' '.join(page.headings)}")
    if brief:
        told = f"{told}\n{normalize(page.text if len(page.text) <= SHORT else page.main_text)}"
    phrase = said("challenge", told) if brief else ""
    if phrase or fetched.header("cf-mitigated") == "challenge":
        return "blocked", "a challenge page: " + (phrase or "sent by the host's protection")
    if status in (403, 429):
        return "blocked", f"status {status}"
    if status == 401:
        return "login_wall", "status 401"
    if not 200 <= status < 300:
        return "http_error", f"status {status}"
    if brief and (phrase := said("parked", told)):
        return "parked", f"says «{phrase}»"
    wall = _login_wall(page, asked, fetched.url, link_text, told)
    if wall:
        return "login_wall", wall
    if not is_start and not is_answer and (phrase := said("not_found", told)) and brief:
        return "soft_404", f"says «{phrase}» under status {status}"
    if not is_start and missing is not None and missing.status == 200:
        if missing.final and missing.final == identity(fetched.url) != identity(asked):
            return "soft_404", "leads where addresses that do not exist lead as well"
        if not missing.final and _alike(page, missing):
            return "soft_404", "the same page as for an address that does not exist"
    if len(page.text) <= SHORT and not page.forms and not page.frames and len(page.links) < MENU:
        told = normalize(f"{page.title}\n{page.text}")
        if phrase := said("error_page", told):
            return "http_error", f"says «{phrase}» under status {status}"
        if phrase := said("placeholder", told):
            return "empty", f"no portal yet: says «{phrase}»"
    enough = 1 if is_frame or is_start else FEW
    least = 1 if is_answer else FAINT
    if len(page.text) < least and not page.frames and not page.forms and len(page.links) < enough:
        return "empty", "no text" if not page.text else "hardly any text"
    return "ok", ""


def is_login_address(url: str, text: str = "") -> bool:
    """True if an address or its link announces a log-in page."""
    parts = urlsplit(url)
    return bool(said("login_page", normalize(f"{unquote(parts.path)} {text}")))


def _login_wall(page: Extracted, asked: str, reached: str, link_text: str, told: str) -> str:
    if is_login_address(asked, link_text):
        return ""
    if page.password_fields and urlsplit(asked).path != urlsplit(reached).path and is_login_address(reached):
        return f"leads to the log-in page {urlsplit(reached).path[:200]}"
    if len(page.main_text) <= SHORT and (phrase := said("login_required", told)):
        return f"says «{phrase}»"
    return ""


def _alike(page: Extracted, missing: Missing) -> bool:
    words = words_of(page)
    if len(words) < 5 or normalize(page.title) != missing.title:
        return False
    return len(words & missing.words) >= ALIKE * len(words | missing.words)
