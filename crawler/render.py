"""A page as a browser shows it: its DOM after scripts ran, what it loaded, and where its menus lead.

Waits are bounded; a page that never comes to rest, crashes or hangs costs itself and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.async_api import CDPSession, Download, Frame, Page, Request, Response, Route
from playwright.async_api import Error as PlaywrightError

from crawler.browser import Browser, PageCrashedError
from crawler.decode import guess_charset, web_label
from crawler.fetch import BudgetSpentError, Fetched
from crawler.obstacles import GUARD, opened_windows, stop_scripts, uncover, unroll
from crawler.phrases import said
from crawler.rendering import SHELL_TEXT
from crawler.scope import host_of, identity
from crawler.text import normalize
from crawler.turns import Turns

LOAD_SECONDS = 15.0
QUEUE_SECONDS = 30.0
"""Seconds for the first load where parts of the page wait for their turn at a host."""

SETTLE_SECONDS = 6.0
QUIET_SECONDS = 0.3
STILL_SECONDS = 1.5
"""Seconds after which text that stands still is taken for the whole, although something is still loading."""

HANG_SECONDS = 6.0
"""Seconds that a script may keep the page from answering before it is stopped."""

PAGE_SECONDS = 60.0
TAB_PAGES = 50
"""Pages opened in one tab before it is replaced, so that no page's leavings pile up."""

CLICK_SECONDS = 3.0
START_SECONDS = 4.0
"""Seconds for the answer to a postback to begin."""

MAX_CLICKS = 40
MAX_PARTS = 250
MAX_TARGETS = 300
MAX_DOCUMENTS = 12
"""Frames and ways of its own that one page is given."""

PART_LIMIT = 4_000_000
KEPT_PARTS = 40_000_000
"""Bytes of style sheets, scripts and fonts kept in memory, so that each is asked for once."""

VIEWPORT = {"width": 1366, "height": 900}
SCREENSHOT_HEIGHT = 6_000

_LEFT = "aborted"
"""How a request ends that is not let out: any other error would put Chromium's own page, which asks again by
itself, in the place of the one that is looked at."""

_NOT_LOADED = frozenset({"media", "ping", "eventsource"})
_ONLY_SEEN = frozenset({"image", "font"})
"""Asked for only where a picture of the page is taken."""

_REUSED = frozenset({"stylesheet", "script", "font", "image"})
_SCRIPT = Path(__file__).with_name("render.js").read_text(encoding="utf-8")
_FOLLOW_POSTBACK = """href => {
  for (const form of document.forms) form.removeAttribute("target");
  const link = [...document.querySelectorAll("a[href]")].find((a) => a.getAttribute("href") === href);
  if (link) { link.removeAttribute("target"); link.click(); }
}"""


class Target(NamedTuple):
    """An address that cannot be read from the page: `tag` says how it came to light: a ``button`` that was
    pressed, a ``window`` or a ``download`` that the page wanted, its ``script``'s own way, or a link (``a``)
    that it showed for a while."""

    url: str
    text: str
    tag: Literal["button", "window", "download", "script", "a"]


@dataclass
class Rendered:
    """What the browser made of a page. `why` says what went wrong, '' if nothing did."""

    url: str
    html: str = ""
    screenshot: bytes = b""
    parts: list[Fetched] = field(default_factory=list)
    """Style sheets, pictures, scripts, fonts and data that the page loaded, each once per portal."""

    documents: list[Fetched] = field(default_factory=list)
    """Pages of the portal that this one asked for by itself: its frames, where its script or a posted form
    led."""

    targets: list[Target] = field(default_factory=list)

    states: list[tuple[str, str, str]] = field(default_factory=list)
    """(href, text, html) of postbacks that changed the page without another address."""

    left_for: str = ""
    """Address outside the portal to which the page's own script wanted to go."""

    why: str = ""


@dataclass
class _Job:
    url: str
    fetched: Fetched
    screenshot: bool
    rendered: Rendered
    done: asyncio.Future[None]


class Renderer:
    """Opens pages of one portal in a browser. `count(host, bytes)` is called for every request it lets out;
    `rest(url)` waits until the address's host may be asked again. `postbacks` maps the href of each postback
    link that was followed to the address it led to, '' if it led to none; `pressed` holds the words of what
    was pressed. Both are filled here, so that nothing is followed or pressed twice. `ask(url, referer)` gets
    a document of the portal as the visit itself would: its exchanges, none if it may not be asked for.
    `archived(url)` is what the visit got for an address before."""

    def __init__(
        self,
        browser: Browser,
        *,
        contains: Callable[[str], bool],
        count: Callable[[str, int], None],
        check: Callable[[], None],
        ask: Callable[[str, str], Awaitable[list[Fetched]]],
        rest: Callable[[str], Awaitable[None]],
        archived: Callable[[str], Fetched | None],
        postbacks: dict[str, str],
        pressed: set[str],
    ) -> None:
        self._browser = browser
        self._contains = contains
        self._count = count
        self._check = check
        self._ask = ask
        self.rest = rest
        self._parts: dict[str, Fetched] = {}
        self._parts_bytes = 0
        self._archived = archived
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._tab: asyncio.Task[None] | None = None
        self.postbacks = postbacks
        self.pressed = pressed

    async def open(self, url: str, fetched: Fetched, *, screenshot: bool = False) -> Rendered:
        """The page at `url`, whose plain answer `fetched` is handed to the browser instead of asking again.
        Entries of its menus that have no address are pressed to learn where they lead."""
        rendered = Rendered(url)
        if self._tab is None or self._tab.done():
            self._jobs = asyncio.Queue()
            self._tab = asyncio.create_task(self._keep_tab(self._jobs))
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_Job(url, fetched, screenshot, rendered, done))
        await asyncio.wait({done, self._tab}, return_when=asyncio.FIRST_COMPLETED)
        if not done.done() and not self._tab.cancelled() and self._tab.exception() is None:
            # The tab had served its time while this page was waiting for it.
            return await self.open(url, fetched, screenshot=screenshot)
        if not done.done():
            rendered.why = self._why(url, self._tab)
        return rendered

    async def close(self) -> None:
        if self._tab is not None:
            self._tab.cancel()
            await asyncio.wait({self._tab})

    async def _keep_tab(self, jobs: asyncio.Queue[_Job]) -> None:
        """Works the jobs off in one tab, as a visitor would; ends with the first page that hangs or crashes.

        A task of its own, because the tab's death cancels whoever holds it.
        """
        seconds = PAGE_SECONDS * TAB_PAGES
        async with self._browser.page(seconds=seconds, viewport=VIEWPORT, locale="fa-IR") as page:
            await page.add_init_script(GUARD)
            session = await page.context.new_cdp_session(page)
            for _ in range(TAB_PAGES):
                job = await jobs.get()
                async with asyncio.timeout(PAGE_SECONDS):
                    visit = _Opened(self, page, session, job)
                    await visit.work()
                job.done.set_result(None)
                if visit.stopped:
                    return  # its scripts are off for good

    def _why(self, url: str, tab: asyncio.Task[None]) -> str:
        error = None if tab.cancelled() else tab.exception()
        if isinstance(error, TimeoutError):
            return f"the browser was not done within {PAGE_SECONDS:.0f} seconds"
        if isinstance(error, PageCrashedError | PlaywrightError):
            return self._browser.explain(url, error) or "the page crashed"
        if error is not None:
            raise error
        return "the browser was closed"

    def known(self, url: str) -> Fetched | None:
        return self._parts.get(url)

    def reusable(self, request: Request) -> Fetched | None:
        """What the portal gave for a style sheet, script, font or picture before, also before the visit was
        interrupted."""
        if request.method != "GET" or request.resource_type not in _REUSED:
            return None
        part = self._parts.get(request.url)
        if part is None and (part := self._archived(request.url)) is not None:
            self.keep(part)
        return part

    def keep(self, part: Fetched) -> None:
        if self._parts_bytes + len(part.body) <= KEPT_PARTS:
            self._parts[part.url] = part
            self._parts_bytes += len(part.body)


class _Opened:
    """One page in the browser."""

    def __init__(self, renderer: Renderer, page: Page, session: CDPSession, job: _Job) -> None:
        self.renderer = renderer
        self.page = page
        self.session = session
        self.url = job.url
        self.fetched = job.fetched
        self.rendered = job.rendered
        self.screenshot = job.screenshot
        self.not_loaded = _NOT_LOADED if job.screenshot else _NOT_LOADED | _ONLY_SEEN
        self.begun: dict[Request, int] = {}
        self.running: set[Request] = set()
        self.turns = Turns()
        self.redirected: set[Request] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.asked = 0
        self.let_post = False
        self.posted = asyncio.Event()
        self.loading = True
        self.stopped = False
        self.left: list[str] = []
        self.quiet_since = time.monotonic()
        self._parts: list[tuple[int, Fetched]] = []

    async def work(self) -> None:
        """Loads the page, passes what stands in the way, reads it, and follows what only leads on when it is
        pressed."""
        await self._listen()
        await self._go()
        if not self.stopped:
            # What a longer look brings is worth having; that it fails is no reason to lose the page.
            with contextlib.suppress(PlaywrightError):
                for url, text in await unroll(self.page, self.settle, self._pause):
                    self._note(Target(url, text, "a"))
        await self._note_windows()
        found = await self.read()
        if self.screenshot:
            await self.take_screenshot()
        if not self.stopped:
            await self.press(found["buttons"])
            await self.post_back(found["postbacks"])
        await self._close()

    async def _listen(self) -> None:
        await self.page.context.route("**/*", self._route)
        self.page.on("request", self._begun)
        self.page.on("response", self._answered)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._failed)
        self.page.on("framenavigated", self._moved)
        self.page.on("download", self._download)

    async def _close(self) -> None:
        """Leaves the tab to the next page."""
        self.turns.close()
        self.page.remove_listener("request", self._begun)
        self.page.remove_listener("response", self._answered)
        self.page.remove_listener("requestfinished", self._ended)
        self.page.remove_listener("requestfailed", self._failed)
        self.page.remove_listener("framenavigated", self._moved)
        self.page.remove_listener("download", self._download)
        await self.page.context.unroute_all(behavior="ignoreErrors")
        await self._kept()
        # In the order in which the page asked, whatever came back first.
        self.rendered.parts = [part for _, part in sorted(self._parts, key=lambda item: item[0])]

    async def _kept(self) -> None:
        """Waits until what has arrived is noted."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=5.0)

    async def _pause(self) -> None:
        self.renderer._check()
        await self.renderer.rest(self.url)

    def _note(self, target: Target) -> None:
        if target not in self.rendered.targets and len(self.rendered.targets) < MAX_TARGETS:
            self.rendered.targets.append(target)

    async def _note_windows(self, text: str = "") -> None:
        for url in await opened_windows(self.page):
            self._note(Target(url, text, "button" if text else "window"))

    async def _go(self) -> None:
        self.loading = True
        await self.renderer.rest(self.url)
        began = time.monotonic()
        with contextlib.suppress(PlaywrightError):  # a page that does not finish loading is read as it is
            await self.page.goto(self.url, wait_until="commit", timeout=LOAD_SECONDS * 1000)
        while not self.stopped:
            longest = QUEUE_SECONDS if self.turns.waiting else LOAD_SECONDS
            if time.monotonic() > began + longest:
                break
            if await self._evaluate("document.readyState") == "complete":
                break
            await asyncio.sleep(0.05)
        await self.settle()
        if not self.stopped:
            with contextlib.suppress(PlaywrightError):
                if await uncover(self.page):
                    await self.settle(2.0)
        self.loading = False

    async def _evaluate(self, script: str) -> Any:
        """What the script says of the page, None while it is on its way elsewhere. A page that does not
        answer has its scripts stopped."""
        try:
            async with asyncio.timeout(HANG_SECONDS):
                return await self.page.evaluate(script)
        except TimeoutError:
            if not self.stopped:
                await stop_scripts(self.session)
                self.stopped = True
                self.rendered.why = "the browser stopped its scripts, which came to no end"
        except PlaywrightError:
            if self.page.is_closed():
                raise
        return None

    async def settle(self, seconds: float = SETTLE_SECONDS) -> None:
        """Waits until nothing is loaded and the text stands still, for at most `seconds`."""
        end, size, since = time.monotonic() + seconds, -1, time.monotonic()
        while time.monotonic() < end and not self.stopped:
            now = await self._evaluate("document.body ? document.body.innerText.length : 0")
            if now is not None and now != size:
                size, since = now, time.monotonic()
            still = time.monotonic() - since
            idle = not self.running and time.monotonic() - self.quiet_since > QUIET_SECONDS
            full = size > SHELL_TEXT and still > STILL_SECONDS and not self.turns.waiting
            if full or (idle and still > QUIET_SECONDS):
                return
            await asyncio.sleep(0.05)

    async def read(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.page.evaluate(_SCRIPT)
        await self._kept()
        self.rendered.html = f"<!doctype html>\n{found['html']}"
        self.rendered.url = self.page.url
        return found

    async def take_screenshot(self) -> None:
        height = await self.page.evaluate("Math.ceil(document.documentElement.scrollHeight)")
        clip: Any = {
            "x": 0,
            "y": 0,
            "width": VIEWPORT["width"],
            "height": min(max(int(height), 200), SCREENSHOT_HEIGHT),
        }
        with contextlib.suppress(PlaywrightError):
            self.rendered.screenshot = await self.page.screenshot(
                full_page=True,
                clip=clip,
                timeout=10_000,
                animations="disabled",
            )

    async def press(self, buttons: list[dict[str, Any]]) -> None:
        """Presses menu entries without an address and notes where they lead; the page is opened anew after
        each that changed it, from what is at hand already."""
        for button in buttons:
            text = str(button["text"])
            words = normalize(text)
            if words in self.renderer.pressed or len(self.renderer.pressed) >= MAX_CLICKS or self.stopped:
                continue
            if _does_something(words):
                continue
            self.renderer.pressed.add(words)
            self.left.clear()
            before = self.page.url
            with contextlib.suppress(PlaywrightError):
                await self.page.click(
                    f"[data-dargah-press='{int(button['number'])}']",
                    timeout=CLICK_SECONDS * 1000,
                    no_wait_after=True,
                )
                await asyncio.sleep(0.15)
            await self._note_windows(text)
            reached = self.left[0] if self.left else self.page.url
            if reached.startswith("http") and identity(reached) != identity(before):
                self._note(Target(reached, text, "button"))
            if self.page.url != before:
                await self._go()
                await self.page.evaluate(_SCRIPT)

    async def post_back(self, links: list[dict[str, Any]]) -> None:
        """Follows postback links of the portal's own menus, each target once per portal."""
        for link in links:
            href, text = str(link["href"]), str(link["text"])
            if href in self.renderer.postbacks or len(self.renderer.postbacks) >= MAX_CLICKS:
                continue
            if _does_something(normalize(text)):
                continue
            await self._pause()
            self.let_post = True
            self.renderer.postbacks[href] = ""
            before = await self.page.evaluate("document.body ? document.body.innerText : ''")
            self.posted.clear()
            with contextlib.suppress(PlaywrightError):
                await self.page.evaluate(_FOLLOW_POSTBACK, href)
            with contextlib.suppress(TimeoutError, PlaywrightError):
                await asyncio.wait_for(self.posted.wait(), START_SECONDS)
                await self.page.wait_for_load_state("load", timeout=LOAD_SECONDS * 1000)
            self.let_post = False
            await self.settle(2.0)
            await self._kept()
            reached = self.page.url
            elsewhere = identity(reached) != identity(self.url)
            self.renderer.postbacks[href] = reached if elsewhere else ""
            if elsewhere:
                await self._go()
            else:
                after = await self.page.evaluate("document.body ? document.body.innerText : ''")
                if after != before:
                    found = await self.page.evaluate(_SCRIPT)
                    self.rendered.states.append((href, text, f"<!doctype html>\n{found['html']}"))

    # What the page asks for

    async def _route(self, route: Route) -> None:
        with contextlib.suppress(PlaywrightError):
            await self._decide(route)

    async def _decide(self, route: Route) -> None:
        request = route.request
        try:
            frame = request.frame
        except PlaywrightError:  # a window that is just being opened
            frame = None
        document = request.is_navigation_request() and request.method == "GET"
        main = request.is_navigation_request() and frame == self.page.main_frame
        here = request.url.split("#")[0] == self.url.split("#")[0]
        if frame is None or frame.page != self.page:
            if document:
                self._note(Target(request.url, "", "window"))
            await route.abort(_LEFT)
        elif main and self.let_post:
            await self._let_out(route, request)
        elif document and here:
            await self._hand_over(route, self.fetched)
        elif (main and not self._may_go(request)) or self._is_superfluous(request):
            await route.abort(_LEFT)
        elif document:
            await self._give_document(route, request, main=main)
        elif part := self.renderer.reusable(request):
            await self._hand_over(route, part)
        else:
            await self._let_out(route, request)

    async def _let_out(self, route: Route, request: Request) -> None:
        host = host_of(request.url)
        if await self.turns.take(host, request):
            self.renderer._count(host, 0)
            await route.continue_()

    async def _give_document(self, route: Route, request: Request, *, main: bool) -> None:
        """A frame, or where the page's script goes: asked for by the visit, once, as any other address. What
        is no page, or is not the portal's, is an empty frame here and a link in the record."""
        answers: list[Fetched] = []
        if self.renderer._contains(request.url) and self.asked < MAX_DOCUMENTS:
            self.asked += 1
            if not await self.turns.take(host_of(request.url), request):
                return
            with contextlib.suppress(BudgetSpentError):  # the next check ends the visit
                answers = await self.renderer._ask(request.url, self.page.url)
            self.turns.end(request)
            self.rendered.documents += answers
        last = answers[-1] if answers else None
        if last is not None and last.status is not None and last.is_html and last.truncated is None:
            await self._hand_over(route, last)
        elif main:
            self._note(Target(request.url, "", "script"))
            await route.abort(_LEFT)
        else:
            await route.fulfill(status=200, content_type="text/html", body="")

    def _is_superfluous(self, request: Request) -> bool:
        return request.resource_type in self.not_loaded or not request.url.startswith("http")

    def _may_go(self, request: Request) -> bool:
        """Whether the page may leave for another address by itself; notes where it wanted to go."""
        if request.method != "GET":
            return False
        if not self.loading:
            self.left.append(request.url)
            return False
        if not self.renderer._contains(request.url):
            self.rendered.left_for = request.url
            return False
        return True

    @staticmethod
    async def _hand_over(route: Route, fetched: Fetched) -> None:
        dropped = {"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"}
        headers = {k: v for k, v in fetched.headers if k.lower() not in dropped}
        if fetched.is_html:
            # What came through the browser before is UTF-8, whatever the page calls itself.
            charset = guess_charset(fetched.body, fetched.header("Content-Type"))
            headers = {k: v for k, v in headers.items() if k.lower() != "content-type"}
            headers["Content-Type"] = f"{fetched.media_type or 'text/html'}; charset={web_label(charset)}"
        await route.fulfill(status=fetched.status or 200, headers=headers, body=fetched.body)

    def _begun(self, request: Request) -> None:
        self.begun[request] = len(self.begun)
        self.running.add(request)
        if request.redirected_from is not None:  # such a request does not pass `_decide`
            self.turns.pass_on(request.redirected_from, request)
            self.renderer._count(host_of(request.url), 0)

    def _answered(self, response: Response) -> None:
        if response.status in (301, 302, 303, 307, 308):
            self.redirected.add(response.request)

    def _download(self, download: Download) -> None:
        """The browser keeps none; the address is a link of the page."""
        if download.url.startswith("http"):
            self._note(Target(download.url, download.suggested_filename, "download"))

    def _moved(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.posted.set()

    def _failed(self, request: Request) -> None:
        self.running.discard(request)
        if request not in self.redirected:
            self.turns.end(request)
        self.quiet_since = time.monotonic()

    def _ended(self, request: Request) -> None:
        self._failed(request)
        if len(self._parts) < MAX_PARTS and request.method == "GET" and request.url.startswith("http"):
            task = asyncio.ensure_future(self._keep(request))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _keep(self, request: Request) -> None:
        """Notes an answer that the page got, unless the portal gave it before."""
        document = request.is_navigation_request()
        if document and not self.let_post:
            return  # it was handed over
        here = request.url.split("#")[0] == self.url.split("#")[0]
        if here or self.renderer.known(request.url) or self.renderer.reusable(request):
            return
        with contextlib.suppress(PlaywrightError):
            response = await request.response()
            if response is None or request.redirected_to or response.status in (204, 304):
                return
            body = await response.body()
            self.renderer._count("", len(body))
            if len(body) > PART_LIMIT:
                return
            part = Fetched(
                url=request.url,
                at=datetime.now(UTC),
                seconds=0.0,
                status=response.status,
                headers=tuple(
                    (h["name"], " ".join(h["value"].split())) for h in await response.headers_array()
                ),
                request_headers=tuple((await request.all_headers()).items()),
                body=body,
                wire_bytes=len(body),
            )
            if self.renderer.known(part.url):
                return
            if document:
                self.rendered.documents.append(part)
                return
            self._parts.append((self.begun.get(request, 0), part))
            if request.resource_type in _REUSED:
                self.renderer.keep(part)


def _does_something(text: str) -> bool:
    """Whether a normalised label is that of a button that sends or changes something."""
    return bool(said("sends", text) or said("changes", text))
