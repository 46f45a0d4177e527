"""Links that offer another language, and words that only look like its code."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.foreign_languages import detect
from tests.indicators.make_capture import page, site_of


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ('<a href="https://en.ciudad.example/">English</a>', "yes"),
        ('<a href="https://en.ciudad.example/">EN</a>', "yes"),
        ('<a href="https://en.ciudad.example/">Versión English</a>', "yes"),
        ('<a href="https://otra.example/">Síguenos en</a>', "no"),
        ('<a href="https://twitter.com/ciudad_en">English</a>', "no"),
    ],
)
def test_a_link_offers_another_language(tmp_path: Path, link: str, answer: str) -> None:
    home = page(f"<h1>La ciudad</h1><p>Bienvenidos al portal de la ciudad.</p>{link}", lang="es")
    with site_of(tmp_path, {"/": home}) as site:
        assert run(detect, site).answer == answer


def test_what_a_copy_lacks_of_where_it_was_saved_offers_no_language(tmp_path: Path) -> None:
    came_from = '<link rel="canonical" href="http://www.ville.fr/">'
    home = page(
        '<h1>La ville</h1><a href="http://www.ville.fr/?lang=en">English</a>', lang="fr", head=came_from
    )
    with site_of(tmp_path, {"/": home}, archived=True) as site:
        assert run(detect, site).answer == "no"


@pytest.mark.parametrize(
    ("filler", "answer"),
    [("", "yes"), ("<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod.</p>", "no")],
)
def test_a_page_of_the_template_is_in_no_language(tmp_path: Path, filler: str, answer: str) -> None:
    text = (
        "We stand for the quality of our work and for the trust of the people who live and work in our city. "
    )
    home = page(
        '<h1>La ville</h1><p>Bienvenue sur le portail de la ville.</p><a href="/d">Détails</a>', lang="fr"
    )
    details = page(f"<h1>Departments</h1><p>{text}</p>{filler}<p>{text}</p>", lang="en")
    with site_of(tmp_path, {"/": home, "/d": details}, language="fr") as site:
        assert run(detect, site).answer == answer
