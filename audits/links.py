"""Where a portal's links to other hosts lead: asked for lightly, once a week each, one at a time per host.

Only the answer's head is asked for (a tiny GET where a server refuses that), never of a private address,
never against robots.txt. Broken is what the answer itself calls so; whoever blocks us, is slow or overloaded
is not known to be broken.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
import sqlite3
import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from audits.records import ExternalLink, LinkState
from crawler.addresses import is_private_address
from crawler.capture import Capture
from crawler.gate import Resolve, resolve
from crawler.portal import Portal
from crawler.scope import Scope

MOST_LINKS = 100
MOST_PER_HOST = 10
AGE = timedelta(days=7)
"""How long an answer is good for."""

PAUSE_SECONDS = 1.0
LONGEST_PAUSE = 10.0
"""A longer crawl delay than this is not waited for: the host is left alone."""

ANSWER_SECONDS = 10.0
TOTAL_SECONDS = 180.0
HOSTS_AT_ONCE = 6
MAX_REDIRECTS = 5
BODY_BYTES = 1_024
ROBOTS_BYTES = 200_000

GONE = frozenset((404, 410))
HEAD_REFUSED = frozenset((405, 501))
REDIRECTS = frozenset((301, 302, 303, 307, 308))

UNKNOWN_NAME = "the host's name is not known"
NO_NAMES = "no name could be resolved"


@dataclass(frozen=True)
class Policy:
    """How the check behaves; tests set what a loopback server needs."""

    user_agent: str
    resolve: Resolve = resolve
    may_ask: Callable[[str], bool] = lambda address: not is_private_address(address)
    """Whether an IP address may be connected to."""
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    pause_seconds: float = PAUSE_SECONDS
    answer_seconds: float = ANSWER_SECONDS
    total_seconds: float = TOTAL_SECONDS


def external_links(portal: Portal, capture: Capture, most: int = MOST_LINKS) -> list[ExternalLink]:
    """The portal's links to other hosts, not asked for yet: those of the home page first, then those that
    stand on most pages; the same capture gives the same list."""
    scope = Scope(portal)
    pages = {page.id: page for page in capture.pages}
    first: dict[str, tuple[int, str]] = {}
    standing: dict[str, set[int]] = defaultdict(set)
    for link in capture.links():
        url = urldefrag(link.url).url
        if link.tag == "link" or not url.startswith(("http://", "https://")) or link.page not in pages:
            continue
        with contextlib.suppress(ValueError):
            if urlsplit(url).hostname and not scope.contains(url):
                first.setdefault(url, (link.page, link.text))
                standing[url].add(link.page)
    home = {page.id for page in pages.values() if page.depth == 0}
    order = sorted(first, key=lambda url: (not home & standing[url], -len(standing[url]), url))
    chosen, per_host = [], Counter[str]()
    for url in order:
        host = urlsplit(url).hostname or ""
        per_host[host] += 1
        if per_host[host] <= MOST_PER_HOST:
            page, text = first[url]
            chosen.append(
                ExternalLink(url=url, page=pages[page].final_url, text=text[:200], pages=len(standing[url]))
            )
    return chosen[:most]


async def check_links(links: Sequence[ExternalLink], memory: Path, policy: Policy) -> list[ExternalLink]:
    """The links with what became of them. Answers younger than a week are taken from the SQLite file
    `memory`, which several processes may share; new ones are kept there. What there was no time for stays
    unknown and is asked for the next time."""
    with _Memory(memory) as known:
        now = datetime.now(UTC)
        results = {link.url: known.answer(link, now - AGE) for link in links}
        todo = [link for link in links if results[link.url] is None]
        round_ = _Round(policy)
        slots = asyncio.Semaphore(HOSTS_AT_ONCE)

        async def one(link: ExternalLink) -> None:
            async with slots:
                results[link.url] = found = await round_.check(link)
            if found.reason != UNKNOWN_NAME:
                known.keep(found)

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(policy.total_seconds), asyncio.TaskGroup() as group:
                for link in todo:
                    group.create_task(one(link))
        for url, found in results.items():
            if found is not None and found.reason == UNKNOWN_NAME and (found.checked_at or now) >= now:
                if round_.names_resolved:
                    known.keep(found)
                else:  # a machine without a name server knows no name; the links may all be well
                    results[url] = found.model_copy(update={"state": "unknown", "reason": NO_NAMES})
    late = {"state": "unknown", "reason": "there was no time to ask"}
    return [results[link.url] or link.model_copy(update=late) for link in links]


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    pause: float = 0.0


@dataclass(frozen=True)
class _Answer:
    status: int
    location: str = ""
    body: bytes = b""


class _AskError(Exception):
    """No answer; the message says why in a few words. `state` is ``broken`` where that is certain."""

    def __init__(self, reason: str, state: LinkState = "unknown") -> None:
        super().__init__(reason)
        self.state = state


class _Round:
    """One round of questions: what it learnt of hosts and their rules."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.names_resolved = 0
        self.hosts: dict[str, _Host] = defaultdict(_Host)
        self.rules: dict[str, asyncio.Task[Callable[[str], bool]]] = {}
        self.context = policy.trust()

    async def check(self, link: ExternalLink) -> ExternalLink:
        url, status = link.url, None
        state: LinkState
        try:
            for _ in range(MAX_REDIRECTS + 1):
                await self._respect(url)
                answer = await self._head(url)
                status = answer.status
                if answer.status not in REDIRECTS or not answer.location:
                    break
                url = urldefrag(urljoin(url, answer.location)).url
            else:
                raise _AskError("too many redirects", "broken")
            state, reason = _judge(status)
        except _AskError as error:
            state, reason = error.state, str(error)
        return link.model_copy(
            update={
                "state": state,
                "reason": reason,
                "status": status,
                "final_url": url if url != link.url else "",
                "checked_at": datetime.now(UTC),
            }
        )

    async def _head(self, url: str) -> _Answer:
        """The answer to HEAD; to GET where HEAD is refused, or is to be doubted: many servers know no HEAD
        and call a page missing that is there."""
        answer = await self._ask(url, "HEAD", 0)
        if answer.status in HEAD_REFUSED or answer.status in GONE or answer.status >= 500:
            answer = await self._ask(url, "GET", BODY_BYTES)
        return answer

    # Rules

    async def _respect(self, url: str) -> None:
        """Raises _AskError where robots.txt of the host forbids the address."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        if origin not in self.rules:
            self.rules[origin] = asyncio.create_task(self._read_rules(origin))
        allows = await asyncio.shield(self.rules[origin])
        if not allows(url):
            raise _AskError("robots.txt forbids it")

    async def _read_rules(self, origin: str) -> Callable[[str], bool]:
        from crawler.robots import read_rules  # only here: Scrapy takes a second to load

        url = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._ask(url, "GET", ROBOTS_BYTES)
            if answer.status not in REDIRECTS or not answer.location:
                break
            url = urljoin(url, answer.location)
        rules = read_rules(answer.status, answer.body.decode("utf-8", errors="replace"))
        if rules.closed:
            raise _AskError("robots.txt could not be read")
        host = self.hosts[urlsplit(origin).hostname or ""]
        host.pause = max(host.pause, rules.delay or 0.0)
        if host.pause > LONGEST_PAUSE:
            raise _AskError("the host asks for long pauses")
        return rules.allows

    # Questions

    async def _ask(self, url: str, method: str, most: int) -> _Answer:
        try:
            parts = urlsplit(url)
            name, tls = parts.hostname or "", parts.scheme == "https"
            port = parts.port or (443 if tls else 80)
        except ValueError as error:
            raise _AskError("no web address", "broken") from error
        if parts.scheme not in ("http", "https") or not name:
            raise _AskError("no web address")
        host = self.hosts[name]
        async with host.lock:
            await asyncio.sleep(max(0.0, host.free_at - time.monotonic()))
            try:
                address = await self._address(name, port)
                question = _Question(
                    name,
                    port,
                    address,
                    self.context if tls else None,
                    self.policy,
                    method,
                    _target(url),
                    most,
                )
                return await asyncio.to_thread(question.put)
            finally:
                host.free_at = time.monotonic() + max(self.policy.pause_seconds, host.pause)

    async def _address(self, name: str, port: int) -> str:
        try:
            async with asyncio.timeout(self.policy.answer_seconds):
                addresses = await self.policy.resolve(name, port)
        except socket.gaierror as error:
            if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
                raise _AskError(UNKNOWN_NAME, "broken") from error
            raise _AskError("the host's name could not be resolved") from error
        except (OSError, UnicodeError, TimeoutError) as error:
            raise _AskError("the host's name could not be resolved") from error
        self.names_resolved += 1
        for address in addresses:
            if self.policy.may_ask(address):
                return address
        raise _AskError("a private address is never asked")


def _judge(status: int) -> tuple[LinkState, str]:
    if status in GONE:
        return "broken", f"status {status}"
    if status < 400:
        return "works", ""
    return "unknown", f"status {status}"


def _target(url: str) -> str:
    parts = urlsplit(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]|")
    return f"{path}?{query}" if query else path


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was judged, not to whatever the name leads to a moment later."""

    def __init__(self, name: str, port: int, address: str, context: ssl.SSLContext | None, seconds: float):
        super().__init__(name, port, timeout=seconds)
        self.address, self.context = address, context
        self.default_port = 443 if context else 80

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = plain
        if self.context is not None:
            self.sock = self.context.wrap_socket(plain, server_hostname=self.host)


@dataclass(frozen=True)
class _Question:
    name: str
    port: int
    address: str
    context: ssl.SSLContext | None
    policy: Policy
    method: str
    target: str
    most: int

    def put(self) -> _Answer:
        """Asks and reads `most` bytes. However slowly an answer drips, it is cut off in time."""
        connection = _Connection(self.name, self.port, self.address, self.context, self.policy.answer_seconds)
        ended = threading.Event()

        def end() -> None:
            ended.set()
            if connection.sock is not None:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(self.policy.answer_seconds, end)
        timer.daemon = True
        timer.start()
        try:
            headers = {"User-Agent": self.policy.user_agent, "Accept": "*/*", "Connection": "close"}
            if self.method == "GET" and self.most <= BODY_BYTES:
                headers["Range"] = f"bytes=0-{self.most - 1}"
            connection.request(self.method, self.target, headers=headers)
            response = connection.getresponse()
            body = response.read(self.most) if self.most else b""
            if ended.is_set():  # what was cut off looks like an end
                raise TimeoutError
            return _Answer(response.status, (response.getheader("Location") or "").strip(), body)
        except TimeoutError as error:
            raise _AskError("no answer in time") from error
        except ssl.SSLCertVerificationError as error:
            raise _AskError(f"certificate not trusted: {error.verify_message}", "broken") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _AskError("no answer in time" if ended.is_set() else "no connection") from error
        finally:
            timer.cancel()
            connection.close()


class _Memory:
    """What links answered, in one SQLite file for all runs and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> _Memory:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS links (url TEXT PRIMARY KEY, state TEXT, reason TEXT,"
            " status INTEGER, final_url TEXT, checked_at TEXT) WITHOUT ROWID"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def answer(self, link: ExternalLink, since: datetime) -> ExternalLink | None:
        row = self._db.execute(
            "SELECT state, reason, status, final_url, checked_at FROM links WHERE url = ?", (link.url,)
        ).fetchone()
        if row is None or datetime.fromisoformat(row[4]) < since:
            return None
        keys = ("state", "reason", "status", "final_url")
        when = datetime.fromisoformat(row[4])
        return link.model_copy(update={**dict(zip(keys, row[:4], strict=True)), "checked_at": when})

    def keep(self, link: ExternalLink) -> None:
        assert link.checked_at is not None
        self._db.execute(
            "INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?, ?)",
            (link.url, link.state, link.reason, link.status, link.final_url, link.checked_at.isoformat()),
        )
