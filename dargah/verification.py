"""The evidence of a run, checked against its archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from audits.measure import load_measurements
from crawler.capture import Capture, CaptureError
from crawler.datafile import DataFileError
from dargah.results import read_findings
from dargah.runs import PortalFolder, RunFolder
from indicators.verify import Verified, verify


def verify_run(run_id: str, run: RunFolder, portals: Iterable[str]) -> dict[str, Any]:
    """What ``dargah verify --json`` prints; docs/commands.md has its shape.

    Raises `crawler.datafile.DataFileError` where findings cannot be read, or no portal was judged.
    """
    portals = list(portals)
    judged = [portal for portal in portals if run.portal(portal).findings.is_file()]
    if not judged:
        raise DataFileError(run.path, None, "", "nothing was judged here yet", f"run: dargah detect {run_id}")
    verified = {portal: _verify_portal(run.portal(portal)) for portal in judged}
    return {
        "run": run_id,
        "portals": {
            portal: {"evidence": of_portal.evidence, "confirmed": of_portal.confirmed}
            for portal, of_portal in verified.items()
        },
        "not_judged": [portal for portal in portals if portal not in judged],
        "mismatches": [
            {
                "portal": portal,
                "indicator": wrong.indicator,
                "kind": wrong.evidence.kind,
                "page": wrong.evidence.url,
                "record": wrong.evidence.warc_record,
                "excerpt": wrong.evidence.excerpt,
                "what": wrong.what,
                "found": wrong.found,
            }
            for portal, of_portal in verified.items()
            for wrong in of_portal.mismatches
        ],
    }


def _verify_portal(folder: PortalFolder) -> Verified:
    try:
        findings = read_findings(folder.findings)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]
        field = ".".join(map(str, said["loc"]))
        raise DataFileError(folder.findings, None, field, said["msg"], "judge the run anew") from None
    try:
        with Capture(folder.capture) as capture:
            return verify(findings, capture, load_measurements(folder.measurements))
    except (CaptureError, sqlite3.Error, ValidationError) as error:
        return verify(findings, str(error).splitlines()[0], None)
