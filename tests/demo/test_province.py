"""The province as a whole: it is served, portals can be down, and it says what is wrong."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import subprocess
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from ruamel.yaml import YAML

from demo import authority
from demo.province import AGENCIES, GATEWAY, PORTALS, Province, ProvinceError, Service


def test_a_portal_answers_on_a_free_port_and_stops_at_the_end() -> None:
    with Province(ports="free", only=["roads"]) as province:
        address = province.url("roads")
        with urllib.request.urlopen(address) as response:
            assert response.status == 200
            assert "راهداری" in response.read().decode()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address)


def test_a_portal_that_is_down_stays_listed_and_refuses(tmp_path: Path) -> None:
    with Province(ports="free", only=["roads", "agriculture"], without=["agriculture"]) as province:
        entries = YAML(typ="safe").load(province.agencies_file(tmp_path))["agencies"]
        assert [e["id"] for e in entries] == ["roads", "agriculture"]
        assert entries[1]["start"] == province.url("agriculture") + "/"
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(entries[1]["start"])


def test_a_taken_port_is_named_with_the_mend_and_nothing_stays_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 8602))
        taken.listen()
        with (
            pytest.raises(ProvinceError, match=r"port 8602 .*--without agriculture"),
            Province(host="127.0.0.2", only=["roads", "agriculture"]),
        ):
            pass
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.2", 8601)) != 0


def test_an_unknown_portal_is_refused() -> None:
    with pytest.raises(ProvinceError, match="tourism"):
        Province(without=["tourism"])


def test_the_shipped_agencies_file_names_every_portal_at_its_fixed_address() -> None:
    content = YAML(typ="safe").load(AGENCIES)
    starts = {entry["id"]: entry["start"] for entry in content["agencies"]}
    assert starts == {s.id: f"{s.scheme}://127.0.0.1:{s.port}/" for s in PORTALS if s.id != GATEWAY}
    assert {entry["kind"] for entry in content["agencies"]} <= set(content["kinds"])
    by_scheme = {e["id"] for e in content["agencies"] if "certificate_authority" in e}
    assert by_scheme == {s.id for s in PORTALS if s.scheme == "https"}


@pytest.fixture
def behind_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    secured = tuple(Service("roads", s.port, "https") if s.id == "roads" else s for s in PORTALS)
    monkeypatch.setattr("demo.province.PORTALS", secured)


@pytest.mark.usefixtures("behind_tls")
def test_https_is_trusted_only_by_who_knows_the_authority() -> None:
    with Province(ports="free", only=["roads"]) as province:
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(province.url("roads"))
        trust = ssl.create_default_context(cafile=str(province.ca_pem))
        with urllib.request.urlopen(province.url("roads"), context=trust) as response:
            assert response.status == 200


@pytest.mark.usefixtures("behind_tls")
def test_a_client_that_never_shakes_hands_blocks_nobody() -> None:
    with Province(ports="free", only=["roads"]) as province:
        parts = urlsplit(province.url("roads"))
        trust = ssl.create_default_context(cafile=str(province.ca_pem))
        with (
            socket.create_connection((parts.hostname, parts.port)),
            urllib.request.urlopen(province.url("roads"), context=trust, timeout=5) as response,
        ):
            assert response.status == 200


def test_the_agencies_file_brings_the_authority_along(tmp_path: Path) -> None:
    with Province(ports="free", only=["water"], without=["water"]) as province:
        file = province.agencies_file(tmp_path)
        (entry,) = YAML(typ="safe").load(file)["agencies"]
        assert entry["start"].startswith("https://")
        assert (file.parent / entry["certificate_authority"]).read_bytes() == province.ca_pem.read_bytes()


def test_certificates_are_kept_private_and_renewed_before_they_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "certificates"
    ca, server = authority.ensure_certificates(folder)
    assert stat.S_IMODE(server.stat().st_mode) == 0o600
    first = ca.read_bytes()
    leaf = x509.load_pem_x509_certificates(server.read_bytes())[0]
    assert {
        str(n.value) for n in leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    } == {
        "127.0.0.1",
        "localhost",
    }
    assert leaf.not_valid_after_utc < datetime.now(UTC) + timedelta(days=400)

    authority.ensure_certificates(folder)
    assert ca.read_bytes() == first

    monkeypatch.setattr(authority, "LIFETIME", timedelta(days=20))
    server.unlink()
    authority.ensure_certificates(folder)
    short = ca.read_bytes()
    monkeypatch.undo()
    authority.ensure_certificates(folder)
    assert ca.read_bytes() not in (first, short)
    assert stat.S_IMODE(server.stat().st_mode) == 0o600


def test_the_command_serves_until_it_is_told_to_end() -> None:
    others = [s.id for s in PORTALS if s.id != "roads"]
    command = [sys.executable, "-m", "demo", "serve", *(f"--without={name}" for name in others)]
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 8601)) == 0:
            pytest.skip("the province is already being served on its fixed ports")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "100"}
    ) as process:
        assert process.stdout is not None
        shown = ""
        while "Ctrl-C" not in shown:
            line = process.stdout.readline()
            assert line, "ended early"
            shown += line
        try:
            assert "http://127.0.0.1:8601" in shown
            with urllib.request.urlopen("http://127.0.0.1:8601/") as response:
                assert response.status == 200
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0
