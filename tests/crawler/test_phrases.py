"""Phrases of refusal in each language, as pages show them, and words that only look like them."""

import pytest

from crawler.phrases import FOLDER, Kind, phrases, said
from crawler.text import normalize


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("not_found", "خطا: صفحه‌ي مورد نظر يافت نشد!"),
        ("not_found", "عفواً، الصفحة غير موجودة"),
        ("not_found", "ARADIĞINIZ SAYFA BULUNAMADI"),
        ("not_found", "Səhifə tapılmadı"),
        ("not_found", "ببوورە، پەڕەکە نەدۆزرایەوە"),
        ("not_found", "معذرت، مطلوبہ صفحہ نہیں ملا"),
        ("not_found", "Maaf, halaman yang Anda cari tidak ditemukan"),
        ("not_found", "क्षमा करें, पृष्ठ नहीं मिला"),
        ("not_found", "দুঃখিত, পৃষ্ঠাটি পাওয়া যায়নি"),
        ("login_required", "Bu sayfayı görmek için giriş yapın: lütfen giriş yapınız"),
        ("challenge", "Tarayıcınız kontrol ediliyor"),
        ("search", "Site İçi Arama"),
        ("search", "खोजें"),
        ("search", "dnn_dnnsearch_txtsearch"),
        ("login_page", "/users/userlogin.aspx"),
        ("sends", "Oyunu Gönder"),
        ("nothing_found", "نتيجه‌اي براي «ظضغ» يافت نشد."),
        ("nothing_found", "۰ نتیجه"),
        ("nothing_found", "Aucun résultat pour votre recherche"),
        ("nothing_found", "По вашему запросу ничего не найдено"),
        ("did_you_mean", "آیا منظور شما «کمربندی» بود؟"),
        ("did_you_mean", "Meinten Sie: Genehmigung?"),
    ],
)
def test_what_pages_say(kind: Kind, text: str) -> None:
    assert said(kind, normalize(text))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("search", "Karar ara­cılığıyla alındı: karar"),
        ("login_page", "Kritik dan masukan"),
        ("login_page", "/authority/about"),
        ("login_page", "ورودی شهر"),
        ("changes", "silah ruhsatı"),
        ("not_found", "صفحه اصلی"),
        ("nothing_found", "۱۰ نتیجه یافت شد"),
        ("nothing_found", "10 results"),
    ],
)
def test_what_only_sounds_like_it(kind: Kind, text: str) -> None:
    assert not said(kind, normalize(text))


def test_every_language_says_the_essentials() -> None:
    essentials = ("not_found", "login_required", "login_page", "search", "changes", "sends", "nothing_found")
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for kind in essentials:
            assert f"\n{kind}:" in text, f"{path.name} has no {kind}"
    assert len(phrases("not_found")) > 50
