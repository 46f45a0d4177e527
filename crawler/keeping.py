"""What became of an address, written to the capture: pages, states of pages, files, style sheets, answers to
forms."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.arriving import Arrival, Arriving
from crawler.capture import SCREENSHOTS, File, Form, Link, Outcome, Page, Structured
from crawler.decode import decode
from crawler.discovery import Discovery
from crawler.extract import Extracted, extract
from crawler.fetch import Fetched, Fetcher
from crawler.frontier import Entry
from crawler.hosts import Hosts
from crawler.memory import Memory
from crawler.outcomes import FAINT, judge
from crawler.render import Rendered
from crawler.scope import host_of, identity
from crawler.search import find_search

HEAD_CHARACTERS = 2_000


class Keeping:
    """Judges what came and keeps it, each address in one transaction with what it leads to."""

    def __init__(
        self, memory: Memory, fetcher: Fetcher, hosts: Hosts, arriving: Arriving, discovery: Discovery
    ) -> None:
        self._memory = memory
        self._writer = memory.writer
        self._scope = memory.scope
        self._frontier = memory.frontier
        self._fetcher = fetcher
        self._hosts = hosts
        self._arriving = arriving
        self._discovery = discovery

    def keep(self, entry: Entry, arrival: Arrival) -> None:
        last = arrival.last
        if arrival.known is not None:
            self._keep_alias(entry, arrival, arrival.known)
            return
        is_page = arrival.page is not None
        if is_page and not arrival.outcome:
            assert arrival.page is not None
            arrival.outcome, arrival.reason = judge(
                last,
                arrival.page,
                asked=entry.url,
                link_text=entry.text,
                missing=self._hosts.missing.get(host_of(last.url)),
                is_start=entry.found_by == "start",
                is_frame=entry.found_by == "frame",
                is_answer=entry.found_by == "form",
            )
            if arrival.outcome == "empty" and arrival.rendered and arrival.rendered.why:
                arrival.reason += f", and the browser shows none: {arrival.rendered.why}"
        is_file = not is_page and not arrival.outcome and entry.found_by != "start"
        if is_file or (entry.kind == "file" and not (is_page and arrival.outcome == "ok")):
            self._keep_file(entry, arrival)
        else:
            self._keep_page(entry, arrival)

    def _keep_page(self, entry: Entry, arrival: Arrival) -> None:
        last, page = arrival.last, arrival.page or Extracted()
        outcome = arrival.outcome or ("ok" if arrival.page else "unreadable")
        reason = arrival.reason or (
            "" if arrival.page else f"no page but {last.media_type or 'something unnamed'}"
        )
        rendered = arrival.rendered
        final_url, size = last.url, len(last.body)
        for index, link in enumerate(page.links):
            if self._memory.postbacks.get(link.url):
                page.links[index] = link._replace(url=self._memory.postbacks[link.url])
        with self._writer.commit():
            record_id = self._writer.archive(arrival.exchanges)
            number = self._memory.next_id()
            screenshot = ""
            if rendered is not None:
                self._arriving.archive_documents(rendered.documents)
                self._writer.archive(rendered.parts)
                screenshot = self._keep_screenshot(number, rendered)
            if rendered is not None and arrival.judged_rendered:
                if self._scope.contains(rendered.url):
                    final_url = rendered.url
                size = len(rendered.html.encode("utf-8", errors="replace"))
                record_id = self._writer.archive_rendered(
                    final_url, rendered.html, refers_to=record_id, at=last.at
                )
            self._writer.add(
                Page(
                    id=number,
                    url=entry.url,
                    final_url=final_url,
                    status=last.status,
                    outcome=outcome,
                    reason=reason,
                    fetched_at=last.at,
                    seconds=round(last.seconds, 3),
                    media_type=last.media_type,
                    charset=arrival.charset,
                    language=page.language,
                    depth=entry.depth,
                    title=page.title,
                    found_by=entry.found_by,
                    found_on=entry.found_on,
                    mode="rendered" if arrival.judged_rendered else "plain",
                    record_id=record_id,
                    bytes=size,
                    text_length=page.text_length,
                    screenshot=screenshot,
                )
            )
            if arrival.comparison is not None:
                comparison = arrival.comparison.model_copy(update={"page": number})
                self._writer.add(comparison)
                self._memory.choice.learn(comparison)
            self._add_contents(number, page)
            if outcome == "ok":
                self._memory.repeats.note(entry.url, page.main_text)
            if outcome == "ok" and page.forms and self._memory.recall("search") is None:
                judged = rendered if arrival.judged_rendered else None
                html = judged.html if judged else decode(last.body, last.header("Content-Type"))[0]
                self._note_search(number, html, final_url, arrival.charset)
            reached = ("soft_404", "login_wall", "empty", "http_error")
            if outcome == "ok" or (entry.found_by == "start" and outcome in reached):
                self._discovery.follow(entry, page, number)
            self._arrived(entry, final_url, number)
            for href, text, html in rendered.states if rendered else ():
                self._keep_state(entry, number, f"{final_url}#postback:{_postback_target(href)}", text, html)

    def _keep_state(self, entry: Entry, shown_on: int, url: str, text: str, html: str) -> None:
        """A page that only a postback shows: it has no address of its own."""
        there, page, number = self._memory.page(shown_on), extract(html, url), self._memory.next_id()
        self._writer.add(
            there.model_copy(
                update={
                    "id": number,
                    "url": url,
                    "final_url": url,
                    "outcome": "ok" if page.text_length >= FAINT else "empty",
                    "reason": "",
                    "charset": "utf-8",
                    "language": page.language,
                    "depth": entry.depth + 1,
                    "title": page.title,
                    "found_by": "script",
                    "found_on": shown_on,
                    "mode": "rendered",
                    "record_id": self._writer.archive_rendered(
                        url, html, refers_to=there.record_id, at=there.fetched_at
                    ),
                    "bytes": len(html.encode("utf-8", errors="replace")),
                    "text_length": page.text_length,
                    "screenshot": "",
                }
            ),
            Link(page=shown_on, url=url, text=text, area="menu", rel="", tag="a", position=10_000 + number),
        )
        self._add_contents(number, page)
        self._discovery.follow(replace(entry, depth=entry.depth + 1), page, number)

    def _keep_screenshot(self, number: int, rendered: Rendered) -> str:
        if not rendered.screenshot:
            return ""
        path = f"{SCREENSHOTS}/{number:05d}.png"
        (self._writer.folder / path).write_bytes(rendered.screenshot)
        return path

    def _keep_alias(self, entry: Entry, arrival: Arrival, known: int) -> None:
        """The address leads to a page that was visited already: it is named, not asked for again."""
        there = self._memory.page(known)
        missing = self._hosts.missing.get(host_of(there.final_url))
        outcome, reason = there.outcome, there.reason
        if missing and missing.status == 200 and missing.final == identity(there.final_url):
            outcome, reason = "soft_404", "leads where addresses that do not exist lead as well"
        with self._writer.commit():
            self._writer.archive(arrival.exchanges)
            number = self._memory.next_id()
            self._writer.add(
                there.model_copy(
                    update={
                        "id": number,
                        "url": entry.url,
                        "outcome": outcome,
                        "reason": reason,
                        "depth": entry.depth,
                        "found_by": entry.found_by,
                        "found_on": entry.found_on,
                    }
                )
            )
            self._memory.by_identity.setdefault(entry.key, number)
            self._frontier.done(entry.key)
            self._memory.save()

    def _keep_file(self, entry: Entry, arrival: Arrival) -> None:
        last = arrival.last
        status = last.status
        outcome: Outcome = arrival.outcome or "ok"
        reason = arrival.reason
        if outcome == "ok" and status is not None and not 200 <= status < 300:
            outcome = "blocked" if status in (403, 429) else "http_error"
            reason = f"status {status}"
        head = ""
        if last.body and last.truncated != "disconnect":
            head = decode(last.body, last.header("Content-Type"))[0][:HEAD_CHARACTERS]
        with self._writer.commit():
            self._writer.add(
                File(
                    url=entry.url,
                    page=entry.found_on,
                    text=entry.text,
                    status=status,
                    outcome=outcome,
                    reason=reason,
                    media_type=last.media_type,
                    size=last.size,
                    fetched_at=last.at,
                    record_id=self._writer.archive(arrival.exchanges),
                    head=head,
                )
            )
            self._frontier.done(entry.key)
            if identity(last.url) != entry.key:
                self._frontier.mark_done(
                    replace(entry, key=identity(last.url), url=last.url, found_by="redirect")
                )
            self._memory.save()

    async def keep_style(self, entry: Entry) -> None:
        if self._writer.db.execute("SELECT 1 FROM records WHERE url = ?", (entry.url,)).fetchone():
            with self._writer.commit(durable=False):
                self._frontier.done(entry.key)
            return
        fetched = await self._fetcher.fetch(entry.url, keep="whole", limit=1_000_000)
        with self._writer.commit():
            self._writer.archive([fetched])
            self._frontier.done(entry.key)
            self._memory.save()

    def keep_posted(self, fetched: Fetched, asked_on: int, url: str) -> None:
        """The answer to a search form that was posted; the fragment of `url` tells it from other pages."""
        page, charset = Extracted(), ""
        outcome, reason = fetched.failure, fetched.why
        if fetched.is_html and not outcome:
            html, charset = decode(fetched.body, fetched.header("Content-Type"))
            page = extract(html, fetched.url)
            outcome, reason = judge(fetched, page, asked=fetched.url, is_answer=True)
        with self._writer.commit():
            record_id = self._writer.archive([fetched], method="POST")
            number = self._memory.next_id()
            self._writer.add(
                Page(
                    id=number,
                    url=url,
                    final_url=url,
                    status=fetched.status,
                    outcome=outcome or "unreadable",
                    reason=reason,
                    fetched_at=fetched.at,
                    seconds=round(fetched.seconds, 3),
                    media_type=fetched.media_type,
                    charset=charset,
                    language=page.language,
                    depth=1,
                    title=page.title,
                    found_by="form",
                    found_on=asked_on,
                    mode="plain",
                    record_id=record_id,
                    bytes=len(fetched.body),
                    text_length=page.text_length,
                )
            )
            self._add_contents(number, page)
            self._memory.save()

    def _add_contents(self, number: int, page: Extracted) -> None:
        self._writer.add(*(Link(page=number, **link._asdict()) for link in page.links))
        self._writer.add(*(Form(page=number, **form._asdict()) for form in page.forms))
        self._writer.add(*(Structured(page=number, **block._asdict()) for block in page.structured))

    def _arrived(self, entry: Entry, final_url: str, number: int) -> None:
        self._memory.by_identity.setdefault(entry.key, number)
        self._frontier.done(entry.key)
        final = identity(final_url)
        if final != entry.key and self._scope.contains(final_url):
            self._memory.by_identity.setdefault(final, number)
            self._frontier.mark_done(replace(entry, key=final, url=final_url, found_by="redirect"))
        self._memory.save()

    def _note_search(self, number: int, source: str, url: str, charset: str) -> None:
        """Remembers the portal's search box if this page has it."""
        if (box := find_search(source, url, self._scope.contains)) is not None:
            self._memory.remember("search", {**box._asdict(), "page": number, "charset": charset or "utf-8"})


def _postback_target(href: str) -> str:
    found = re.search(r"\(\s*['\"]([^'\"]{1,200})", href)
    return found.group(1) if found else href[:100]
