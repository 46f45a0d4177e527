"""The one place that finds Chromium, starts it, and keeps it within bounds.

Pages are hostile: each is opened in a fresh profile without permissions, downloads, dialogs, further
windows or service workers, for a bounded time; every connection passes the `Gate`; a page that crashes
or hangs costs that page and nothing else.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import hashlib
import logging
import os
import platform
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import psutil
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext, Page, Playwright, Request, WebSocket, async_playwright
from playwright.async_api import Error as PlaywrightError

from crawler.addresses import is_private_address
from crawler.gate import HOUSEKEEPING, Gate, host_listed
from crawler.portal import Portal

log = logging.getLogger(__name__)

_WARNED = "DARGAH_WARNED_OF_SANDBOX"
"""Set once the warning was given: in the environment, so that child processes know it too."""

_VERSION_SECONDS = 20.0
_LAUNCH_MS = 30_000.0
_CLOSE_SECONDS = 5.0
_TLS_SECONDS = 10.0
_MAX_REFUSED = 1_000
_RENDERER_BYTES = 1_200_000_000
_MEMORY_POLL_SECONDS = 1.0

_FEATURES_OFF = (
    # The browser's own buttons are web pages since Chromium 150: a process more for every page, and a
    # sixth of what a load costs.
    "InitialWebUI",
    "WebUIReloadButton",
    # Of several such lists Chromium heeds the last: what Playwright and Lighthouse turn off stays off.
    "AimEnabled",
    "AutofillServerCommunication",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "CertificateTransparencyComponentUpdater",
    "DestroyProfileOnBrowserClose",
    "DialMediaRouteProvider",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "InterestFeedContentSuggestions",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "Translate",
)
_FLAGS = (
    "--headless=new",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--mute-audio",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    f"--disable-features={','.join(_FEATURES_OFF)}",
    "--disable-sync",
    "--password-store=basic",
    "--use-mock-keychain",
    "--renderer-process-limit=2",
    "--js-flags=--max-old-space-size=512",
    # WebRTC would open datagram sockets past the gate.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)


class BrowserUnavailableError(RuntimeError):
    """No Chromium can be started; the message says what was tried and how to mend it."""


class PageCrashedError(RuntimeError):
    """The page, or the browser under it, died."""


@dataclass(frozen=True)
class ChromiumBinary:
    """A Chromium that answered when asked for its version."""

    path: Path
    version: str
    origin: Literal["environment", "system", "google-chrome", "playwright"]


def find_chromium() -> ChromiumBinary | None:
    """The Chromium to use, or None if there is none: the one named by DARGAH_CHROMIUM or CHROME_PATH, else
    the first that answers of the system's packages, an installed Google Chrome, Playwright's own download.
    Of each kind the headless shell goes first (docs/decisions/0011-headless-shell.md).

    Raises BrowserUnavailableError if an environment variable names a program that does not.
    """
    named = tuple(
        (name, value) for name in ("DARGAH_CHROMIUM", "CHROME_PATH") if (value := os.environ.get(name))
    )
    return _find_chromium(named, os.environ.get("PATH", ""), os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""))


@functools.lru_cache(maxsize=8)
def _find_chromium(
    named: tuple[tuple[str, str], ...], search_path: str, playwright_path: str
) -> ChromiumBinary | None:
    for variable, value in named:
        path = Path(shutil.which(value, path=search_path) or value)
        version = _version_of(path)
        if version is None:
            raise BrowserUnavailableError(f"{variable} names {value}, which does not answer as a Chromium")
        return ChromiumBinary(path, version, "environment")
    for path, origin in _candidates(search_path, playwright_path):
        version = _version_of(path)
        if version is not None:
            return ChromiumBinary(path, version, origin)
    return None


def _candidates(
    search_path: str, playwright_path: str
) -> Iterator[tuple[Path, Literal["system", "google-chrome", "playwright"]]]:
    mac = platform.system() == "Darwin"
    root = Path.home() / ("Library/Caches/ms-playwright" if mac else ".cache/ms-playwright")
    if playwright_path not in ("", "0"):
        root = Path(playwright_path)

    def on_path(*names: str) -> Iterator[Path]:
        for name in names:
            if found := shutil.which(name, path=search_path):
                yield Path(found)

    def downloaded(*places: str) -> Iterator[Path]:
        found = (path for place in places for path in root.glob(place))
        yield from sorted(found, key=lambda path: _number(path, below=root), reverse=True)

    for path in on_path("chromium-headless-shell", "chromium", "chromium-browser"):
        yield path, "system"
    for path in on_path("chrome-headless-shell", "google-chrome", "google-chrome-stable", "chrome"):
        yield path, "google-chrome"
    for place in (
        "/opt/google/chrome/chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ):
        if Path(place).exists():
            yield Path(place), "google-chrome"
    for path in downloaded(
        "chromium_headless_shell-*/*/chrome-headless-shell", "chromium_headless_shell-*/*/headless_shell"
    ):
        yield path, "playwright"
    inside = "chrome-mac*/*.app/Contents/MacOS/*" if mac else "chrome-linux*/chrome"
    for path in downloaded(f"chromium-*/{inside}"):
        yield path, "playwright"


def _number(path: Path, *, below: Path) -> int:
    digits = path.relative_to(below).parts[0].rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0


def _version_of(path: Path) -> str | None:
    try:
        answer = subprocess.run(
            [str(path), "--version"], capture_output=True, text=True, timeout=_VERSION_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    words = [word for word in answer.stdout.split() if word[:1].isdigit() and "." in word]
    return words[0] if words else None


def require_chromium() -> ChromiumBinary:
    """`find_chromium`, or BrowserUnavailableError with the way to mend it."""
    binary = find_chromium()
    if binary is None:
        raise BrowserUnavailableError(
            "no Chromium found: install the system's package `chromium-headless-shell` or `chromium`, or "
            "Google Chrome, or run `playwright install --only-shell chromium`, or name one in DARGAH_CHROMIUM"
        )
    return binary


@functools.cache
def sandbox_usable() -> bool:
    """True if Chromium's own sandbox works for this user on this system; False is logged, once (child
    processes do not repeat it)."""
    usable = _sandbox_works()
    if not usable and not os.environ.get(_WARNED):
        os.environ[_WARNED] = "1"
        log.warning("Chromium runs without its sandbox here (as root, say); prefer an ordinary user")
    return usable


def _sandbox_works() -> bool:
    if platform.system() != "Linux":
        return True
    if os.geteuid() == 0:
        return False
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "--user", "true"], capture_output=True).returncode == 0:
        return True
    # Namespaces are closed to everybody, but a packaged Chromium may have its own permission: ask it.
    with contextlib.suppress(OSError, subprocess.SubprocessError, BrowserUnavailableError):
        command = [
            str(require_chromium().path),
            "--headless=new",
            "--disable-gpu",
            "--dump-dom",
            "about:blank",
        ]
        if subprocess.run(command, capture_output=True, timeout=_VERSION_SECONDS).returncode == 0:
            return True
    return False


def chromium_flags(proxy: str, *, spki_allow: Collection[str] = ()) -> list[str]:
    """Command-line flags for Chromium, however it is started: headless, quiet, with all its network
    behind `proxy` (`Gate.proxy`), trusting the public keys in `spki_allow`.

    Chromium heeds the key list only together with ``--user-data-dir``; Playwright and Lighthouse both
    give one of their own.
    """
    flags = [
        *_FLAGS,
        f"--proxy-server={proxy}",
        # By default Chromium goes past a proxy for loopback addresses.
        "--proxy-bypass-list=<-loopback>",
        # Names are resolved by the gate; nothing in the browser may ask a name server of its own.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    ]
    if spki_allow:
        flags.append(f"--ignore-certificate-errors-spki-list={','.join(sorted(spki_allow))}")
    if not sandbox_usable():
        flags.append("--no-sandbox")
    return flags


def spki_hash(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's public key (SubjectPublicKeyInfo), in base64."""
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def trusted_spki(host: str, port: int, authority: Path) -> str | None:
    """Hash of the key that `host` serves, if its certificate is valid by the private `authority` (PEM):
    chain, name and dates. None if it is not, or if the host does not answer.

    Chromium forgives every fault of a chain that contains a listed key. The authority's own key must
    therefore never be listed: anybody can append its public certificate to a chain. What is listed is the
    server's key, after its chain has been verified here.
    """
    context = ssl.create_default_context(cafile=str(authority))
    try:
        with (
            socket.create_connection((host, port), timeout=_TLS_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            served = secured.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None
    return spki_hash(x509.load_der_x509_certificate(served)) if served else None


@dataclass(frozen=True)
class BrowserPolicy:
    """What a browser may do.

    `hosts` are the only ones it may reach (``name`` or ``name:port``), None for any; `allow_private` lets
    it reach private and loopback addresses, `private_hosts` those of these hosts only;
    `certificate_authority` is a PEM file to trust for the
    `certificate_hosts` (``name`` or ``name:port``); `user_agent_suffix` is added to the browser's own name.
    """

    hosts: tuple[str, ...] | None = None
    allow_private: bool = False
    private_hosts: tuple[str, ...] = ()
    certificate_authority: Path | None = None
    certificate_hosts: tuple[str, ...] = ()
    user_agent_suffix: str = ""

    def gate(self) -> Gate:
        """The door for whoever keeps to this policy."""
        return Gate(hosts=self.hosts, allow_private=self.allow_private, private_hosts=self.private_hosts)

    def may_be_private(self, host: str, port: int) -> bool:
        return self.allow_private or host_listed(host, port, self.private_hosts)

    @classmethod
    def for_portal(cls, portal: Portal, *, base: Path | None = None, user_agent_suffix: str = "") -> Self:
        """The policy that an entry of agencies.yaml asks for; a relative path of a certificate authority
        counts from `base`, the folder of that file."""
        hosts = portal_hosts(portal)
        authority = None
        if portal.certificate_authority is not None:
            authority = (base or Path()) / portal.certificate_authority
        return cls(
            hosts=hosts if portal.confined else None,
            private_hosts=hosts if portal.allow_private else (),
            certificate_authority=authority,
            certificate_hosts=hosts if authority else (),
            user_agent_suffix=user_agent_suffix,
        )


def portal_hosts(portal: Portal) -> tuple[str, ...]:
    """The portal's hosts as ``name`` or ``name:port``: the start's, with and without www., and the listed.

    A start without a port stands for the two usual ports, so that a portal on a shared name is not given
    its neighbours' ports.
    """
    parts = urlsplit(portal.start)
    name = (parts.hostname or "").lower()
    spelling = f"[{name}]" if ":" in name else name
    names = [spelling]
    if not is_private_address(name):
        names.append(spelling.removeprefix("www.") if name.startswith("www.") else f"www.{spelling}")
    ports = [parts.port] if parts.port else [443, 80]
    own = [f"{item}:{port}" for item in names for port in ports]
    return tuple(dict.fromkeys([*own, *(host.lower() for host in portal.hosts)]))


@dataclass(frozen=True)
class Refused:
    """A request that was not let through. `url` is ``//host:port`` where only the connection was seen."""

    url: str
    reason: str


class Browser:
    """A running Chromium; made by `open_browser`. It is started at the first page, and anew after a crash."""

    def __init__(
        self, playwright: Playwright, binary: ChromiumBinary, policy: BrowserPolicy, gate: Gate
    ) -> None:
        self.binary = binary
        self.policy = policy
        self.gate = gate
        self._playwright = playwright
        self._refused: list[Refused] = []
        self._led_to: dict[str, str] = {}
        self._browser: PlaywrightBrowser | None = None
        self._pid: int | None = None
        self._agent = ""
        self._keys: set[str] | None = None
        self._start = asyncio.Lock()

    @property
    def refused(self) -> list[Refused]:
        """What was refused so far, each address once, a thousand at most."""
        seen = {_endpoint(item.url) for item in self._refused}
        hidden = [
            Refused(f"//{host}:{port}", reason)
            for (host, port), reason in self.gate.refused.items()
            if (host, port) not in seen and host not in HOUSEKEEPING
        ]
        return [*self._refused, *hidden][:_MAX_REFUSED]

    def explain(self, url: str, error: BaseException) -> str:
        """Why a request failed, in plain words: the gate's reason if it has one, else Chromium's."""
        endpoint = _endpoint(self._led_to.get(url, url))
        noted = self.gate.refused.get(endpoint) or self.gate.failed.get(endpoint)
        text = str(error) or type(error).__name__
        if noted and ("SOCKS" in text or "TUNNEL" in text or "PROXY" in text):
            return noted
        if isinstance(error, TimeoutError) or type(error).__name__ == "TimeoutError":
            return "timed out"
        start = text.find("net::")
        line = text[start:] if start >= 0 else text
        return line.split("\n", 1)[0].split(" at http", 1)[0].strip()

    @contextlib.asynccontextmanager
    async def page(
        self, *, seconds: float = 60.0, user_agent: str = "", **context: Any
    ) -> AsyncIterator[Page]:
        """A blank page in a profile of its own, gone at the end of the block. `context` goes to
        Playwright's ``new_context`` (viewport, locale ...); `user_agent` replaces the browser's name.

        The block is ended by TimeoutError after `seconds`; PageCrashedError if the page or the browser dies.
        """
        browser = await self._running()
        crashed, limited = False, True
        own: BrowserContext | None = None

        def on_crash(*_: object) -> None:
            # Playwright leaves some calls waiting for ever on a page that has died: end the block now.
            nonlocal crashed
            if limited and not crashed:
                crashed = True
                limit.reschedule(0)

        try:
            async with asyncio.timeout(seconds) as limit:
                browser.on("disconnected", on_crash)
                try:
                    agent = user_agent or self._agent
                    own = await browser.new_context(
                        accept_downloads=False,
                        service_workers="block",
                        user_agent=f"{agent} {self.policy.user_agent_suffix}".strip(),
                        **context,
                    )
                    page = await own.new_page()
                    self._guard(own, page)
                    page.on("crash", on_crash)
                    yield page
                finally:
                    limited = False
                    browser.remove_listener("disconnected", on_crash)
        except TimeoutError:
            if crashed:
                raise PageCrashedError("the page crashed") from None
            raise
        except PlaywrightError as error:
            if crashed or not browser.is_connected() or "crashed" in str(error):
                raise PageCrashedError("the page crashed") from error
            raise
        finally:
            await self._discard(own)

    def _guard(self, context: BrowserContext, page: Page) -> None:
        tasks: set[asyncio.Task[None]] = set()

        def quietly(work: Any) -> None:
            async def run() -> None:
                with contextlib.suppress(PlaywrightError):
                    await work

            task = asyncio.ensure_future(run())
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        def on_page(opened: Page) -> None:
            if opened is not page:
                quietly(opened.close())

        def on_failed(request: Request) -> None:
            self._note(request.url)
            if (
                request.is_navigation_request()
                and request.redirected_from
                and len(self._led_to) < _MAX_REFUSED
            ):
                first = request
                while first.redirected_from is not None:
                    first = first.redirected_from
                self._led_to[first.url] = request.url

        def on_socket(opened: WebSocket) -> None:
            opened.on("socketerror", lambda _: self._note(opened.url))

        context.on("page", on_page)
        context.on("requestfailed", on_failed)
        page.on("websocket", on_socket)
        # A page that does not want to be left is left; everything else is answered with no.
        page.on("dialog", lambda d: quietly(d.accept() if d.type == "beforeunload" else d.dismiss()))

    def _note(self, url: str) -> None:
        reason = self.gate.refused.get(_endpoint(url))
        if reason and len(self._refused) < _MAX_REFUSED:
            entry = Refused(url[:2_000], reason)
            if entry not in self._refused:
                self._refused.append(entry)

    async def _running(self) -> PlaywrightBrowser:
        async with self._start:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            if self._keys is None:
                self._keys = await trusted_keys(self.policy)
            try:
                browser = await self._playwright.chromium.launch(
                    executable_path=str(self.binary.path),
                    args=chromium_flags(self.gate.proxy, spki_allow=self._keys),
                    chromium_sandbox=sandbox_usable(),
                    timeout=_LAUNCH_MS,
                )
            except PlaywrightError as error:
                first = str(error).split("\n", 1)[0]
                raise BrowserUnavailableError(f"{self.binary.path} does not start: {first}") from error
            session = await browser.new_browser_cdp_session()
            version = await session.send("Browser.getVersion")
            self._agent = version["userAgent"].replace("HeadlessChrome", "Chrome")
            processes = await session.send("SystemInfo.getProcessInfo")
            self._pid = next(
                (int(item["id"]) for item in processes["processInfo"] if item["type"] == "browser"), None
            )
            self._browser = browser
            return browser

    async def _discard(self, context: BrowserContext | None) -> None:
        if context is None:
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await context.close()
        except TimeoutError:
            # A renderer that does not let go takes the browser with it; the next page gets a new one.
            await self.kill()
        except PlaywrightError:
            pass

    async def kill(self) -> None:
        """End the browser at once, with all its processes."""
        if self._pid is not None:
            for process in process_tree(self._pid):
                with contextlib.suppress(psutil.Error, ProcessLookupError):
                    process.send_signal(signal.SIGKILL)
        if self._browser is not None:
            with contextlib.suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._browser.close()
        self._browser = None
        self._pid = None

    async def close(self) -> None:
        """End the browser; by force if it does not go in time."""
        if self._browser is None:
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._browser.close()
            self._browser = None
        except (TimeoutError, PlaywrightError):
            await self.kill()

    async def watch_memory(self) -> None:
        """For ever: end any page process that grows beyond its share; its page crashes, the rest goes on."""
        while True:
            await asyncio.sleep(_MEMORY_POLL_SECONDS)
            if self._pid is None:
                continue
            for process in process_tree(self._pid):
                with contextlib.suppress(psutil.Error):
                    if process.pid != self._pid and process.memory_info().rss > _RENDERER_BYTES:
                        log.warning("a page was ended: it used more than %d MB", _RENDERER_BYTES // 1_000_000)
                        process.kill()


def process_tree(pid: int) -> list[psutil.Process]:
    """The process and all that descend from it; empty if it is gone."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return []


def _endpoint(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "wss": 443}.get(parts.scheme, 80)
        return (parts.hostname or "").lower(), port
    except ValueError:
        return "", 0


async def trusted_keys(policy: BrowserPolicy) -> set[str]:
    """Hashes of the keys to trust beyond the public authorities; see `trusted_spki`. Only hosts that the
    policy lets the browser reach are asked."""
    if policy.certificate_authority is None:
        return set()
    wanted: Iterable[tuple[str, int]] = (
        (parts.hostname, parts.port or 443)
        for parts in (urlsplit(f"//{host}") for host in policy.certificate_hosts)
        if parts.hostname and parts.port != 80
    )
    asked = [
        asyncio.to_thread(trusted_spki, name, port, policy.certificate_authority)
        for name, port in wanted
        if (policy.may_be_private(name, port) or not is_private_address(name))
        and (policy.hosts is None or host_listed(name, port, policy.hosts))
    ]
    return {key for key in await asyncio.gather(*asked) if key is not None}


@contextlib.asynccontextmanager
async def open_browser(policy: BrowserPolicy) -> AsyncIterator[Browser]:
    """A browser under `policy`, ended with the block. Raises BrowserUnavailableError if there is none.

    The browser's network runs in this event loop: do not block the loop while a page loads.
    """
    binary = await asyncio.to_thread(require_chromium)
    async with (
        policy.gate() as gate,
        async_playwright() as playwright,
    ):
        browser = Browser(playwright, binary, policy, gate)
        watch = asyncio.create_task(browser.watch_memory())
        try:
            yield browser
        finally:
            watch.cancel()
            await browser.close()
