"""Questions to the portal's own search, at the end of a visit to a live portal: each is put once, by the
method that its form names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import quote

from crawler.capture import POSTED, Refusal, Search
from crawler.fetch import Fetcher
from crawler.frontier import Entry
from crawler.keeping import Keeping
from crawler.manners import Manners
from crawler.memory import Memory
from crawler.outcomes import is_login_address
from crawler.queries import MOST_QUERIES, Known, Named, Query, queries_for
from crawler.scope import identity
from crawler.search import SearchBox

ROOM = 10
"""One page in so many of a visit's budget may be an answer of the portal's search."""


MOST_KNOWN = 1_000
"""Pages, the first that were visited, whose titles are looked through: enough to choose three from."""

_ENDING = frozenset(("refused", "blocked", "unreachable", "certificate"))
"""Outcomes after which a search is left alone."""


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
        self._over = False

    @property
    def room(self) -> int:
        """Pages of the budget that are kept for answers while there is a search that was not asked yet."""
        if self._over or self._memory.portal.archived or self._memory.recall("search") is None:
            return 0
        return max(1, min(MOST_QUERIES, self._memory.portal.budget.pages // ROOM))

    async def ask(self) -> None:
        """Puts what is still to be asked; robots.txt and every budget of the visit hold."""
        found = self._memory.recall("search")
        if self._memory.portal.archived or not found:
            return
        box = SearchBox(found["action"], found["method"], found["name"], tuple(map(tuple, found["fields"])))
        if self._scope.contains(box.action):
            asked = self._writer.db.execute("SELECT outcome FROM searches ORDER BY rowid").fetchall()
            left = any(row["outcome"] in _ENDING for row in asked)
            for query in [] if left else self._queries()[len(asked) :]:
                if self._memory.next_id() > self._memory.portal.budget.pages:
                    break
                answer = await self._put(query, box, found["page"], found["charset"])
                if answer.outcome in _ENDING:
                    break
        self._over = True

    def _queries(self) -> list[Query]:
        """What is asked in this visit: chosen once, so that a visit that was interrupted asks the same."""
        kept = self._memory.recall("queries")
        if kept is not None:
            return [Query(*query) for query in kept]
        db = self._writer.db
        seen = [
            Known(row["id"], row["final_url"], row["title"])
            for row in db.execute(
                "SELECT id, final_url, title FROM pages WHERE outcome = 'ok' AND depth > 0"
                " AND found_by != 'form' ORDER BY id LIMIT ?",
                (MOST_KNOWN,),
            )
            if self._scope.contains(row["final_url"]) and not is_login_address(row["final_url"], row["title"])
        ]
        links = (
            Named(row["text"], row["url"], row["pages"])
            for row in db.execute(
                "SELECT text, url, COUNT(DISTINCT page) AS pages FROM links"
                " WHERE tag = 'a' GROUP BY text, url ORDER BY MIN(rowid)"
            )
            if self._scope.contains(row["url"])
        )
        queries = queries_for(seen, links)
        with self._writer.commit():
            self._memory.remember("queries", queries)
        return queries

    async def _put(self, query: Query, box: SearchBox, asked_on: int, charset: str) -> Search:
        posted = box.method == "post"
        url = f"{box.action}#{POSTED}{quote(query.text)}" if posted else box.address(query.text, charset)
        if self._answer_at(url) is None:
            if not posted:
                entry = Entry(identity(url), url, "page", 1, "form", asked_on, "")
                with self._writer.commit():
                    self._frontier.add(entry)
                    waits = self._frontier.begin_at(entry.key)
                if waits:
                    await self._visit(entry)
            elif (rules := await self._manners.rules_of(box.action)).allows(box.action):
                fetched = await self._fetcher.fetch(
                    box.action,
                    referer=self._memory.address_of(asked_on),
                    form=box.sent(query.text, charset),
                )
                self._keeping.keep_posted(fetched, asked_on, url)
            else:
                with self._writer.commit():
                    reason = rules.closed or "robots.txt forbids it"
                    self._writer.add(Refusal(url=box.action, reason=reason, at=datetime.now(UTC)))
        return self._note(query, url, box.action if posted else url)

    def _note(self, query: Query, url: str, address: str) -> Search:
        """Keeps what came of a query."""
        number = self._answer_at(url)
        if number is not None:
            page = self._memory.page(number)
            outcome, reason, seconds = page.outcome, page.reason, page.seconds
        else:
            refusal = self._writer.db.execute(
                "SELECT reason FROM refusals WHERE url = ? ORDER BY rowid DESC LIMIT 1", (address,)
            ).fetchone()
            outcome = "refused" if refusal else "unreadable"
            reason, seconds = refusal["reason"] if refusal else "no page came", 0.0
        answer = Search(
            query=query.text,
            kind=query.kind,
            expected=query.expected,
            page=number,
            url=url,
            seconds=seconds,
            outcome=outcome,
            reason=reason,
        )
        with self._writer.commit():
            self._writer.add(answer)
        return answer

    def _answer_at(self, url: str) -> int | None:
        """Page.id of the answer that was kept for a query, under its own address or as another page."""
        row = self._writer.db.execute(
            "SELECT id FROM pages WHERE url = ? ORDER BY id DESC LIMIT 1", (url,)
        ).fetchone()
        if row is not None:
            return int(row["id"])
        return None if f"#{POSTED}" in url else self._memory.by_identity.get(identity(url))
