"""The agency's e-mail address on pages that are not about contacts."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.detector import run
from indicators.detectors.email_available import detect
from tests.indicators.make_capture import page, site_of


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("secretariat@mairielebois.fr", "yes"),
        ("accueil@le-bois.fr", "yes"),
        ("traiteur@bois.fr", "no"),
        ("traiteur@lebonrepas.fr", "no"),
    ],
)
def test_elsewhere_the_domain_spells_the_portals_name(tmp_path: Path, address: str, answer: str) -> None:
    pages = {
        "/": page(
            '<p>La commune</p><a href="/salle">La salle</a>', title="Mairie de Le Bois (77)", lang="fr"
        ),
        "/salle": page(f"<h1>La salle des fêtes</h1><p>Pour réserver : {address}</p>", lang="fr"),
    }
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer


def test_a_help_page_gives_the_agencys_address_at_whatever_domain(tmp_path: Path) -> None:
    pages = {
        "/": page('<p>La società pubblica</p><a href="/h">Serve aiuto?</a>', lang="it"),
        "/h": page("<h1>Serve aiuto?</h1><p>Scrivi a sportello@acque-della-valle.it</p>", lang="it"),
    }
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == "yes"


def test_the_studios_address_in_its_credit_is_not_the_agencys(tmp_path: Path) -> None:
    credit = "<footer>© Eichamt Webdesign: Agentur Blau, info@agentur-blau.de</footer>"
    pages = {
        "/": page(f'<p>Das Eichamt</p><a href="/k">Kontakt</a>{credit}', lang="de"),
        "/k": page(f"<h1>Kontakt</h1><p>Telefon: 0209 4050-0</p>{credit}", lang="de"),
    }
    with site_of(tmp_path, pages, archived=True) as site:
        assert run(detect, site).answer == "no"


@pytest.mark.parametrize(
    ("name", "address", "answer"),
    [
        ("PEC", "comune.valdorsa@legalmail.it", "yes"),
        ("Note", "info@valdorsa.it", "yes"),
        ("Note", "info@legalmail.it", "no"),
    ],
)
def test_a_page_of_addresses_or_a_domain_of_one_long_name(
    tmp_path: Path, name: str, address: str, answer: str
) -> None:
    pages = {
        "/": page(f'<p>Benvenuti</p><a href="/x">{name}</a>', title="Comune di Valdorsa", lang="it"),
        "/x": page(f"<h1>{name}</h1><p>Scrivere a {address}</p>", lang="it"),
    }
    with site_of(tmp_path, pages) as site:
        assert run(detect, site).answer == answer
