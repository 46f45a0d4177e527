"""What a report holds, file by file."""

from __future__ import annotations

import csv
import filecmp
import io
import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urldefrag

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.capture import Capture
from indicators.records import Evidence
from reports import tables
from reports.archive import Archive, _join, _placeholder
from reports.build import build, recommendations
from reports.pages import place_of, web_address
from reports.screenshots import MAX_BYTES
from reports.spots import Spot, find
from reports.words import LOCALES, Words, isolate
from tests.indicators.make_capture import make_capture
from tests.reports.conftest import Built
from tests.reports.sample import FORMULA, HOSTILE, STARTED


def pages(folder: Path) -> list[Path]:
    return [
        p
        for p in sorted(folder.rglob("*.html"))
        if p.relative_to(folder).parts[0] not in ("archive", "lighthouse")
    ]


def read(folder: Path, path: str) -> str:
    return (folder / path).read_text(encoding="utf-8")


def words_of(folder: Path, path: str) -> str:
    return " ".join(lxml.html.fromstring(read(folder, path)).text_content().split())


def test_one_page_for_the_province_each_agency_and_each_verdict(built: Built) -> None:
    per_language = 1 + 4 * (1 + 8)
    assert len(pages(built.folder)) == 2 * per_language


def test_every_link_leads_somewhere(built: Built) -> None:
    broken = []
    for file in [*pages(built.folder), *sorted((built.folder / "archive").rglob("*.html"))]:
        tree = lxml.html.fromstring(file.read_bytes())
        for element, attribute, link, _ in tree.iterlinks():
            if link.startswith(("http:", "https:", "mailto:", "tel:", "data:,", "data:image/svg+xml,")):
                continue
            path, fragment = urldefrag(link)
            target = (file.parent / unquote(path)).resolve() if path else file
            if not target.is_file() or not target.is_relative_to(built.folder):
                broken.append((file.name, element.tag, attribute, link))
            elif fragment and target.suffix == ".html":
                ids = lxml.html.fromstring(target.read_bytes()).xpath("//@id")
                if unquote(fragment) not in ids:
                    broken.append((file.name, element.tag, attribute, link))
    assert broken == []


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("width=300 height='120px'", ("300", "120")),
        ("width=32", ("32", "18")),
        ("height=90", ("160", "90")),
        ("width=100%", ("160", "90")),
        ("width=1 height=1", ("1", "1")),
        ("width=99999", ("160", "90")),
    ],
)
def test_a_picture_that_was_not_fetched_leaves_its_box(attributes: str, size: tuple[str, str]) -> None:
    alt = 'راه <b>"روستایی"</b> \u202e &amp;'
    drawn = _placeholder(lxml.html.fromstring(f"<img {attributes} alt='{alt}'>"))
    svg = lxml.etree.fromstring(unquote(drawn.removeprefix("data:image/svg+xml,")))
    assert (svg.get("width"), svg.get("height")) == size
    words = "".join(svg.itertext())
    assert words == ('راه <b>"روستایی"</b> &' if int(size[1]) >= 24 else "")


def test_links_to_portals_are_web_addresses_only(built: Built) -> None:
    schemes = {
        link.split(":")[0]
        for file in built.folder.rglob("*.html")
        for _, _, link, _ in lxml.html.fromstring(file.read_bytes()).iterlinks()
        if re.match(r"\s*[a-zA-Z][a-zA-Z0-9+.-]*:", link)
    }
    assert schemes == {"http", "https", "mailto", "data"}  # data: stands for what was not archived


def test_what_a_portal_says_is_only_ever_text(built: Built) -> None:
    for file in pages(built.folder):
        tree = lxml.html.fromstring(file.read_bytes())
        assert all("alert" not in (script.text or "") for script in tree.iter("script"))
        assert not tree.xpath("//@*[starts-with(name(), 'on')]")
        assert "\u202e" not in file.read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" in words_of(built.folder, "agencies/hostile/contact_info.html")
    assert "{{7*7}}" in words_of(built.folder, "agencies/hostile/contact_info.html")


def test_the_same_input_gives_the_same_bytes(built: Built, tmp_path: Path) -> None:
    again = tmp_path / "report"
    build(built.report, built.captures, again, screenshots=False)  # type: ignore[arg-type]
    (again / "leftover.txt").write_text("from an older report")
    # Built over an earlier report with pictures, they are taken over, not taken again.
    (built.folder / "screenshots" / "screenshots.json").touch()
    shutil.copytree(built.folder / "screenshots", again / "screenshots", dirs_exist_ok=True)
    build(built.report, built.captures, again, screenshots=False)  # type: ignore[arg-type]
    assert not (again / "leftover.txt").exists()
    ours = sorted(p.relative_to(built.folder) for p in built.folder.rglob("*") if p.is_file())
    theirs = sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert ours == theirs
    _, different, missing = filecmp.cmpfiles(built.folder, again, [str(p) for p in ours], shallow=False)
    assert (different, missing) == ([], [])
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_a_build_that_fails_leaves_the_earlier_report(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    build(built.report, built.captures, folder, languages=("en",), screenshots=False)  # type: ignore[arg-type]
    before = read(folder, "index.html")

    def broken(name: str) -> None:
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        build(built.report, broken, folder)  # type: ignore[arg-type]
    assert read(folder, "index.html") == before
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_one_language_alone_has_no_twin(built: Built, tmp_path: Path) -> None:
    index = build(built.report, lambda _: None, tmp_path / "r", languages=("en",), screenshots=False)
    tree = lxml.html.fromstring(index.read_bytes())
    assert tree.get("lang") == "en"
    assert not tree.xpath("//a[contains(@class, 'twin')]")
    assert not (tmp_path / "r" / "en").exists()


def test_both_calendars_and_persian_digits(built: Built) -> None:
    fa, en = words_of(built.folder, "index.html"), words_of(built.folder, "en/index.html")
    assert "۱ آذر ۱۴۰۴" in fa and "۲۲ نوامبر ۲۰۲۵" in fa
    assert "22 November 2025" in en and "1 Azar 1404" in en
    assert "ساعت \u2068۱۳:۰۰\u2069" in fa  # Tehran, three and a half hours ahead


def test_a_portal_that_was_down_is_named_with_its_reason(built: Built) -> None:
    en = words_of(built.folder, "en/index.html")
    unseen = en[en.index("Portals that could not be observed") :]
    assert "Damavand Water Company could not be reached – connection refused" in unseen
    assert "Culture Directorate the visit was interrupted" in unseen
    page = words_of(built.folder, "en/agencies/water/contact_info.html")
    assert "Not observable: could not be reached (connection refused)" in page


def test_open_points_are_a_band_not_a_zero(built: Built) -> None:
    tree = lxml.html.fromstring(read(built.folder, "en/index.html"))
    (row,) = tree.xpath("//div[@data-view='automatic']//tr[contains(@data-names, 'culture')]")
    assert [cell.text_content().split()[0] for cell in row.xpath(".//span[@class='share']")] == [
        "0–100%"
    ] * 5 + ["0%"]
    band = row.xpath(".//*[@class='bar-band']")[0]
    assert float(band.get("width")) == 100


def test_a_no_lists_where_it_was_looked_for(built: Built) -> None:
    page = words_of(built.folder, "en/agencies/roads/privacy_policy.html")
    assert "Looked for in vain" in page
    assert "roads.damavand.example/privacy" in page
    assert "answered with an error" in page
    assert "Say on a page of its own which data" in page  # how to mend it
    assert "The audit and the agency disagree." in page


def test_who_decided_is_said(built: Built) -> None:
    assert "Set by an analyst" in words_of(built.folder, "en/agencies/roads/tender_notices.html")
    assert "Said by the agency" in words_of(built.folder, "en/agencies/roads/egov_strategy.html")


def test_numbers_stand_beside_their_limits(built: Built) -> None:
    tree = lxml.html.fromstring(read(built.folder, "en/agencies/roads/download_speed.html"))
    (table,) = tree.xpath("//section[@aria-labelledby='details']//table[contains(@class, 'numbers')]")
    (largest, share) = [" ".join(row.text_content().split()) for row in table.xpath(".//tbody/tr")]
    assert largest.startswith(
        "Largest contentful paint2.1 s good: 2.5 s largest contentful paint: good up to"
    )
    assert "poor: 4 s" in largest and "web.dev/articles/lcp" in largest
    assert "80%" in share and "high: 75%" in share and "the assessment protocol" in share


def test_a_level_unfolds_to_its_numbers_limits_and_pages(built: Built) -> None:
    for language, reason in (("", "تا ۲٫۵ ثانیه خوب است"), ("en/", "good up to 2.5 s")):
        agency = lxml.html.fromstring(read(built.folder, f"{language}agencies/roads/index.html"))
        row = agency.xpath("//tr[.//a[contains(@href, 'download_speed')]]")[0]
        (unfolded,) = row.xpath("following-sibling::*[1]//details")
        page = lxml.html.fromstring(read(built.folder, f"{language}agencies/roads/download_speed.html"))
        (section,) = page.xpath("//section[@aria-labelledby='details']")
        for part in (unfolded, section):
            shown = " ".join(part.text_content().split())
            assert reason in shown
            (home, failed) = part.xpath(".//div/table/tbody/tr")
            assert [cell.text_content() for cell in home.xpath("td")] == (
                ["2.1 s", "180 ms"] if language else ["۲٫۱ ثانیه", "۱۸۰ میلی‌ثانیه"]
            )
            assert ("timed out" if language else "زمان به پایان رسید") in failed.text_content()


def test_lighthouse_is_copied_and_nothing_outside_its_folder(built: Built) -> None:
    assert {p.name for p in (built.folder / "lighthouse").iterdir()} == {"roads-1.html", "roads-1.json"}
    page = words_of(built.folder, "en/agencies/roads/index.html")
    assert "Performance86" in page
    assert "NO_FCP" in page
    links = lxml.html.fromstring(read(built.folder, "en/agencies/roads/index.html")).xpath("//a/@href")
    assert [link for link in links if "lighthouse/roads" in link] == [
        "../../../lighthouse/roads-1.html",
        "../../../lighthouse/roads-1.json",
    ]


@pytest.mark.parametrize(
    ("language", "value", "failure", "single", "taken"),
    [
        (
            "en",
            "2.1 s (good)1.89 – 2.52 s",
            "not measured: the page crashed",
            "1.89 s2.1 s2.52 s",
            "6 page loads, 72 requests, 1.5 MB",
        ),
        (
            "fa",
            "۲٫۱ ثانیه (خوب)۱٫۸۹ – ۲٫۵۲ ثانیه",
            "اندازه‌گیری نشد: صفحه در مرورگر فرو ریخت",
            "۱٫۸۹ ثانیه۲٫۱ ثانیه۲٫۵۲ ثانیه",
            "۶ بارگذاری صفحه",
        ),
    ],
)
def test_loading_is_shown_with_spread_limits_and_every_load(
    built: Built, language: str, value: str, failure: str, single: str, taken: str
) -> None:
    folder = "" if language == "fa" else "en/"
    page = lxml.html.fromstring(read(built.folder, f"{folder}agencies/roads/index.html"))
    (section,) = page.xpath("//section[@aria-labelledby='measurements']")

    def text(element: lxml.html.HtmlElement) -> str:
        return " ".join(re.sub(r"[\u2066-\u2069]", "", str(element.text_content())).split())

    (summary,) = section.xpath(".//table[contains(@class, 'loading')]")
    phone, desktop = summary.xpath("tbody/tr")
    assert text(phone).startswith("Home page" if language == "en" else "صفحهٔ نخست")
    assert value in text(phone) and value in text(desktop)
    assert failure in text(phone) and failure not in text(desktop)
    (more,) = section.xpath("details")
    assert single in text(more)
    for source in ("web.dev/articles/lcp", "web.dev/articles/cls", "web.dev/articles/ttfb"):
        assert source in text(more)
    assert taken in text(page)


def test_pictures_are_small_and_placed(built: Built) -> None:
    index = json.loads(read(built.folder, "screenshots/screenshots.json"))
    assert len(index["shots"]) == 5
    for shot in index["shots"].values():
        assert 0 < (built.folder / "screenshots" / shot["file"]).stat().st_size <= MAX_BYTES
        box = shot["box"]
        assert box["x"] >= 0 and box["x"] + box["width"] <= 1.001
        assert box["y"] >= 0 and box["y"] + box["height"] <= 1.001


def test_tables_agree_with_the_records(built: Built) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        text = (built.folder / "data" / f"{name}.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    scores = rows("scores")
    assert len(scores) == 4 * (5 + 5) * 3
    (one,) = [r for r in scores if (r["agency"], r["id"], r["view"]) == ("roads", "emerging", "final")]
    assert float(one["points"]) == built.report.agencies[0].scores.stages["emerging"]["final"].points
    indicators = rows("indicators")
    assert len(indicators) == 4 * 8
    assert [r["indicator"] for r in indicators if r["disagrees"] == "true" and r["agency"] == "roads"] == [
        "news",
        "privacy_policy",
    ]
    excerpts = [r["excerpt"] for r in rows("evidence")]
    assert "'" + FORMULA in excerpts
    assert not [
        cell
        for name in tables.COLUMNS
        for r in rows(name)
        for cell in r.values()
        if cell.startswith(("=", "@"))
    ]
    roads, _, _, culture = rows("visits")
    assert roads["refused_for"] == "could change something (2); robots.txt forbids it (1)"
    assert (roads["checked"], roads["checked_gained"], culture["checked"]) == ("3", "1", "")
    wrong = [(r["kind"], r["target"]) for r in rows("problems")]
    assert len(wrong) == 63
    assert wrong[-1] == ("broken_outside_link", "http://old.example/gone")
    document = json.loads(read(built.folder, "data/report.json"))
    assert document["format"] == tables.FORMAT
    assert [a["portal"]["id"] for a in document["agencies"]] == ["roads", "water", "hostile", "culture"]
    seen = document["agencies"][0]["findings"][0]["evidence"][0]
    assert (built.folder / seen["screenshot"]).is_file() and len(seen["box"]) == 4


def test_documented_columns_are_the_real_ones() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    for name, columns in tables.COLUMNS.items():
        section = text.split(f"### {name}.csv")[1].split("###")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(columns)


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    def blanks(tree: object, at: str = "") -> dict[str, list[str]]:
        if isinstance(tree, dict):
            return {k: v for key, part in tree.items() for k, v in blanks(part, f"{at}.{key}").items()}
        return {at: sorted(re.findall(r"\{\w+\}", tree)) if isinstance(tree, str) else [str(len(tree))]}  # type: ignore[arg-type]

    assert [p.stem for p in sorted(LOCALES.glob("*.yaml"))] == ["en", "fa"]
    fa, en = ({k: v for k, v in Words(x).tree.items() if k != "sentences"} for x in ("fa", "en"))
    assert blanks(fa) == blanks(en)
    for said, own in Words("fa").tree["sentences"].items():
        assert set(re.findall(r"\{\w+\}", own)) <= set(re.findall(r"\{\w+\}", said)), said


def test_every_indicator_a_portal_can_settle_has_a_recommendation() -> None:
    from indicators.model import load_model

    model = load_model("un_five_stage")
    wanted = {i.id for i in model.indicators if i.mode in ("presence", "graded")}
    assert {key for key in recommendations() if "." not in key} == wanted


def test_every_check_of_security_has_a_recommendation() -> None:
    from indicators.detectors.portal_security import CHECKS

    of_checks = {key for key in recommendations() if key.startswith("portal_security.")}
    assert of_checks == {f"portal_security.{check}" for check in CHECKS}


@pytest.mark.parametrize(
    ("value", "unit", "fa", "en"),
    [
        (2_345_678, "bytes", "۲٫۳۵ مگابایت", "2.35 MB"),
        (180, "ms", "۱۸۰ میلی‌ثانیه", "180 ms"),
        (2100, "ms", "۲٫۱ ثانیه", "2.1 s"),
        (171.4, "s", "۲ دقیقه و ۵۱ ثانیه", "2 min 51 s"),
        (0.024, "ratio", "۰٫۰۲۴", "0.024"),
        (0.86, "score", "۸۶", "86"),
    ],
)
def test_measures_read_as_people_write_them(value: float, unit: str, fa: str, en: str) -> None:
    assert Words("fa").measure(value, unit) == fa
    assert Words("en").measure(value, unit) == en


def test_ranges() -> None:
    assert Words("fa").range(0.4, 0.62) == "۴۰ تا ۶۲٪"
    assert Words("en").range(0.62, 0.62) == "62%"
    assert Words("fa").number(1234567.5) == "۱٬۲۳۴٬۵۶۷٫۵"


@given(st.text())
def test_a_cell_is_never_a_formula(text: str) -> None:
    cell = str(tables.cell(text))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert "\n" not in cell


@given(st.text())
def test_what_is_put_into_a_sentence_cannot_leave_its_isolate(text: str) -> None:
    inner = isolate(text)[1:-1]
    assert not set(inner) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text())
def test_only_web_addresses_become_links(text: str) -> None:
    for prefix in ("", "javascript:", "data:", " https://"):
        found = web_address(prefix + text)
        assert found == "" or found.startswith(("http://", "https://")) or found.lower().startswith("http")
    assert len(place_of(text)) <= 90
    joined = _join("https://a.example/b", text)
    assert joined is None or joined.lower().startswith(("http:", "https:"))


def test_what_stands_behind_the_end_of_a_document_is_in_its_copy(tmp_path: Path) -> None:
    source = "<html><body><p>Water office</p></body></html><footer><p id=t>Telephone 044</p></footer>"
    with Capture(make_capture(tmp_path / "capture", {"/": source})) as capture:
        page = capture.pages[0]
        archive = Archive(capture, tmp_path / "report", "portal", lambda _: "<p>Copy</p>")
        spot = Spot("r", "//*[@id='t']", "Telephone 044")
        archive.write({page.id: [spot]})
        copy = archive.copy_of(page.record_id or "")
    assert copy is not None and spot.key in copy.spots
    assert "Telephone 044" in (tmp_path / "report" / copy.path).read_text("utf-8")


def test_a_spot_is_found_by_path_else_by_words() -> None:
    page = lxml.html.document_fromstring(
        "<html><body><div><p>كتاب‌ها</p><p id=a>تلفن: <b>۰۴۴</b></p></div>"
        "<script>تلفن: ۰۴۴</script></body></html>"
    )

    def at(locator: str, excerpt: str) -> object:
        found = find(page, Spot("r", locator, excerpt))
        return None if found is None else (found.tag, found.get("id"))

    assert at("/html/body/div/p[2]", "تلفن: ۰۴۴") == ("p", "a")
    assert at("/html/body/div", "۰۴۴") == ("b", None)  # narrowed to the words
    assert at("/html/body/div", "کتاب ها تلفن") == ("div", None)  # over two blocks
    assert at("/html/body/table", "تلفن: 044") == ("p", "a")
    assert at("]broken[", "کتاب ها") == ("p", None)
    assert at("/html/body/div/p[2]/b/text()", "") == ("b", None)
    assert at("/html/body/div", "کتاب‌ها … تلفن") == ("div", None)  # the whole of what is quoted in pieces
    assert at("/html/body/form", "کتاب‌ها … تلفن") == ("p", None)
    assert at("", "نیست") is None
    assert (
        Spot.of(Evidence(url="u", seen_at=STARTED, kind="text", excerpt=HOSTILE)).key != Spot("", "", "").key
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "Requests48",
                "Highest rate2.5",
                "could change something: 2",
                "robots.txt forbids it: 1",
                "this share: 3. The browser showed clearly more of: 1.",
            ),
        ),
        (
            "fa",
            (
                "درخواست‌ها۴۸",
                "ممکن بود چیزی را تغییر دهد: ۲",
                "robots.txt اجازه نمی‌دهد: ۱",
                "این صفحه‌ها: ۳. مرورگر از این شمار آشکارا بیشتر نشان داد: ۱.",
            ),
        ),
    ],
)
def test_an_agencys_page_shows_what_the_visit_took(
    built: Built, language: str, said: tuple[str, ...]
) -> None:
    folder = "" if language == "fa" else "en/"
    page = words_of(built.folder, f"{folder}agencies/roads/index.html")
    shown = re.sub(r"[\u2066-\u2069]", "", page)
    for words in (*said, "Disallow: /admin/"):
        assert words in shown
