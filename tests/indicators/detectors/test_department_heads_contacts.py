"""Managers and how to reach them."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.department_heads_contacts import detect
from tests.indicators.make_capture import page, site_of

HEADS = {"saude": "Ana Souza Lima", "obras": "Rui Alves Melo", "fazenda": "Eva Costa Braga"}


@pytest.mark.parametrize(("folder", "answer"), [("secretarias", "yes"), ("paginas", "no")])
def test_heads_on_pages_of_their_own_are_one_section(tmp_path: Path, folder: str, answer: str) -> None:
    links = "".join(f'<a href="/{folder}/{name}.html">{name.title()}</a>' for name in HEADS)
    pages = {"/": page(f"<h1>Prefeitura</h1><p>Bem-vindo ao portal da cidade.</p>{links}", lang="pt")}
    for name, head in HEADS.items():
        title = f"<h2>Secretaria Municipal: {name}</h2>"
        mail = f"<p>E-mail: {name}@cidade.rs.gov.br</p>"
        pages[f"/{folder}/{name}.html"] = page(f"{title}<h5>Secretário: {head}</h5>{mail}", lang="pt")
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("lang", "posts", "names"),
    [
        (
            "nl",
            ["Burgemeester", "Wethouder", "Gemeentesecretaris"],
            ["Marian de Vries", "Jan van den Berg", "Piet Bos"],
        ),
        ("pl", ["Starosta", "Wicestarosta", "Naczelnik"], ["Łukasz Żak", "Stanisława Ćwik", "Jan Śliwa"]),
    ],
)
def test_names_begin_with_the_capitals_of_their_language_and_have_its_particles(
    tmp_path: Path, lang: str, posts: list[str], names: list[str]
) -> None:
    told = zip(posts, names, strict=True)
    rows = "".join(
        f"<tr><td>{post}</td><td>{name}</td><td>0{n}1@x.{lang}</td></tr>"
        for n, (post, name) in enumerate(told)
    )
    with site_of(
        tmp_path, {"/": page(f"<h1>{posts[0]}</h1><table>{rows}</table>", lang=lang)}, language=lang
    ) as site:
        assert run(detect, site).answer == "yes"


@pytest.mark.parametrize(
    ("lang", "menu", "rows"),
    [
        (
            "tr",
            "Müdürlükler",
            "<tr><th>Müdürlük</th><th>Müdür</th><th>Dahili</th></tr>"
            "<tr><td>Fen İşleri</td><td>Şule Demir</td><td>0 232 555 10 20</td></tr>"
            "<tr><td>Zabıta</td><td>İlhan Kaya</td><td>0 232 555 10 21</td></tr>"
            "<tr><td>Mali Hizmetler</td><td>Hasan Yıldız</td><td>0 232 555 10 22</td></tr>",
        ),
        (
            "id",
            "Profil Pejabat",
            "<tr><th>Nama</th><th>Jabatan</th><th>Kontak</th></tr>"
            "<tr><td>Drs. H. Asep Suryana, M.Si</td><td>Kepala Dinas</td><td>(0266) 432101</td></tr>"
            "<tr><td>Rina Marlina, S.Kom</td><td>Kepala Bidang Aplikasi</td><td>(0266) 432102</td></tr>"
            "<tr><td>Dedi Kurniawan, SE</td><td>Sekretaris</td><td>-</td></tr>",
        ),
        (
            "az",
            "Rəhbərlik",
            "<tr><td>Əli Məmmədov</td><td>Nazir</td><td>(012) 596-50-33</td></tr>"
            "<tr><td>Şahin Kərimov</td><td>Nazir müavini</td></tr>"
            "<tr><td>Leyla Əliyeva</td><td>Nazir müavini</td></tr>",
        ),
    ],
)
def test_names_in_tables_as_they_are_written(tmp_path: Path, lang: str, menu: str, rows: str) -> None:
    pages = {
        "/": page(f'<p>Portal</p><a href="/x">{menu}</a>', lang=lang),
        "/x": page(f"<h1>{menu}</h1><table>{rows}</table>", lang=lang),
    }
    with site_of(tmp_path, pages, language=lang) as site:
        assert run(detect, site).answer == "yes"


def test_bodies_below_a_post_are_no_managers(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{x}</td><td>{x} Müdürlüğü</td><td>0 232 555 10 20</td></tr>" for x in "ABC")
    table = f"<table><tr><th>Birim</th><th>Müdür</th><th>Dahili</th></tr>{rows}</table>"
    pages = {
        "/": page('<p>Belediye</p><a href="/x">Müdürlükler</a>', lang="tr"),
        "/x": page(f"<h1>Müdürlükler</h1>{table}", lang="tr"),
    }
    with site_of(tmp_path, pages, language="tr") as site:
        assert run(detect, site).answer == "no"


def test_posts_as_headings_above_who_holds_them(tmp_path: Path) -> None:
    body = (
        "<h3>Υπουργός</h3><p>Αλέξανδρος Νικολάου</p><p>τηλ. 213 137 1000</p>"
        "<h3>Υφυπουργός</h3><p>Ελένη Μαυρίδου</p><h3>Γενικός Γραμματέας</h3><p>Ιωάννης Στεφάνου</p>"
    )
    pages = {
        "/": page('<p>x</p><a href="/x">Πολιτική ηγεσία</a>', lang="el"),
        "/x": page(f"<h1>Πολιτική ηγεσία</h1>{body}", lang="el"),
    }
    with site_of(tmp_path, pages, language="el") as site:
        finding = run(detect, site)
        assert (finding.answer, finding.details["managers"]) == ("yes", 3)


@pytest.mark.parametrize(
    ("lang", "post", "names", "answer"),
    [
        ("pt", "Vereador", ("Ana De Sousa Lima", "Rui José de Brito Neto", "Luís Pinto Dos Reis"), "yes"),
        (
            "es",
            "Director",
            ("Ana María de la Fuente Ruiz", "José Luis del Olmo Sanz", "Eva Gil de Haro"),
            "yes",
        ),
        ("pt", "Diretor", ("Centro de Formação", "Imprensa Municipal", "Unidade de Compras"), "no"),
    ],
)
def test_particles_in_names(
    tmp_path: Path, lang: str, post: str, names: tuple[str, ...], answer: str
) -> None:
    cards = "".join(
        f'<div>{post}</div><h2>{name}</h2><p><a href="mailto:p{n}@x.example">E-mail</a></p>'
        for n, name in enumerate(names)
    )
    menu = {"pt": "Vereadores", "es": "Directivos"}[lang]
    pages = {
        "/": page(f'<p>Portal</p><a href="/x">{menu}</a>', lang=lang),
        "/x": page(f"<h1>{menu}</h1>{cards}", lang=lang),
    }
    with site_of(tmp_path, pages, language=lang) as site:
        assert run(detect, site).answer == answer


@pytest.mark.parametrize(
    ("lang", "card"),
    [
        (
            "it",
            "V. Verdi {n} 10124 Torino<br>Responsabile: {name}<br>Tel: 011 670990{n}<br>Email: x{n}@x.it",
        ),
        ("en", "{n} High Street<br>Manager: {name},<br>Telephone: 01632 96000{n}"),
    ],
)
def test_names_behind_their_post_on_a_card_that_begins_with_an_address(
    tmp_path: Path, lang: str, card: str
) -> None:
    names = ("Claudia GROSSO", "Francesco Spina", "Maria Pina Bombino")
    cells = "".join(f"<tr><td>{card.format(n=n, name=name)}</td></tr>" for n, name in enumerate(names, 2))
    pages = {"/": page("<a href='/u'>Sedi</a>", lang=lang), "/u": page(f"<table>{cells}</table>", lang=lang)}
    with site_of(tmp_path, pages, language=lang) as site:
        assert run(detect, site).answer == "yes"
    nobody = cells
    for name in names:
        nobody = nobody.replace(name, "vedi sotto")
    with site_of(
        tmp_path / "no", pages | {"/u": page(f"<table>{nobody}</table>", lang=lang)}, language=lang
    ) as site:
        assert run(detect, site).answer == "no"
