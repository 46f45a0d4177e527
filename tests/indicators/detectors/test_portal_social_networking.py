"""Forum, comments, replies, share buttons."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.portal_social_networking import detect
from indicators.records import Finding
from tests.indicators.make_capture import PageSpec, page, site_of

HOME = page('<p>سازمان</p><a href="/x">صفحه</a>')


def judge(folder: Path, pages: Mapping[str, PageSpec], **options: object) -> Finding:
    with site_of(folder, pages, None, **options) as site:
        return run(detect, site)


COMMENTS = """<h1>افتتاح پل</h1><h2>{heading}</h2>{said}<form method="post" action="/k"><textarea name="t">
  </textarea><button>{button}</button></form>"""
TOPICS = "".join(f'<li><a href="/x/{n}">چگونه پروانه بگیریم {n}</a></li>' for n in range(4))


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (f"<h1>تالار گفتگو</h1><ul>{TOPICS}</ul>", "very_high"),
        (
            COMMENTS.format(
                heading="دیدگاه‌ها",
                said="<p>کی باز می‌شود؟</p><p>پاسخ روابط عمومی: هفته آینده برای همه باز می‌شود.</p>",
                button="فرستادن دیدگاه",
            ),
            "high",
        ),
        (COMMENTS.format(heading="دیدگاه شما", said="", button="ارسال دیدگاه"), "medium"),
        (COMMENTS.format(heading="Leave a comment", said="", button="Post comment"), "medium"),
        (COMMENTS.format(heading="أضف تعليقا", said="", button="إرسال"), "medium"),
        ('<h1>خبر</h1><a href="https://t.me/share/url?url=x"><img alt="تلگرام" src="t.png"></a>', "low"),
        ('<h1>خبر</h1><div class="box addthis_toolbox"></div><p>متن خبر</p>', "low"),
        ('<h1>خبر</h1><a href="https://www.facebook.com/share/p/1Ab2Cd3Ef4/">Facebook</a>', "low"),
    ],
)
def test_levels(tmp_path: Path, body: str, answer: str) -> None:
    pages: dict[str, PageSpec] = {"/": HOME, "/x": page(body)}
    pages |= {f"/x/{n}": page(f"<h1>موضوع {n}</h1><p>گفتگو درباره آن</p>") for n in range(4)}
    finding = judge(tmp_path, pages)
    assert finding.answer == answer
    assert finding.evidence[0].url.endswith("/x")


@pytest.mark.parametrize(
    "body",
    [
        '<h1>خبر</h1><a href="https://t.me/agency_channel">کانال ما در تلگرام</a>',
        '<h1>خبر</h1><a href="https://www.facebook.com/share/1Ab2Cd3Ef4/?mibextid=x">Facebook</a>',
        '<h1>تماس با ما</h1><form method="post" action="/m"><textarea name="m"></textarea><button>ارسال پیام'
        "</button></form>",
        "<h1>World economic forum</h1><p>The minister spoke in Davos.</p>",
    ],
)
def test_accounts_contact_forms_and_conferences_are_nothing(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, {"/": HOME, "/x": page(body)}).answer == "none"


def test_an_embedded_page_of_a_network_is_no_share_button(tmp_path: Path) -> None:
    frame = '<iframe src="https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fx"></iframe>'
    with site_of(tmp_path, {"/": page(f"<h1>Amt</h1>{frame}", lang="de")}) as site:
        assert run(detect, site).answer == "none"
