"""Questions to the portal's own search."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crawler.fetch import Fetcher
from crawler.frontier import Entry
from crawler.keeping import Keeping
from crawler.manners import Manners
from crawler.memory import Memory
from crawler.scope import identity
from crawler.search import SearchBox, good_query
from crawler.text import normalize


class Asking:
    """Puts queries to the portal's own search."""

    def __init__(
        self,
        memory: Memory,
        fetcher: Fetcher,
        manners: Manners,
        keeping: Keeping,
        visit: Callable[[Entry], Awaitable[None]],
    ) -> None:
        self._memory = memory
        self._writer = memory.writer
        self._scope = memory.scope
        self._frontier = memory.frontier
        self._fetcher = fetcher
        self._manners = manners
        self._keeping = keeping
        self._visit = visit

    async def ask(self) -> None:
        """Puts the title of a page that was seen to the portal's search, once."""
        found = self._memory.recall("search")
        if self._memory.portal.archived or not found or self._memory.recall("searched"):
            return
        query = self._memory.recall("search_query") or self._known_title()
        if not query:
            return
        number, charset = found["page"], found["charset"]
        box = SearchBox(found["action"], found["method"], found["name"], tuple(map(tuple, found["fields"])))
        if not self._scope.contains(box.action):
            return
        if box.method == "get":
            url = box.address(query, charset)
            entry = Entry(identity(url), url, "page", 1, "form", number, "")
            with self._writer.commit():
                self._memory.remember("search_query", query)
                self._frontier.add(entry)
                asked = self._frontier.begin_at(entry.key)
            if asked:
                await self._visit(entry)
            with self._writer.commit():
                self._memory.remember("searched", query)
        elif (await self._manners.rules_of(box.action)).allows(box.action):
            fetched = await self._fetcher.fetch(
                box.action, referer=self._memory.address_of(number), form=box.sent(query, charset)
            )
            self._keeping.keep_posted(fetched, number, box.action, query)

    def _known_title(self) -> str:
        """The text of a link to a page that was seen: a title that the portal's search should find."""
        db = self._writer.db
        seen = {
            identity(row["final_url"]): normalize(row["title"])
            for row in db.execute("SELECT final_url, title FROM pages WHERE outcome = 'ok' AND depth > 0")
        }
        best, text = (False, 0), ""
        for row in db.execute("SELECT text, url FROM links WHERE area = 'main' AND tag = 'a' ORDER BY rowid"):
            if not good_query(row["text"]) or not self._scope.contains(row["url"]):
                continue
            title = seen.get(identity(row["url"]))
            if title is None:
                continue
            # What the page itself is called is a title; a long text is, a short one may be a section's name.
            rank = (normalize(row["text"]) in title, min(len(row["text"].split()), 5))
            if rank > best:
                best, text = rank, str(row["text"])
        return text
