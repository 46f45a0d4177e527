"""What this machine has of what an audit needs, and how to mend what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from audits.accessibility import AxeUnavailableError, find_axe
from audits.lighthouse import LighthouseUnavailableError, find_lighthouse
from crawler.browser import find_chromium

NODE_AT_LEAST = 20


class Check(NamedTuple):
    """`needed` is False for what an audit can do without, at a loss that `mend` names."""

    name: str
    ok: bool
    found: str
    mend: str = ""
    needed: bool = True


def examine(home: Path) -> Iterator[Check]:
    """All checks, one after the other. Starts nothing but `--version` calls."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")
    yield _node()
    yield _lighthouse()
    yield _axe()
    chromium = find_chromium()
    yield Check(
        "Chromium",
        chromium is not None,
        f"{chromium.version} ({chromium.path})" if chromium else "not found",
        "run `make setup`, or install Debian's package chromium-headless-shell, or name a Chrome in "
        "DARGAH_CHROMIUM",
    )
    yield _persian_font()
    yield _sandbox()
    yield _writable(home)


def _node() -> Check:
    node = shutil.which("node")
    mend = f"install Node.js {NODE_AT_LEAST} or newer (for Lighthouse)"
    if node is None:
        return Check("Node.js", False, "not found", mend, needed=False)
    said = _version_of(node)
    major = said.lstrip("v").split(".")[0]
    return Check("Node.js", major.isdigit() and int(major) >= NODE_AT_LEAST, said, mend, needed=False)


def _lighthouse() -> Check:
    try:
        program = find_lighthouse()
    except LighthouseUnavailableError as error:
        said = f"{error}; without it an audit has no Lighthouse measurements"
        return Check("Lighthouse", False, "not found", said, needed=False)
    starts = _version_of(*program.command) == program.version
    mend = "it does not start: run `npm ci`; without it an audit has no Lighthouse measurements"
    return Check("Lighthouse", starts, program.version, mend, needed=False)


def _version_of(*command: str) -> str:
    """What a program says to ``--version``, '' where it does not start."""
    try:
        said = subprocess.run(
            [*command, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()


def _axe() -> Check:
    try:
        axe = find_axe()
    except (AxeUnavailableError, OSError) as error:
        return Check(
            "axe-core", False, "not found", f"{error}; without it accessibility is not measured", needed=False
        )
    return Check("axe-core", True, axe.version)


def _persian_font() -> Check:
    mend = (
        "install a Persian font, e.g. Debian's package fonts-noto-core; without it pictures show empty boxes"
    )
    lister = shutil.which("fc-list")
    if lister is None:
        return Check("Persian font", False, "fc-list not found, cannot tell", mend, needed=False)
    said = subprocess.run(
        [lister, ":lang=fa", "family"], capture_output=True, text=True, timeout=60, check=False
    ).stdout.splitlines()
    return Check("Persian font", bool(said), said[0] if said else "none", mend, needed=False)


def _sandbox() -> Check:
    root = os.name == "posix" and os.geteuid() == 0
    return Check(
        "Browser sandbox",
        not root,
        "off: Chromium refuses it to root" if root else "on",
        "run the audit as an ordinary user, so that hostile pages are confined",
        needed=False,
    )


def _writable(home: Path) -> Check:
    place = next(p for p in (home, *home.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    ok = os.access(place, os.W_OK) and free > 2_000_000_000
    return Check(
        "Place for runs", ok, f"{place.resolve()}, {free / 1e9:.0f} GB free", "choose another with --home"
    )
