"""The browser reaches what it may and nothing else, and a hostile page costs itself only."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
import trustme
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from loopback import closed_port, html, raw, redirect, serve
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from crawler.addresses import is_private_address
from crawler.browser import (
    Browser,
    BrowserPolicy,
    BrowserUnavailableError,
    PageCrashedError,
    find_chromium,
    open_browser,
    portal_hosts,
    process_tree,
    spki_hash,
    trusted_spki,
)
from crawler.gate import Gate, host_listed
from crawler.portal import Names, Portal

T = TypeVar("T")


def browse(policy: BrowserPolicy, work: Callable[[Browser], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_browser(policy) as browser:
            return await work(browser)

    return asyncio.run(run())


def portal(start: str, **fields: object) -> Portal:
    return Portal(id="one", names=Names(fa="یک", en="One"), kind="office", start=start, **fields)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "2130706433",
        "0",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:7f00:1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "localhost",
        "LOCALHOST.",
        "db.localhost",
        "printer.local",
        "metadata.google.internal",
    ],
)
def test_inside_addresses_are_known_in_every_spelling(host: str) -> None:
    assert is_private_address(host)


@pytest.mark.parametrize(
    "host",
    [
        "8.8.8.8",
        "185.143.233.1",
        "2a01:4f8::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "example.ir",
        "local.ir",
        "127.0.0.1.ir",
    ],
)
def test_public_addresses_are_not_inside(host: str) -> None:
    assert not is_private_address(host)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_judged_alike_however_it_is_written(number: int) -> None:
    dotted = ".".join(str(byte) for byte in number.to_bytes(4, "big"))
    judged = is_private_address(dotted)
    assert is_private_address(str(number)) == judged
    assert is_private_address(hex(number)) == judged
    assert is_private_address(f"::ffff:{dotted}") == judged


@given(st.text(max_size=60))
def test_any_text_is_judged(host: str) -> None:
    assert is_private_address(host) in (True, False)


def test_a_host_is_listed_by_name_or_by_name_and_port() -> None:
    assert host_listed("a.ir", 8080, ["a.ir"])
    assert host_listed("A.ir", 8080, ["a.ir:8080"])
    assert host_listed("::1", 80, ["[::1]:80"])
    assert not host_listed("a.ir", 81, ["a.ir:80"])
    assert not host_listed("b.a.ir", 80, ["a.ir"])


def test_a_portals_hosts_are_its_own_with_and_without_www_and_the_listed() -> None:
    assert portal_hosts(portal("https://www.a.ir/x", hosts=("e.a.ir",))) == (
        "www.a.ir:443",
        "www.a.ir:80",
        "a.ir:443",
        "a.ir:80",
        "e.a.ir",
    )
    assert portal_hosts(portal("http://127.0.0.1:8601/")) == ("127.0.0.1:8601",)


def test_a_named_chromium_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DARGAH_CHROMIUM", "/bin/false")
    with pytest.raises(BrowserUnavailableError, match="DARGAH_CHROMIUM names /bin/false"):
        find_chromium()


def test_the_named_chromium_goes_before_the_found_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DARGAH_CHROMIUM", raising=False)
    monkeypatch.delenv("CHROME_PATH", raising=False)
    named = tmp_path / "my-chromium"
    _pretend(named, "999.1.2.3 of mine")
    monkeypatch.setenv("CHROME_PATH", str(named))
    found = find_chromium()
    assert found is not None
    assert (found.path, found.version, found.origin) == (named, "999.1.2.3", "environment")


def _pretend(program: Path, version: str) -> None:
    """A program that answers as a Chromium of this version."""
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\necho Chromium {version}\n")
    program.chmod(0o755)


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that is the whole PATH, and Playwright's for browsers."""
    if Path("/opt/google/chrome/chrome").exists():
        pytest.skip("Google Chrome is installed at its fixed place")
    for name in ("DARGAH_CHROMIUM", "CHROME_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    return tmp_path


def test_without_any_chromium_there_is_none(nothing_installed: Path) -> None:
    assert find_chromium() is None


def test_playwrights_own_download_is_found_newest_first(nothing_installed: Path) -> None:
    for number in ("999", "1000"):
        _pretend(nothing_installed / f"chromium-{number}" / "chrome-linux64" / "chrome", f"{number}.0.0.0")
    found = find_chromium()
    assert found is not None
    assert (found.version, found.origin) == ("1000.0.0.0", "playwright")


def test_the_systems_headless_shell_goes_before_its_chromium(nothing_installed: Path) -> None:
    _pretend(nothing_installed / "chromium", "1.0.0.0")
    _pretend(nothing_installed / "chromium-headless-shell", "2.0.0.0")
    found = find_chromium()
    assert found is not None
    assert (found.version, found.origin) == ("2.0.0.0", "system")


@pytest.mark.parametrize(
    "inside", ["chrome-headless-shell-linux64/chrome-headless-shell", "chrome-linux/headless_shell"]
)
def test_playwrights_headless_shell_goes_before_its_chromium(nothing_installed: Path, inside: str) -> None:
    _pretend(nothing_installed / "chromium-1000" / "chrome-linux64" / "chrome", "1.0.0.0")
    _pretend(nothing_installed / "chromium_headless_shell-999" / inside, "2.0.0.0")
    found = find_chromium()
    assert found is not None
    assert (found.version, found.origin) == ("2.0.0.0", "playwright")


def test_what_the_system_keeps_up_to_date_goes_before_a_download(nothing_installed: Path) -> None:
    shell = "chromium_headless_shell-1000/chrome-headless-shell-linux64/chrome-headless-shell"
    _pretend(nothing_installed / shell, "1.0.0.0")
    _pretend(nothing_installed / "chromium", "2.0.0.0")
    found = find_chromium()
    assert found is not None
    assert (found.version, found.origin) == ("2.0.0.0", "system")


async def _through(gate: Gate, host: str, port: int) -> int:
    """Ask the gate for a connection as a browser would; the SOCKS reply."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gate.proxy.rpartition(":")[2]))
    writer.write(
        b"\x05\x01\x00\x05\x01\x00\x03" + bytes([len(host)]) + host.encode() + port.to_bytes(2, "big")
    )
    answer = await reader.readexactly(2 + 10)
    writer.close()
    return answer[3]


def test_a_public_name_that_leads_inside_is_refused() -> None:
    async def inside(host: str, port: int) -> list[str]:
        return ["10.0.0.7", "::1"]

    async def run() -> None:
        async with Gate(resolver=inside) as gate:
            assert await _through(gate, "portal.example", 80) == 2
            assert gate.refused == {("portal.example", 80): "name leads to a private address"}

    asyncio.run(run())


def test_the_gate_says_why_there_is_no_connection() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> None:
        port = closed_port()
        async with Gate(allow_private=True, resolver=nowhere) as gate:
            assert await _through(gate, "portal.example", 80) == 4
            assert gate.failed == {("portal.example", 80): "name not resolved"}
        async with Gate(allow_private=True, resolver=here) as gate:
            assert await _through(gate, "portal.example", port) == 5
            assert gate.failed == {("portal.example", port): "connection refused"}

    asyncio.run(run())


def test_the_gate_survives_rubbish() -> None:
    async def run() -> None:
        async with Gate(hosts=()) as gate:
            for rubbish in (
                b"",
                b"GET / HTTP/1.1\r\n\r\n",
                b"\x05\x01\x00\x05\x03\x00\x09",
                b"\x05\xff" + b"\0" * 300,
            ):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", int(gate.proxy.rpartition(":")[2])
                )
                writer.write(rubbish)
                writer.write_eof()
                await asyncio.wait_for(reader.read(), 5)
                writer.close()
            assert await _through(gate, "a.example", 80) == 2

    asyncio.run(run())


@pytest.mark.browser
def test_a_confined_page_reaches_its_own_host_only_and_every_attempt_is_recorded() -> None:
    with serve({}) as other:
        attempts = f"""
            <script>
              fetch("{other.url("/fetch")}").catch(() => 0);
              new WebSocket("ws://{other.host}/socket");
              navigator.sendBeacon("{other.url("/beacon")}", "x");
              new Worker(URL.createObjectURL(new Blob(["fetch('{other.url("/worker")}').catch(() => 0)"])));
            </script>
            <img src="/hop"><iframe src="{other.url("/frame")}"></iframe>
            <img src="http://169.254.169.254/latest/meta-data"><img src="http://outside.example/i.png">
            <link rel="preconnect" href="http://preconnect.example">"""
        with serve({"/": html(attempts), "/hop": redirect(other.url("/redirected"))}) as site:

            async def visit(browser: Browser) -> dict[str, str]:
                async with browser.page(seconds=20) as page:
                    answer = await page.goto(site.url())
                    assert answer is not None and answer.status == 200
                    await page.wait_for_timeout(700)
                return {item.url: item.reason for item in browser.refused}

            refused = browse(BrowserPolicy(hosts=(site.host,), allow_private=True), visit)
    assert other.hits == []
    assert site.hits.count("/") == 1
    for url in (
        other.url("/fetch"),
        other.url("/frame"),
        other.url("/redirected"),
        f"ws://{other.host}/socket",
        "http://169.254.169.254/latest/meta-data",
        "http://outside.example/i.png",
    ):
        assert refused[url] == "host is not on the list"


@pytest.mark.browser
def test_private_addresses_are_out_of_reach_unless_allowed() -> None:
    with serve({"/": html("inside")}) as site:

        async def visit(browser: Browser) -> str:
            async with browser.page(seconds=20) as page:
                try:
                    await page.goto(site.url())
                except PlaywrightError as error:
                    return browser.explain(site.url(), error)
            return "reached"

        assert browse(BrowserPolicy(hosts=(site.host,)), visit) == "private address"
        assert site.hits == []
        assert browse(BrowserPolicy(hosts=(site.host,), allow_private=True), visit) == "reached"


@pytest.mark.browser
def test_a_failed_navigation_is_explained_where_it_ended() -> None:
    port = closed_port()
    gone = f"127.0.0.1:{port}"
    with serve({"/": redirect(f"http://{gone}/")}) as site:

        async def visit(browser: Browser) -> list[str]:
            reasons = []
            for url in (site.url(), f"http://{gone}/direct", "http://elsewhere.example/"):
                async with browser.page(seconds=20) as page:
                    with pytest.raises(PlaywrightError) as caught:
                        await page.goto(url)
                    reasons.append(browser.explain(url, caught.value))
            return reasons

        assert browse(BrowserPolicy(hosts=(site.host, gone), allow_private=True), visit) == [
            "connection refused",
            "connection refused",
            "host is not on the list",
        ]


@pytest.mark.browser
def test_a_page_gets_no_windows_downloads_dialogs_permissions_or_memory_of_others() -> None:
    body = """<a id="w" href="/two" target="_blank">two</a><a id="d" href="/file.zip">file</a>
        <script>
          alert("hello"); confirm("sure?");
          window.was = document.cookie + (localStorage.seen || "");
          document.cookie = "seen=1"; localStorage.seen = "1";
        </script>"""
    pages = {"/": html(body), "/two": html("two"), "/file.zip": raw(b"PK", "application/zip")}
    with serve(pages) as site:

        async def look(page: Page) -> tuple[str, str, int]:
            await page.goto(site.url())
            await page.click("#w")
            await page.click("#d")
            await page.wait_for_timeout(500)
            granted = await page.evaluate(
                "navigator.permissions.query({name: 'geolocation'}).then(p => p.state)"
            )
            return await page.evaluate("window.was"), granted, len(page.context.pages)

        async def visit(browser: Browser) -> list[tuple[str, str, int]]:
            found = []
            for _ in range(2):
                async with browser.page(seconds=20) as page:
                    found.append(await look(page))
                    agent = await page.evaluate("navigator.userAgent")
                    assert agent.endswith("Dargah/9") and "Headless" not in agent
            return found

        policy = BrowserPolicy(hosts=(site.host,), allow_private=True, user_agent_suffix="Dargah/9")
        for was, geolocation, windows in browse(policy, visit):
            assert (was, windows) == ("", 1)
            assert geolocation != "granted"


@pytest.mark.browser
def test_hanging_and_crashing_pages_cost_themselves_only() -> None:
    with serve({"/": html("good"), "/hang": html("<script>while (true);</script>")}) as site:

        async def lose_the_browser(browser: Browser) -> None:
            with pytest.raises(PageCrashedError):
                async with browser.page(seconds=20) as page:
                    await page.goto(site.url())
                    assert browser._pid is not None
                    psutil.Process(browser._pid).kill()
                    await page.evaluate("new Promise(() => 0)")
            async with browser.page(seconds=20) as page:
                answer = await page.goto(site.url())
                assert answer is not None and answer.status == 200

        async def lose_a_page(browser: Browser) -> None:
            with pytest.raises(PageCrashedError):
                async with browser.page(seconds=20) as page:
                    await page.goto(site.url())
                    assert browser._pid is not None
                    for process in process_tree(browser._pid):
                        if "--type=renderer" in process.cmdline():
                            process.kill()
                    await page.evaluate("new Promise(() => 0)")
            async with browser.page(seconds=20) as page:
                answer = await page.goto(site.url())
                assert answer is not None and answer.status == 200

        async def lose_time(browser: Browser) -> None:
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                async with browser.page(seconds=2) as page:
                    await page.goto(site.url("/hang"))
            assert time.monotonic() - began < 25
            async with browser.page(seconds=20) as page:
                answer = await page.goto(site.url())
                assert answer is not None and answer.status == 200

        async def everything(browser: Browser) -> None:
            await lose_time(browser)
            await lose_a_page(browser)
            await lose_the_browser(browser)

        browse(BrowserPolicy(hosts=(site.host,), allow_private=True), everything)


def _tls(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.mark.browser
def test_a_private_authority_is_trusted_for_valid_certificates_only(tmp_path: Path) -> None:
    ours, theirs = trustme.CA(), trustme.CA()
    pem = tmp_path / "ca.pem"
    ours.cert_pem.write_to_path(str(pem))
    answers = {}
    for case, tls, authority in (
        ("valid", _tls(ours, "127.0.0.1"), pem),
        ("wrong name", _tls(ours, "other.example"), pem),
        ("another authority", _tls(theirs, "127.0.0.1"), pem),
        ("not told", _tls(ours, "127.0.0.1"), None),
    ):
        with serve({"/": html("secret")}, tls) as site:

            async def visit(browser: Browser, url: str = site.url()) -> str:
                async with browser.page(seconds=20) as page:
                    try:
                        await page.goto(url)
                    except PlaywrightError as error:
                        return browser.explain(url, error)
                return "reached"

            policy = BrowserPolicy(
                hosts=(site.host,),
                allow_private=True,
                certificate_authority=authority,
                certificate_hosts=(site.host,),
            )
            answers[case] = browse(policy, visit)
    assert answers.pop("valid") == "reached"
    assert all("ERR_CERT" in reason for reason in answers.values()), answers


def test_the_authoritys_own_key_is_never_the_one_that_is_trusted(tmp_path: Path) -> None:
    authority = trustme.CA()
    pem = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(pem))
    root = x509.load_pem_x509_certificate(pem.read_bytes())
    with serve({}, _tls(authority, "127.0.0.1")) as site:
        key = trusted_spki("127.0.0.1", site.port, pem)
    assert key is not None
    assert key != spki_hash(root)
    assert trusted_spki("127.0.0.1", closed_port(), pem) is None
