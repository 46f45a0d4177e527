"""A visit as a whole: how it ends where there is no portal, how it goes on after a kill, what it heeds."""

from __future__ import annotations

import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from serving import WORDS, Answer, Handler, Site, a_portal, begin, end, html, run, serving, to

from crawler.capture import Capture
from crawler.portal import Portal


def site_of(count: int) -> dict[str, Answer]:
    """Pages that lead to the next ones, three by three, each on a subject of its own."""
    answers: dict[str, Answer] = {}
    letters = str.maketrans("0123456789", "بتثجحخدذرز")
    for number in range(count):
        links = "".join(
            f"<a href='/p{n}'>صفحه {n}</a> " for n in range(3 * number + 1, min(3 * number + 4, count))
        )
        subject = f"<p>گزارش طرح {str(number + 1_000).translate(letters)} استان</p>"
        body = f"<h1>صفحه {number}</h1>{subject}<p>{WORDS}</p>{links}"
        answers[f"/p{number}" if number else "/"] = html(body)
    return answers


def test_a_portal_that_is_down(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    visit = run(a_portal(f"http://127.0.0.1:{port}/"), tmp_path)
    assert (visit.outcome, visit.reason) == ("unreachable", "connection refused")
    assert visit.finished_at is not None


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [
        ({"/": to("http://elsewhere.example/")}, "redirected_away", "elsewhere.example"),
        ({"/": lambda h: h.page("gone", status=500)}, "http_error", "500"),
        ({"/": html("")}, "empty", "no text"),
        ({"/": lambda h: h.page(b"%PDF-1.4", kind="application/pdf")}, "unreadable", "application/pdf"),
        ({"/": html("<h1>This domain is for sale</h1>")}, "parked", "for sale"),
        (
            {
                "/robots.txt": lambda h: h.page("User-agent: *\nDisallow: /", kind="text/plain"),
                "/": html(WORDS),
            },
            "refused",
            "robots.txt forbids",
        ),
        (
            {"/robots.txt": lambda h: h.page("x", status=500), "/": html(WORDS)},
            "refused",
            "robots.txt could not",
        ),
    ],
)
def test_a_portal_that_is_no_portal(
    answers: dict[str, Answer], outcome: str, reason: str, tmp_path: Path
) -> None:
    with serving(answers) as site:
        visit = run(a_portal(site.url + "/"), tmp_path)
    assert visit.outcome == outcome
    assert reason in visit.reason
    with Capture(tmp_path) as capture:
        assert len(capture.pages) == 1


def test_robots_txt_in_html_forbids_nothing(tmp_path: Path) -> None:
    with serving({"*": html(f"<h1>خوش آمدید</h1><p>{WORDS}</p>")}) as site:
        assert run(a_portal(site.url + "/"), tmp_path).outcome == "ok"


def test_private_addresses_are_refused_unless_allowed(tmp_path: Path) -> None:
    with serving({"/": html(WORDS)}) as site:
        by_number = run(a_portal(site.url + "/", allow_private=False), tmp_path / "number")
        by_name = run(a_portal(f"http://localhost:{site.port}/", allow_private=False), tmp_path / "name")
        assert site.asked == []
    for visit in (by_number, by_name):
        assert visit.outcome == "refused"
        assert "private address" in visit.reason


class TestCertificates:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @staticmethod
    def _context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    def test_of_a_private_authority_that_is_known(self, authority: trustme.CA, tmp_path: Path) -> None:
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        with serving({"/": html(WORDS)}, self._context(authority)) as site:
            portal = a_portal(site.url + "/", certificate_authority="ca.pem")
            visit = run(portal, tmp_path / "capture", base=tmp_path)
        assert visit.outcome == "ok", visit.reason

    def test_of_a_private_authority_leaves_nothing_behind(
        self, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        monkeypatch.setenv("TMPDIR", str(scratch))
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        with serving({"/": html(WORDS)}, self._context(authority)) as site:
            portal = a_portal(site.url + "/", certificate_authority="ca.pem")
            assert end(begin(portal, tmp_path / "capture", base=tmp_path)).outcome == "ok"
        assert list(scratch.iterdir()) == []

    def test_of_an_unknown_authority(self, authority: trustme.CA, tmp_path: Path) -> None:
        with serving({"/": html(WORDS)}, self._context(authority)) as site:
            visit = run(a_portal(site.url + "/"), tmp_path)
            assert site.asked == []
        assert visit.outcome == "certificate"
        assert "not trusted" in visit.reason

    def test_for_another_name(self, authority: trustme.CA, tmp_path: Path) -> None:
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        with serving({"/": html(WORDS)}, self._context(authority, "other.example")) as site:
            portal = a_portal(site.url + "/", certificate_authority="ca.pem")
            visit = run(portal, tmp_path / "capture", base=tmp_path)
        assert visit.outcome == "certificate"


class TestKilledVisit:
    COUNT = 40

    def _kill_after(self, pages: int, site: Site, folder: Path) -> None:
        process = begin(a_portal(site.url + "/", budget={"delay_seconds": 0.02}), folder)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("progress ") and int(line.split()[1]) >= pages:
                break
        process.send_signal(signal.SIGKILL)
        process.communicate()

    def test_goes_on_where_it_stopped(self, tmp_path: Path) -> None:
        with serving(site_of(self.COUNT)) as site:
            portal = a_portal(site.url + "/", budget={"delay_seconds": 0.02})
            self._kill_after(7, site, tmp_path)
            # The crash may also tear the record that was being written.
            archive = next((tmp_path / "archive").glob("*.warc.gz"))
            with archive.open("ab") as torn:
                torn.write(b"\x1f\x8b\x08\x00torn")
            self._kill_after(20, site, tmp_path)
            visit = run(portal, tmp_path)
            asked = [path for _, path in site.asked]
        assert visit.complete and visit.outcome == "ok"
        assert len(asked) - len(set(asked)) <= 2  # one page in flight at each kill
        with Capture(tmp_path) as capture:
            assert len(capture.pages) == self.COUNT
            assert len({page.url for page in capture.pages}) == self.COUNT
            assert [page.id for page in capture.pages] == list(range(1, self.COUNT + 1))
            for page in capture.pages:
                assert page.title == "درگاه" and "صفحه" in capture.html(page)
            assert visit.footprint is not None
            # What was in flight at a kill counts, too, though it was perhaps not sent any more.
            assert len(asked) <= visit.footprint.requests <= len(asked) + 2
        warcio = Path(sys.executable).with_name("warcio")
        archives = sorted(map(str, (tmp_path / "archive").glob("*.warc.gz")))
        assert subprocess.run([warcio, "check", *archives]).returncode == 0

    def test_what_was_taken_before_a_kill_stays_taken(self, tmp_path: Path) -> None:
        """Minutes outlive it, and a request counts though its answer was never kept."""
        answering = 0.25
        pages = site_of(40)

        def slowly(handler: Handler) -> None:
            time.sleep(answering)
            pages[handler.path](handler)

        with serving(dict.fromkeys(pages, slowly)) as site:
            portal = a_portal(site.url + "/", budget={"minutes": 0.05})
            process = begin(portal, tmp_path)
            while len(site.asked) < 6 and process.poll() is None:
                time.sleep(0.005)
            process.kill()  # while the sixth answer is on its way
            process.communicate()
            before = len(site.asked)
            visit = run(portal, tmp_path)
            asked, times = len(site.asked), site.times
        assert visit.stopped_by == "minutes" and visit.footprint is not None
        assert visit.footprint.requests == asked
        spent = times[before - 1] - times[0] + (times[-1] - times[before] if asked > before else 0.0)
        assert visit.footprint.seconds >= spent - 0.05
        assert asked * answering <= 0.05 * 60 + 2 * answering

    def test_a_finished_visit_asks_for_nothing(self, tmp_path: Path) -> None:
        with serving(site_of(4)) as site:
            portal = a_portal(site.url + "/")
            first = run(portal, tmp_path)
            before = len(site.asked)
            assert run(portal, tmp_path) == first
            assert len(site.asked) == before

    def test_an_address_that_ends_the_process_is_left_alone_at_last(self, tmp_path: Path) -> None:
        with serving(site_of(4)) as site:
            self._kill_after(1, site, tmp_path)
            with closing(sqlite3.connect(tmp_path / "capture.sqlite", isolation_level=None)) as db:
                db.execute("UPDATE frontier SET attempts = 3 WHERE url LIKE '%/p2' AND state = 'queued'")
            run(a_portal(site.url + "/"), tmp_path)
        with Capture(tmp_path) as capture:
            assert any("ended the visit's process" in refusal.reason for refusal in capture.refusals)
            assert len(capture.pages) == 3


def test_the_budget_ends_a_visit(tmp_path: Path) -> None:
    with serving(site_of(30)) as site:
        by_pages = run(a_portal(site.url + "/", budget={"pages": 5}), tmp_path / "pages")
        by_requests = run(a_portal(site.url + "/", budget={"requests": 8}), tmp_path / "requests")
    assert (by_pages.complete, by_pages.stopped_by) == (False, "pages")
    assert (by_requests.complete, by_requests.stopped_by) == (False, "requests")
    with Capture(tmp_path / "pages") as capture:
        assert len(capture.pages) == 5


def test_what_matters_is_asked_for_first(tmp_path: Path) -> None:
    answers = site_of(30)
    answers["/p2"] = html(f"<p>{WORDS}</p><a href='/tenders'>مناقصه‌ها و مزايده‌ها</a>")
    answers["/tenders"] = html(f"<h1>مناقصه‌ها</h1>{WORDS}")
    with serving(answers) as site:
        portal = a_portal(site.url + "/", budget={"pages": 6})
        run(portal, tmp_path / "plain")
        run(portal, tmp_path / "first", looked_for=(("مناقصه ها", 5.0, "tenders"),))
    with Capture(tmp_path / "plain") as plain, Capture(tmp_path / "first") as first:
        assert not any(page.url.endswith("/tenders") for page in plain.pages)
        assert any(page.url.endswith("/tenders") for page in first.pages)


def test_one_request_at_a_time_with_a_pause_between(tmp_path: Path) -> None:
    """What is asked must have been sent after the answer before it, and that is written after `answering`:
    delays on the way can only make these gaps longer, never shorter."""
    pause, answering = 0.3, list[float]()
    answers = site_of(8)
    answers["/robots.txt"] = lambda h: h.page(f"User-agent: *\nCrawl-delay: {pause}\n", kind="text/plain")

    def slowly(answer: Answer) -> Answer:
        def wrapped(handler: Handler) -> None:
            time.sleep(0.05)  # time enough for a second request to arrive, if there were one
            answering.append(time.monotonic())
            answer(handler)

        return wrapped

    answers["*"] = lambda h: h.page("<h1>404</h1>", status=404)
    with serving({path: slowly(answer) for path, answer in answers.items()}) as site:
        run(a_portal(site.url + "/", budget={"delay_seconds": 0.05}), tmp_path)
        gaps = [asked - answer for answer, asked in zip(answering, site.times[1:], strict=False)]
    assert len(gaps) >= 8
    assert min(gaps) >= pause
    with Capture(tmp_path) as capture:
        assert capture.hosts[0].crawl_delay == pause


def test_a_crawl_delay_outlives_a_kill(tmp_path: Path) -> None:
    answers = site_of(12)
    answers["/robots.txt"] = lambda h: h.page("User-agent: *\nCrawl-delay: 0.25\n", kind="text/plain")
    with serving(answers) as site:
        process = begin(a_portal(site.url + "/"), tmp_path)
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("progress 3"):
                break
        process.kill()
        process.communicate()
        before = len(site.asked)
        run(a_portal(site.url + "/"), tmp_path)
        spent = site.times[-1] - site.times[before]
        pauses = len(site.times) - before - 1
    # The first of them may have been heard late, so one pause is left out.
    assert pauses >= 5 and spent >= (pauses - 1) * 0.25


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_a_pause_that_the_portal_asks_for_is_kept(status: int, as_date: bool, tmp_path: Path) -> None:
    refused_at = list[float]()

    def refuse_once(handler: Handler) -> None:
        if refused_at:
            handler.page(f"<h1>خدمات</h1><p>{WORDS}</p>")
            return
        refused_at.append(time.monotonic())
        value = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True) if as_date else "2"
        handler.page("later", status=status, headers={"Retry-After": value})

    answers = {"/": html(f"<p>{WORDS}</p><a href='/busy'>خدمات</a>"), "/busy": refuse_once}
    with serving(answers) as site:
        run(a_portal(site.url + "/"), tmp_path)
        again = next(
            t
            for (_, path), t in zip(site.asked, site.times, strict=True)
            if path == "/busy" and t > refused_at[0]
        )
    # A date has whole seconds, so of the three at least two are left.
    assert again - refused_at[0] >= (1.9 if as_date else 2.0)
    with Capture(tmp_path) as capture:
        assert [page.outcome for page in capture.pages] == ["ok", "ok"]


def test_sitemaps_are_read_and_bounded(tmp_path: Path) -> None:
    entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    answers = site_of(3)
    with serving(answers) as site:
        urls = "".join(f"<url><loc>{site.url}/{path}</loc></url>" for path in ("only-in-sitemap", "p1"))
        index = "".join(f"<sitemap><loc>{site.url}/{path}</loc></sitemap>" for path in ("a.xml", "b.xml"))
        answers["/only-in-sitemap"] = html(f"<h1>پنهان</h1>{WORDS}")
        answers["/sitemap.xml"] = lambda h: h.page(f"<sitemapindex>{index}</sitemapindex>", kind="text/xml")
        answers["/a.xml"] = lambda h: h.page(
            f"<urlset>{urls}<url><loc>http://elsewhere.example/</loc></url></urlset>", kind="text/xml"
        )
        answers["/b.xml"] = lambda h: h.page(
            f"{entity}<urlset><url><loc>&b;</loc></url></urlset>", kind="text/xml"
        )
        run(a_portal(site.url + "/"), tmp_path)
    with Capture(tmp_path) as capture:
        hidden = next(page for page in capture.pages if page.url.endswith("/only-in-sitemap"))
        assert hidden.found_by == "sitemap"
        assert {(s.url.rpartition("/")[2], s.entries) for s in capture.sitemaps} == {
            ("sitemap.xml", 0), ("a.xml", 2), ("b.xml", 0)
        }  # fmt: skip


def test_a_host_that_shows_one_page_for_everything(tmp_path: Path) -> None:
    home = html(f"<h1>خانه</h1><p>{WORDS}</p><a href='/services'>خدمات</a><a href='/real'>واقعی</a>")
    with serving({"*": home, "/real": html(f"<h1>دیگر</h1>{WORDS[:80]}", title="دیگر")}) as site:
        run(a_portal(site.url + "/"), tmp_path)
    with Capture(tmp_path) as capture:
        outcomes = {page.url.rpartition("/")[2]: page.outcome for page in capture.pages}
    assert outcomes == {"": "ok", "services": "soft_404", "real": "ok"}


def test_what_is_kept_of_files_and_aliases(tmp_path: Path) -> None:
    about = html(f"<h1>درباره ما</h1><p>{WORDS}</p>")
    links = (("/about", "درباره ما"), ("/old", "نشانی پیشین"), ("/older", "کهنه"), ("/data.csv", "داده‌ها"))
    menu = "".join(f"<li><a href={path}>{text}</a></li>" for path, text in links)
    answers = {
        "/": html(f"<nav><ul>{menu}</ul></nav><p>{WORDS}</p><a href=/report.pdf>گزارش</a>"),
        "/about": about,
        "/old": to("/about", 301),
        "/older": to("/old"),
        "/data.csv": lambda h: h.page("شهر,جمعیت\nدماوند,1\n" + "رودهن,2\n" * 5000, kind="text/csv"),
        "/report.pdf": lambda h: h.page(b"%PDF-1.4" + b"0" * 200_000, kind="application/pdf"),
    }
    with serving(answers) as site:
        visit = run(a_portal(site.url + "/"), tmp_path)
        assert {method for method, _ in site.asked} == {"GET"}
        assert visit.footprint is not None and visit.footprint.requests == len(site.asked)
        assert {path: site.count(path) for path in ("/about", "/data.csv", "/report.pdf")} == {
            "/about": 1, "/data.csv": 1, "/report.pdf": 1,
        }  # fmt: skip
    with Capture(tmp_path) as capture:
        pages = {page.url.removeprefix(site.url): page for page in capture.pages}
        files = {file.url.removeprefix(site.url): file for file in capture.files}
        for alias in ("/old", "/older"):
            assert pages[alias].outcome == "ok" and pages[alias].final_url == f"{site.url}/about"
            assert pages[alias].record_id == pages["/about"].record_id
        assert capture.latest_record(f"{site.url}/about") == pages["/about"].record_id
        assert capture.hosts[0].missing_page_status == 404
    data, report = files["/data.csv"], files["/report.pdf"]
    assert data.head.startswith("شهر,جمعیت\nدماوند,1") and len(data.head) == 2_000
    assert (data.text, data.page) == ("داده‌ها", 1)
    assert (report.size, report.media_type, report.head) == (200_008, "application/pdf", "")


def test_a_missing_authority_is_our_own_mistake(tmp_path: Path) -> None:
    process = begin(a_portal("https://127.0.0.1:1/", certificate_authority="none.pem"), tmp_path)
    with pytest.raises(AssertionError, match="FileNotFoundError"):
        end(process)


class TestWindow:
    @staticmethod
    def _portal(site: Site, opens: float, closes: float, **fields: Any) -> Portal:
        """With a window that is given in seconds from now."""
        now = datetime.now(UTC)
        at = [(now + timedelta(seconds=s)).strftime("%H:%M:%S") for s in (opens, closes)]
        return a_portal(site.url + "/", window={"from": at[0], "to": at[1], "timezone": "UTC"}, **fields)

    def test_nothing_is_asked_outside(self, tmp_path: Path) -> None:
        with serving(site_of(3)) as site:
            with pytest.raises(
                AssertionError, match=r"OutsideWindowError: outside the permitted time window"
            ):
                run(self._portal(site, 3_600, 7_200), tmp_path)
            assert site.asked == []
            assert run(self._portal(site, -3_600, 3_600), tmp_path).complete

    def test_a_visit_stops_at_its_end_and_goes_on_later(self, tmp_path: Path) -> None:
        with serving(site_of(30)) as site:
            for seconds in (6, 15, 40):  # a busy machine may need the first of them to begin
                slow = {"delay_seconds": seconds / 12}
                with pytest.raises(AssertionError, match="OutsideWindowError"):
                    run(self._portal(site, -3_600, seconds, budget=slow), tmp_path)
                if len(site.asked) > 3:
                    break
            with Capture(tmp_path) as capture:
                assert capture.visit.finished_at is None
                before = {page.url for page in capture.pages}
            assert 0 < len(before) < 30
            visit = run(a_portal(site.url + "/"), tmp_path)
            asked = [path for _, path in site.asked]
        assert visit.complete
        assert len(asked) == len(set(asked))
        with Capture(tmp_path) as capture:
            assert len(capture.pages) == 30
