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
