"""Controls that change the display."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.display_personalization import detect
from indicators.records import Finding
from tests.indicators.make_capture import page, site_of


def judge(folder: Path, body: str) -> Finding:
    with site_of(folder, {"/": page(f"<header>{body}</header><p>درگاه اداره کل راه استان</p>")}) as site:
        return run(detect, site)


SIZE = '<button aria-label="بزرگ‌تر کردن متن">الف+</button>'
CONTRAST = '<a href="javascript:void(0)" title="High Contrast">A</a>'
THEME = '<button class="btn theme-toggle"><svg></svg></button>'


@pytest.mark.parametrize(
    ("body", "answer", "controls"),
    [
        (SIZE, "low", "text_size"),
        ("<a href='#'>A+</a> <a href='#'>A-</a>", "low", "text_size"),
        ("<button>تكبير الخط</button><button>تصغير الخط</button>", "low", "text_size"),
        (SIZE + CONTRAST, "high", "contrast, text_size"),
        (SIZE + CONTRAST + THEME, "very_high", "contrast, text_size, theme"),
        ("<a href='#'><img alt='Red theme'></a><a href='#'><img alt='Black theme'></a>", "low", "theme"),
        ("<button>الوضع الليلي</button><button>استمع إلى النص</button>", "high", "reading_aid, theme"),
    ],
)
def test_the_kinds_of_controls_make_the_level(tmp_path: Path, body: str, answer: str, controls: str) -> None:
    finding = judge(tmp_path, body)
    assert (finding.answer, finding.details["controls"]) == (answer, controls)


def test_what_shows_a_control_stands_in_the_page(tmp_path: Path) -> None:
    assert [e.excerpt for e in judge(tmp_path, THEME).evidence] == ["theme-toggle"]
    assert [e.excerpt for e in judge(tmp_path, CONTRAST).evidence] == ["High Contrast"]


@pytest.mark.parametrize(
    "body",
    [
        "<button>☰ منو</button><button>EN</button><button>جستجو</button>",
        '<a href="/news/contrast">High contrast imaging of tumours</a>',
        '<a href="/screen-reader">Screen Reader Access</a>',
        '<a href="#">این سایت را صفحه خانگی کنید</a>',
    ],
)
def test_menus_languages_and_articles_change_nothing(tmp_path: Path, body: str) -> None:
    finding = judge(tmp_path, body)
    assert (finding.answer, bool(finding.visited)) == ("none", True)


def test_the_captions_of_a_panel_that_every_page_has(tmp_path: Path) -> None:
    panel = (
        "<div class='tools'><div><div>حجم الخط</div><span>A</span><span>A</span></div>"
        "<div><div>عكس الألوان</div><span></span></div></div>"
    )
    tips = "<main><h2>حجم الخط</h2><p>استعمل عجلة الفأرة.</p><h2>التباين</h2><p>من إعدادات الجهاز.</p></main>"
    for name, inner, answer in (("panel", panel, "high"), ("one", "<div>حجم الخط</div>", "none")):
        pages = {
            f"/{n or ''}": page(f"{inner}<p>صفحة رقم {n} عن أعمال الهيئة</p>", lang="ar") for n in range(5)
        }
        with site_of(tmp_path / name, pages) as site:
            assert run(detect, site).answer == answer
    home = page('<p>الهيئة العامة</p><a href="/tips">دليل</a>', lang="ar")
    with site_of(tmp_path / "tips", {"/": home, "/tips": page(tips, lang="ar")}) as site:
        assert run(detect, site).answer == "none"


ICON = '<a href="#" class="{}"><img src="/i.png" alt=""></a>'


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (f'<div id="changesize">{ICON.format("fa fa-plus increase")}{ICON.format("decrease")}</div>', "low"),
        ('<span id="incfont" onclick="x()"></span><span id="decfont" onclick="y()"></span>', "low"),
        (f'<div class="cart">{ICON.format("plus")}{ICON.format("minus")}</div>', "none"),
        (f'<div id="changesize">{ICON.format("increase")}</div>', "none"),
    ],
)
def test_pictures_that_only_their_names_explain(tmp_path: Path, body: str, answer: str) -> None:
    assert judge(tmp_path, body).answer == answer


def test_marking_links_is_a_control_of_its_own(tmp_path: Path) -> None:
    marks = "<button>تمييز الروابط</button>"
    finding = judge(tmp_path, "<button>تكبير الخط</button><button>تباين عالٍ</button>" + marks)
    assert finding.answer == "very_high"


def test_a_version_for_the_visually_impaired_is_a_control(tmp_path: Path) -> None:
    pages = {
        "/": page('<h1>Город</h1><p><a href="/vision">Версия для слабовидящих</a></p>', lang="ru"),
        "/vision": page("<h1>Город</h1><p>Крупный шрифт, чёрным по белому.</p>", lang="ru"),
    }
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == "low"
