"""Maps and geographic data about the agency's field."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.gis_data import detect
from indicators.records import Finding
from tests.indicators.make_capture import START, page, site_of

GEO = ("application/geo+json", '{"type": "FeatureCollection", "features": []}')


def judge(
    folder: Path, body: str, files: dict[str, tuple[str, str]] | None = None, start: str = START
) -> Finding:
    pages = {"/": page('<p>آب</p><a href="/map">نقشه تأسیسات</a>'), "/map": page(body)}
    with site_of(folder, pages, files=files, start=start) as site:
        return run(detect, site)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/f/wells.geojson", GEO),
        ("/f/projects.json", ("application/json", GEO[1])),
        ("/f/roads.kml", ("application/vnd.google-earth.kml+xml", "<kml>")),
    ],
)
def test_a_file_of_geographic_data(tmp_path: Path, path: str, file: tuple[str, str]) -> None:
    finding = judge(tmp_path, f'<h1>نقشه</h1><a href="{path}">دریافت لایه چاه‌ها</a>', {path: file})
    assert (finding.answer, finding.evidence[0].excerpt) == ("yes", "دریافت لایه چاه‌ها")


@pytest.mark.parametrize(
    ("title", "layers"),
    [
        ("سامانه نقشه استان", "لایه‌ها: چاه‌ها، مخازن"),
        ("خريطة تفاعلية", "الطبقات: الآبار، الخزانات"),
        ("Interactive map", "Layers: wells, tanks"),
    ],
)
def test_a_map_with_layers_to_switch(tmp_path: Path, title: str, layers: str) -> None:
    boxes = '<label><input type="checkbox">۱</label><label><input type="checkbox">۲</label>'
    finding = judge(tmp_path, f"<h1>{title}</h1><p>{layers}</p>{boxes}<canvas></canvas>")
    assert (finding.answer, finding.evidence[0].note) == ("yes", "map_layers")


def test_a_geographic_service_on_a_sister_host(tmp_path: Path) -> None:
    link = '<a href="https://maps.agency.ir/geoserver/web">سرویس مکانی</a>'
    finding = judge(tmp_path, link, start="https://www.agency.ir/")
    assert (finding.answer, finding.evidence[0].note) == ("yes", "geographic_service")


@pytest.mark.parametrize(
    "body",
    [
        '<h1>نقشه محل اداره کل</h1><iframe src="https://www.google.com/maps/embed?pb=!1m14"></iframe>',
        '<h1>پیوندها</h1><a href="https://141.ir/">نقشه تعاملی راه‌های کشور</a>',
        '<h1>نقشه سایت</h1><ul><li><a href="/map">لایه</a></li></ul>',
        "<h1>سامانه نقشه</h1><p>در دست ساخت</p>",
        '<h1>نقشه</h1><a href="/f/dead.geojson">لایه چاه‌ها</a>',
        '<h1>نقشه</h1><img src="/map.png" alt="نقشه"><p>دفتر ما کنار میدان اصلی شهر است.</p>',
    ],
)
def test_pins_links_to_other_bodies_and_promises_are_no_data(tmp_path: Path, body: str) -> None:
    assert judge(tmp_path, body).answer == "no"


def test_a_list_of_the_places_visited(tmp_path: Path) -> None:
    finding = judge(
        tmp_path, "<h1>اطلاعات مکانی</h1><p>از این بخش دیدن کنید، نقشه‌ها را در دفتر ما ببینید.</p>"
    )
    assert START + "map" in {place.url for place in finding.visited}


def test_whatever_its_name_a_page_with_switches_of_layers_is_a_map(tmp_path: Path) -> None:
    switch = '<label for="{0}"><input type="checkbox" id="{0}"><span>لایه {1}</span></label>'
    both = switch.format("a", "معابر") + switch.format("b", "ماهواره‌ای")
    pages = {"/": page('<p>شهر</p><a href="/r">ضوابط ملک شما</a>'), "/r": page(f'{both}<div id="map"></div>')}
    with site_of(tmp_path / "two", pages) as site:
        finding = run(detect, site)
    assert (finding.answer, [e.excerpt for e in finding.evidence]) == ("yes", ["لایه معابر"])
    pages["/r"] = page(switch.format("a", "معابر"))
    with site_of(tmp_path / "one", pages) as site:
        assert run(detect, site).answer == "no"


def test_a_map_beside_a_portal_of_which_a_copy_was_saved(tmp_path: Path) -> None:
    head = '<base href="http://www.example.ac.ir/">'
    for host, answer in (("map.example.ac.ir", "yes"), ("map.example.org", "no")):
        body = f'<a href="news/1">خبر</a> <a href="http://{host}/">نقشه شهر</a>'
        pages = {"/": page(body, head=head)}
        with site_of(tmp_path / answer, pages, archived=True, start="http://127.0.0.1:8000/") as site:
            assert run(detect, site).answer == answer


@pytest.mark.parametrize(("count", "answer"), [(12, "yes"), (6, "no")])
def test_a_copy_was_saved_from_where_most_of_its_addresses_lie(
    tmp_path: Path, count: int, answer: str
) -> None:
    own = "".join(
        f'<a href="http://www.liman-example.bel.tr/sayfa?id={n}">Sayfa {n}</a> ' for n in range(count)
    )
    others = "".join(f'<a href="http://www.other{n}-example.org/">Kurum {n}</a> ' for n in range(4))
    way = '<a href="http://webgis.liman-example.bel.tr/keos/">İmar durumu</a>'
    home = page(f"<p>{own}</p><p>{others}</p>{way}", lang="tr")
    with site_of(tmp_path, {"/": home}, archived=True, start="http://127.0.0.1:8000/") as site:
        assert run(detect, site).answer == answer


def test_a_system_on_a_host_of_the_agency_is_named_as_a_map(tmp_path: Path) -> None:
    link = '<a href="http://wilayah.example.ir/">Sistem Kewilayahan Berbasis WebGIS</a>'
    with site_of(tmp_path, {"/": page(f"<h1>Kabupaten</h1><p>{link}</p>", lang="id")}) as site:
        assert run(detect, site).answer == "yes"


@pytest.mark.parametrize(("host", "answer"), [("gis", "yes"), ("www2", "no")])
def test_a_link_to_a_host_that_is_named_after_maps(tmp_path: Path, host: str, answer: str) -> None:
    link = f'<h1>Γεωπύλη</h1><a href="https://{host}.dimos.gr/">Άνοιγμα</a>'
    finding = judge(tmp_path, link, start="https://www.dimos.gr/")
    assert finding.answer == answer
