"""The language of a page that declares none, or the wrong one."""

import pytest

from crawler.language import detect

TEXTS = {
    "fa": "اداره کل محیط زیست استان با هدف حفاظت از طبیعت و نظارت بر فعالیت واحدهای صنعتی",
    "ar": "تعلن وزارة البيئة عن فتح باب التقديم على الخدمات الإلكترونية للمواطنين",
    "ku": "وەزارەتی ژینگە ڕایدەگەیەنێت کە پێشکەشکردنی خزمەتگوزارییە ئەلیکترۆنییەکان بۆ هاووڵاتیان",
    "ur": "محکمہ صحت نے عوام کی سہولت کے لیے نئی خدمات شروع کر دی ہیں",
    "ps": "د روغتیا وزارت په ټولو ولایتونو کې د خلکو لپاره نوي خدمتونه پیل کړل",
}  # fmt: skip


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("declared", ["", "en"])
def test_letters_and_words_tell_languages_of_arabic_script(language: str, declared: str) -> None:
    assert detect(TEXTS[language], declared) == language


def test_persian_with_arabic_letters_is_persian() -> None:
    old = "ادارة كل راه و شهرسازي استان اعلام كرد كه اين طرح در سال آينده براي مردم اجرا مي شود"
    assert detect(old) == "fa"


def test_a_name_in_another_language_does_not_make_a_page_its() -> None:
    assert detect(f"{TEXTS['fa']}. {TEXTS['fa']}. کوردی ئێمە هۆڵ") == "fa"


def test_what_is_written_in_either_alphabet_is_believed() -> None:
    assert (
        detect("Wezareta Perwerdeyê ji bo xwendekaran xizmetên nû dest pê kir û hemû dibistan", "ku") == "ku"
    )
    assert detect(TEXTS["ku"], "ku") == "ku"
