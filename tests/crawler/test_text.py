"""Matching sees through the habits of Persian typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import digits_to_ascii, fold_space, normalize, word_count

WILD = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("يیىئكکةۀهؤأآإاںێıəन्दम्प\u093c\u200c\u200d\u0640\u064b\u0655ء۰٠0 \u00a0İßﷺﻻ"),
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتاب‌هاي علمي", "کتاب های علمی"),
        ("مُؤَسِّسـه", "موسسه"),
        ("آمار ۱۴۰۳", "امار ١٤٠٣"),
        ("رئیس", "رییس"),
        ("اداره‌ی كل", "اداره ی کل"),
        ("ادارۀ کل", "اداره کل"),
        ("ﺳﺎﻣﺎﻧﻪ", "سامانه"),
        ("Contact\u00a0\n US", "contact us"),
        ("بله\u200f", "بله"),
        ("اجزاء", "اجزا"),
        ("İLETİŞİM", "iletişim"),
        ("IHALE ILANLARI", "İhale ilanları"),
        ("ƏLAQƏ", "elaqe"),
        ("پەیوەندی بکە", "پهیوهندی بكه"),
        ("هەواڵەکان", "هەوالەکان"),
        ("ہمارے بارے میں", "همارى بارى مين"),
        ("हिन्दी", "हिंदी"),
        ("सम्पर्क", "संपर्क"),
        ("ज़िला", "जिला"),
        ("१२ मार्च २०२५", "12 मार्च 2025"),
        ("যোগাযোগ ১২৩", "যোগাযোগ 123"),
        ("র‌্যাব", "র্যাব"),
    ],
)
def test_variants_become_one(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


def test_different_words_stay_different() -> None:
    assert normalize("خدمات") != normalize("خدمت")
    assert normalize("۱۲") != normalize("۱۳")


@given(WILD)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(WILD)
def test_result_is_clean(text: str) -> None:
    result = normalize(text)
    assert not set(result) & set("يىكة\u200c\u200d\u0640\u064e۰۹٠٩")
    assert result == fold_space(result)


def test_digits_only() -> None:
    assert digits_to_ascii("تلفن ۰۲۱-٤٥٦ي") == "تلفن 021-456ي"


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("two words", 2), ("کمتر از سه", 3), ("联系我们", 2), ("下载 App", 2), ("数据集", 2)],
)
def test_words_are_counted_with_spaces_between_them_or_without(text: str, count: int) -> None:
    assert word_count(text) == count
