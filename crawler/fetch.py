"""One request to a portal: asked politely through Scrapy's downloader, never for more than is needed.

The downloader verifies certificates and decompresses within bounds, one request at a time per host. Here are
the answers in one shape, the second tries, and the count of what was taken; the pauses are `crawler.pace`'s.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import ssl
import tempfile
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request, signals
from scrapy.core.downloader.handlers import http11
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver
from service_identity import CertificateError, VerificationError
from twisted.internet.interfaces import IResolutionReceiver
from twisted.web.http_headers import InvalidHeaderName
from zope.interface import implementer

from crawler.addresses import is_private_address
from crawler.capture import Outcome
from crawler.certificates import certificate_fault
from crawler.pace import LONGEST_PAUSE, Pace
from crawler.scope import absolute, host_of

PAGE_LIMIT = 5_000_000
"""Bytes of a page, after decompression; a larger answer is given up."""

HEAD_LIMIT = 16_384
"""Bytes read of a text file to know what is in it."""

RETRIES = 2
RATE_WINDOW = 10.0
BROKEN = "the connection broke in the middle of the answer"

HEADERS_LIMIT = 131_072
"""Bytes of all headers of one answer."""

COOKIE_LIMIT = 8_192
"""Bytes of cookies that are brought back; beyond them, none are."""

# page: whole if it is HTML, else its head if it is text, else nothing. whole: all of it, an error beyond the
# limit. start: what comes within the limit.
Keep = Literal["page", "whole", "start"]

_TEXT_TYPE = re.compile(
    r"^(text/|application/(json|.*\+json|xml|.*\+xml|csv|javascript|x-ndjson))", re.IGNORECASE
)
_HTML_TYPE = re.compile(r"^(text/html|application/xhtml\+xml)", re.IGNORECASE)


class BudgetSpentError(Exception):
    """The budget of the visit is spent; the message is its name (``requests``, ``bytes``, ``minutes``)."""


MAX_REDIRECTS = 8


@dataclass(frozen=True)
class Fetched:
    """The answer to one request, or why there is none: then `failure` and `why` are set."""

    url: str
    at: datetime
    seconds: float
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    wire_bytes: int = 0
    truncated: str | None = None
    """A WARC-Truncated reason if `body` is not the whole."""
    failure: Outcome | None = None
    why: str = ""
    record_id: str = ""
    """The WARC record that holds the answer already, '' for an answer that is still to be archived."""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def media_type(self) -> str:
        return self.header("Content-Type").split(";", 1)[0].strip().lower()[:100]

    @property
    def is_html(self) -> bool:
        """By its type; without a type, by its first bytes."""
        if self.media_type and self.media_type != "application/octet-stream":
            return bool(_HTML_TYPE.match(self.media_type))
        return bool(
            re.match(rb"\s*(<!doctype html|<html|<head|<body|<!--|<frameset|<meta)", self.body[:500], re.I)
        )

    @property
    def redirect(self) -> str:
        """Where the answer redirects to, '' if it does not."""
        location = self.header("Location")
        if self.status not in (301, 302, 303, 307, 308) or not location:
            return ""
        # Header bytes arrive as Latin-1; portals put raw UTF-8 into them.
        location = location.encode("latin-1", errors="replace").decode("utf-8", errors="replace")
        target = absolute(self.url, location)
        return target if target.startswith("http") else ""

    @property
    def status_line(self) -> str:
        try:
            phrase = HTTPStatus(self.status or 0).phrase
        except ValueError:
            phrase = ""
        return f"{self.status} {phrase}".strip()

    @property
    def size(self) -> int | None:
        """Bytes of the whole thing, None if the server does not say."""
        declared = self.header("Content-Length")
        if declared.isdigit():
            return int(declared)
        return len(self.body) if self.truncated is None and self.failure is None else None


@dataclass
class Meter:
    """What was taken from the portal so far; goes on over interruptions. `noted` is called with each request,
    before it is sent."""

    requests: int = 0
    bytes: int = 0
    seconds_before: float = 0.0
    highest_rate: float = 0.0
    noted: Callable[[], None] = lambda: None
    started: float = field(default_factory=time.monotonic)
    _recent: dict[str, deque[float]] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return self.seconds_before + time.monotonic() - self.started

    def request(self, host: str) -> None:
        now = time.monotonic()
        self.requests += 1
        recent = self._recent.setdefault(host, deque())
        recent.append(now)
        while recent[0] < now - RATE_WINDOW:
            recent.popleft()
        self.highest_rate = max(self.highest_rate, len(recent) / RATE_WINDOW)
        self.noted()


class Fetcher:
    """Asks for addresses within a budget; made by the spider, uses its crawler's downloader."""

    def __init__(
        self,
        crawler: Crawler,
        meter: Meter,
        pace: Pace,
        *,
        requests: int,
        megabytes: int,
        minutes: float,
        check_window: Callable[[], None] = lambda: None,
    ) -> None:
        self.meter = meter
        self.pace = pace
        self._crawler = crawler
        self._private_hosts = frozenset(crawler.settings.getlist("PRIVATE_HOSTS"))
        self._requests, self._bytes, self._seconds = requests, megabytes * 1_000_000, minutes * 60
        self._check_window = check_window
        self._faults: dict[str, str] = {}
        crawler.signals.connect(self._headers_received, signals.headers_received)
        crawler.signals.connect(self._bytes_received, signals.bytes_received)

    def check(self) -> None:
        """Raises BudgetSpentError if nothing more may be asked, OutsideWindowError if not now."""
        self._check_window()
        if self.meter.requests >= self._requests:
            raise BudgetSpentError("requests")
        if self.meter.bytes >= self._bytes:
            raise BudgetSpentError("bytes")
        if self.meter.seconds >= self._seconds:
            raise BudgetSpentError("minutes")

    async def fetch(
        self,
        url: str,
        *,
        keep: Keep = "page",
        limit: int = PAGE_LIMIT,
        referer: str = "",
        form: str = "",
    ) -> Fetched:
        """Asks once, again after a pause where the portal asked for one (429, 503) or the connection
        failed, at most three times in all. `form`, fields in URL encoding, is posted if it is given. Raises
        nothing but what `check` does."""
        for attempt in range(RETRIES + 1):
            self.check()
            if self.pace.left(urlsplit(url).hostname or "") > self._seconds - self.meter.seconds:
                raise BudgetSpentError("minutes")
            fetched = await self._ask(url, keep, limit, referer, form)
            pause = self._pause(fetched, attempt)
            if pause is None or attempt == RETRIES:
                return fetched
            if self.meter.seconds + pause > self._seconds:
                raise BudgetSpentError("minutes")
            await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    def _pause(self, fetched: Fetched, attempt: int) -> float | None:
        """Seconds to wait before asking again, None if it is not worth it."""
        if fetched.status in (429, 503):
            asked = retry_after(fetched.header("Retry-After"), fetched.at)
            return min(float(1 << attempt) if asked is None else asked, LONGEST_PAUSE)
        if fetched.failure == "unreachable" and "refused" not in fetched.why and "name" not in fetched.why:
            return 0.5 * (1 << attempt)
        return None

    async def _ask(self, url: str, keep: Keep, limit: int, referer: str, form: str) -> Fetched:
        headers = {"Referer": referer} if referer else {}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        request = Request(
            url.split("#", 1)[0],
            method="POST" if form else "GET",
            headers=headers,
            body=form,
            meta={"keep": keep, "download_maxsize": limit, "got": 0},
            dont_filter=True,
        )
        if keep == "start":
            request.meta.update(head=limit, download_maxsize=0)
        hostname = urlsplit(url).hostname or ""
        await self.pace.turn(hostname)
        at, began = datetime.now(UTC), time.monotonic()
        if hostname not in self._private_hosts and is_private_address(hostname):
            return Fetched(url=url, at=at, seconds=0.0, failure="refused", why="private address")
        self.meter.request(host_of(url))
        status = None
        try:
            response: Response = await self._crawler.engine.download_async(request)
            status = response.status
        except Exception as error:
            failure, why = explain(error, self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
            if hostname in GuardedResolver.refused:
                failure, why = "refused", "the name leads to a private address"
            elif failure == "certificate":
                why = await self._certificate_fault(url) or why
            return Fetched(
                url=url,
                at=at,
                seconds=time.monotonic() - began,
                wire_bytes=request.meta["got"],
                failure=failure,
                why=why,
            )
        finally:
            self.meter.bytes += request.meta["got"]
            latency = request.meta.get("download_latency", time.monotonic() - began)
            self.pace.answered(hostname, latency, status)
        truncated = None
        if "download_stopped" in response.flags:
            truncated = "length"
        elif "dataloss" in response.flags:
            truncated = "disconnect"
        fetched = Fetched(
            url=url,
            at=at,
            seconds=latency,
            status=response.status,
            headers=tuple(_flat(response.headers)),
            request_headers=(("Host", host_of(url)), *_flat(request.headers)),
            body=response.body,
            wire_bytes=request.meta["got"],
            truncated=truncated,
        )
        # Half a page must not speak for the whole; servers that only count wrongly send all of it.
        if truncated == "disconnect" and fetched.is_html and b"</html" not in fetched.body[-2_000:].lower():
            return replace(fetched, failure="unreachable", why=BROKEN)
        return fetched

    async def _certificate_fault(self, url: str) -> str:
        """What is wrong with the certificate, asked once per host: the downloader does not say it."""
        host = host_of(url)
        if host not in self._faults:
            parts = urlsplit(url)
            name = parts.hostname or ""
            self._faults[host] = await certificate_fault(
                name, parts.port or 443, may_be_private=name in self._private_hosts
            )
        return self._faults[host]

    def _headers_received(self, headers: Any, request: Request) -> None:
        if request.meta.get("keep") != "page":
            return
        kind = (headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip()
        attached = (headers.get("Content-Disposition") or b"").lower().startswith(b"attachment")
        if "/" not in kind or (_HTML_TYPE.match(kind) and not attached):
            return
        if not _TEXT_TYPE.match(kind) and not kind.startswith("application/octet-stream"):
            raise StopDownload(fail=False)
        request.meta.update(head=HEAD_LIMIT, download_maxsize=0)

    def _bytes_received(self, data: bytes, request: Request) -> None:
        request.meta["got"] = request.meta.get("got", 0) + len(data)
        head = request.meta.get("head")
        if head and request.meta["got"] >= head:
            raise StopDownload(fail=False)


def _flat(headers: Any) -> Iterator[tuple[str, str]]:
    for name, values in headers.items():
        for value in values:
            yield name.decode("latin-1"), " ".join(value.decode("latin-1").split())


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for; None if there is none or it makes no sense."""
    value = value.strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def explain(error: BaseException, answer_seconds: float = 0.0) -> tuple[Outcome, str]:
    """The outcome that an exception of the downloader stands for, and why in plain words; `answer_seconds`
    is how long it was to wait."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, CertificateError | VerificationError):
            return "certificate", "the certificate is for another name"
        if isinstance(cause, SSL.Error):
            said = " ".join(str(part[-1]) for part in cause.args[0] if part) if cause.args else ""
            if "certificate" in said:
                return "certificate", f"the certificate is not trusted ({said.strip() or 'no reason given'})"
            return "unreachable", f"no secure connection ({said.strip() or 'handshake failed'})"
    texts = " ".join(str(cause) for cause in chain)
    if "certificate verify failed" in texts or ("certificate" in texts and "tls" in texts.lower()):
        return "certificate", "the certificate is not trusted"
    if isinstance(error, CannotResolveHostError):
        return "unreachable", "the name cannot be resolved"
    if isinstance(error, DownloadConnectionRefusedError):
        return "unreachable", "connection refused"
    if isinstance(error, DownloadTimeoutError | TimeoutError):
        return "unreachable", f"no answer within {_spoken(answer_seconds)}"
    if isinstance(error, DownloadCancelledError | IgnoreRequest):  # the only grounds for either: its size
        return "too_large", f"more than {PAGE_LIMIT // 1_000_000} MB"
    if isinstance(error, ResponseDataLossError):
        return "unreachable", BROKEN
    if any(isinstance(cause, HeadersTooLargeError) for cause in chain):
        return "too_large", f"more than {HEADERS_LIMIT // 1024} KB of headers"
    kinds = {type(cause).__name__ for cause in chain}
    if kinds & {"ParseError", "_WrapperException", "BadHeaders", "ResponseFailed"} and "ParseError" in texts:
        return "unreadable", "the answer is no HTTP"
    if kinds & {"OSError", "error", "BadGzipFile", "ValueError"}:
        return "unreadable", "the answer cannot be decoded"
    return "unreachable", "the connection broke"


def _spoken(seconds: float) -> str:
    return f"{seconds:g} second" + ("" if seconds == 1 else "s")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception with all that led to it, Twisted's lists of reasons included."""
    queue, seen = [error], set[int]()
    while queue:
        current = queue.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [current.__cause__, current.__context__]
        reasons = getattr(current, "reasons", None)
        queue += [getattr(reason, "value", None) for reason in reasons or ()]


class HeadersTooLargeError(Exception):
    """An answer with more headers than HEADERS_LIMIT."""


class _BoundedParser(http11._LenientHTTPClientParser):
    """Scrapy's parser keeps whatever headers come, for as long as they come; this one gives up in time.
    Headers whose names are none are passed over, as browsers do."""

    MAX_LENGTH = HEADERS_LIMIT
    _head_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 (Twisted's interface)
        self._head_bytes += len(line)
        if self._head_bytes > HEADERS_LIMIT:
            raise HeadersTooLargeError
        super().lineReceived(line)

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        with contextlib.suppress(InvalidHeaderName):
            super().headerReceived(name, value)  # type: ignore[no-untyped-call]

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802, ARG002
        raise HeadersTooLargeError


# The only way in: Scrapy's protocol makes its parser by this name.
http11._LenientHTTPClientParser = _BoundedParser  # type: ignore[misc]


class BoundedCookies:
    """Leaves out cookies that have outgrown what servers take; a portal that sets them without end would
    turn away its own visitor."""

    def process_request(self, request: Request) -> None:
        if len(request.headers.get("Cookie") or b"") > COOKIE_LIMIT:
            del request.headers["Cookie"]


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Hands on the public addresses of a name only; calls `refused` where that leaves none."""

    def __init__(self, receiver: Any, refused: Callable[[], None]) -> None:
        self._receiver = receiver
        self._refused = refused
        self._public = self._private = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 (Twisted's interface)
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_private_address(address.host):
            self._private = True
        else:
            self._public = True
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._private and not self._public:
            self._refused()
        self._receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Resolves names for the downloader; refuses private addresses at the time of connection, whatever the
    name looked like, unless the setting PRIVATE_HOSTS lists the name."""

    private_hosts: frozenset[str] = frozenset()
    refused: ClassVar[set[str]] = set()
    """Names that led to private addresses only."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver: GuardedResolver = super().from_crawler(crawler, reactor)
        resolver.private_hosts = frozenset(crawler.settings.getlist("PRIVATE_HOSTS"))
        return resolver

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        receiver: Any = resolutionReceiver
        if hostName not in self.private_hosts:
            receiver = _PublicOnly(resolutionReceiver, lambda: self.refused.add(hostName))
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


def settings(
    *,
    user_agent: str,
    answer_seconds: float,
    private_hosts: Collection[str],
    accept_language: str = "fa,en;q=0.7",
) -> dict[str, Any]:
    """Scrapy's settings for a visit. `private_hosts` are the names (or numbers) that may lead to private
    addresses. What the visit decides itself (pauses, robots, redirects, retries, scope, depth) is switched
    off in Scrapy."""
    return {
        "USER_AGENT": user_agent,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": accept_language,
        },
        "TWISTED_DNS_RESOLVER": "crawler.fetch.GuardedResolver",
        "PRIVATE_HOSTS": sorted(private_hosts),
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": answer_seconds,
        "DOWNLOAD_MAXSIZE": PAGE_LIMIT,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # After the cookies (700): it sees what they add up to.
        "DOWNLOADER_MIDDLEWARES": {"crawler.fetch.BoundedCookies": 710},
        "ROBOTSTXT_OBEY": False,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "RETRY_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
        "DOWNLOADER_STATS": False,
    }


@contextlib.contextmanager
def trusting(authority: Path | None) -> Iterator[None]:
    """Inside the block this process trusts a private authority (PEM), if there is one, beside the system's.
    OpenSSL reads the setting when a connection is made, so the block must begin before the first. Raises
    OSError or ssl.SSLError."""
    if authority is None:
        yield
        return
    ssl.create_default_context(cafile=str(authority))  # refuses what is no certificate
    bundle = authority.read_bytes()
    for place in (
        ssl.get_default_verify_paths().cafile,
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
    ):
        if place and Path(place).is_file():
            bundle += b"\n" + Path(place).read_bytes()
            break
    before = os.environ.get("SSL_CERT_FILE")
    with tempfile.NamedTemporaryFile(prefix="dargah-authorities-", suffix=".pem") as file:
        file.write(bundle)
        file.flush()
        os.environ["SSL_CERT_FILE"] = file.name
        try:
            yield
        finally:
            if before is None:
                del os.environ["SSL_CERT_FILE"]
            else:
                os.environ["SSL_CERT_FILE"] = before
