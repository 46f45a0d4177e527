"""What a page leads to: which of its links are worth asking for, and which are left, with the reason."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from crawler.capture import FoundBy, Refusal
from crawler.extract import Extracted, PageLink
from crawler.frontier import MAX_LINKING, Entry, Kind
from crawler.memory import Memory, not_asked
from crawler.scope import guess_is_file, identity, is_asset, without_session

MAX_STYLES = 30
MAX_FOLLOWED = 4_096
"""Links (address and text) that are remembered as followed."""

FRAME_PRIORITY = 1_000.0
FILE_PRIORITY = -2.0
STYLE_PRIORITY = -3.0


class Discovery:
    """Puts addresses into the frontier, or into the table of refusals."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._writer = memory.writer
        self._scope = memory.scope
        self._frontier = memory.frontier
        self._followed: dict[tuple[str, str, bool], str] = {}
        self._counted: Counter[str] = Counter()
        """How often it was told that one more page links to an address."""
        self._styles = memory.count("frontier WHERE kind = 'style'")

    def forget_followed(self) -> None:
        """After a transaction that failed: what was found in it is not in the frontier."""
        self._followed.clear()
        self._counted.clear()

    def repeated(self, entry: Entry) -> str:
        """Why a page like those seen is not asked for, or ''. A link that names what the indicators need is
        followed all the same."""
        if entry.kind != "page" or entry.found_by in ("start", "form"):
            return ""
        if self._frontier.names_topic(entry.text):
            return ""
        return self._memory.repeats.refusal(entry.url)

    def follow(self, entry: Entry, page: Extracted, number: int) -> None:
        """Puts what the page leads to into the frontier."""
        frames = {frame.url for frame in page.frames}
        new: set[str] = set()
        linked: set[str] = set()
        for link in page.links:
            # What a template repeats on every page is looked at once; after that it is only counted.
            found = (link.url, link.text, link.url in frames)
            if found not in self._followed:
                if len(self._followed) >= MAX_FOLLOWED:
                    self.forget_followed()
                is_new, key = self._follow_link(entry, link, number, is_frame=link.url in frames)
                self._followed[found] = key
                if is_new:
                    new.add(key)
            linked.add(self._followed[found])
        again = [key for key in sorted(linked - new) if key and self._counted[key] < MAX_LINKING]
        self._counted.update(again)
        self._frontier.count_linking(again)
        for url in page.style_sheets:
            if self._scope.contains(url) and self._styles < MAX_STYLES:
                style = Entry(identity(url), url, "style", entry.depth, "link", number, "", STYLE_PRIORITY)
                self._styles += self._frontier.add(style)

    def _follow_link(self, entry: Entry, link: PageLink, number: int, *, is_frame: bool) -> tuple[bool, str]:
        """Whether its address was not known before, and its identity; '' if it is none to ask for."""
        if not link.url.startswith("http") or is_asset(link.url) or not self._scope.contains(link.url):
            return False, ""
        if is_frame:
            return self.discover(link.url, "frame", entry.depth, number, link.text, FRAME_PRIORITY)
        how: FoundBy = "link" if link.tag in ("a", "area", "link") else "script"
        return self.discover(link.url, how, entry.depth + 1, number, link.text)

    def discover(
        self, url: str, how: FoundBy, depth: int, found_on: int | None, text: str, extra: float = 0.0
    ) -> tuple[bool, str]:
        """Puts one address into the frontier, or among the refused, unless it is known. Whether it was not,
        and its identity."""
        url = without_session(url)
        key = identity(url)
        kind: Kind = "file" if guess_is_file(url) else "page"
        topics = self._frontier.topics(url, text)
        priority = extra + (FILE_PRIORITY if kind == "file" else 0.0)
        if self._frontier.upgrade(key, priority, topics):
            return False, key
        entry = Entry(key, url, kind, depth, how, found_on, text, priority, topics)
        if reason := self._scope.refusal(url, text=text, depth=depth) or self.repeated(entry):
            self._frontier.refuse(entry)
            self._writer.add(Refusal(url=url[:2_000], reason=reason, at=datetime.now(UTC)))
        else:
            self._frontier.add(entry)
            self._scope.admit(url)
        return True, key

    def refuse(self, entry: Entry, reason: str) -> None:
        now = datetime.now(UTC)
        with self._writer.commit():
            self._writer.add(Refusal(url=entry.url, reason=reason, at=now))
            self._frontier.done(entry.key, "refused")
            if entry.found_by == "start":
                number = self._memory.next_id()
                self._writer.add(not_asked(number, entry, reason, now))
                self._memory.by_identity[entry.key] = number
