"""The command `dargah`."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError

from crawler.datafile import DataFileError, write_atomic
from crawler.portal import OutsideWindowError, Portal
from dargah.agencies import Agencies, json_schema, load_agencies
from dargah.console import Progress, fail, plain, print_json, show_evaluation, show_verification, show_visits
from dargah.corpus import SavedPortal, read_corpus
from dargah.demo import DEMO_AGENCIES, demo_province, import_demo_questionnaires
from dargah.evaluation import begin, calibrated, calibration_file, judge, labels_of, rows_of, summary
from dargah.pipeline import DISK_FULL, Options, Outcome, Pipeline, RunError, start_run
from dargah.questionnaire.reading import QuestionnaireError, Reader
from dargah.questionnaire.template import Language, write_template
from dargah.runs import RunFolder, default_home
from dargah.saved_portals import SavedPortalsError
from dargah.store import STEPS, WHOLE_RUN, Step, Store
from dargah.study import study as show_study
from dargah.verification import verify_run
from dargah.visits import told
from demo.province import ProvinceError
from indicators.evaluate import Labels
from indicators.model import Model, load_model

OK, NOT_ALL, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
NO_CONTACT = (
    "{file}: contact: is empty (write the operator's e-mail or page before the first run:"
    " every portal sees it in the User-Agent)"
)
DEFAULT_MODEL = "un_five_stage"
REACHED = {True: "[green]answers  [/]", False: "[red]silent   [/]", None: "[yellow]not asked[/]"}

app = typer.Typer(
    name="dargah",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Audits public agencies' web portals against the five-stage e-government model.\n\n"
    "Exit status: 0 all well; 1 done, but some portal could not be observed or some step failed; "
    "2 bad input; 130 interrupted (the run can go on).",
)
demo_app = typer.Typer(no_args_is_help=True, help="The demo province, served on this machine.")
questionnaire_app = typer.Typer(no_args_is_help=True, help="What agencies say of themselves.")
app.add_typer(demo_app, name="demo")
app.add_typer(questionnaire_app, name="questionnaire")

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of the runs (else $DARGAH_HOME, else ./runs).", show_default=False),
]
Json = Annotated[
    bool, typer.Option("--json", help="Print JSON for machines (docs/commands.md has its shape).")
]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="ID", help="Only this portal; may be repeated.")
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=1, help="Portals at a time (default: by the processors)."),
]
Lighthouse = Annotated[
    bool, typer.Option(help="Run Lighthouse, on each home page or as agencies.yaml says.", show_default=False)
]
LighthousePages = Annotated[
    int | None,
    typer.Option(
        "--lighthouse-pages",
        metavar="N",
        min=0,
        max=6,
        help="Run Lighthouse on this many pages of each portal, the home page first.",
    ),
]
RunArgument = Annotated[str | None, typer.Argument(metavar="RUN", help="The run (default: the newest).")]
File = Annotated[Path, typer.Argument(metavar="AGENCIES", help="The list of agencies.")]


@app.command()
def audit(
    agencies: File = Path("agencies.yaml"),
    demo: Annotated[bool, typer.Option("--demo", help="Serve and audit the demo province.")] = False,
    run: Annotated[
        str | None, typer.Option("--run", help="Go on with this run instead of a new one.")
    ] = None,
    only: Only = None,
    jobs: Jobs = None,
    lighthouse: Lighthouse = True,
    lighthouse_pages: LighthousePages = None,
    screenshots: Annotated[bool, typer.Option(help="Picture the evidence in the report.")] = True,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Crawl, measure, detect, score and report, from agencies.yaml to the report.

    A run that was interrupted goes on with `--run RUN` (see `dargah runs`).
    """
    options = _options(
        jobs, only, lighthouse_pages=lighthouse_pages if lighthouse else 0, screenshots=screenshots
    )
    store, place = _store(home)
    if not demo:
        _go(store, place, _run_for(store, place, agencies, run), options, STEPS, as_json=as_json)
    if run is None:
        import_demo_questionnaires(store)
    try:
        with demo_province():
            _go(store, place, _run_for(store, place, DEMO_AGENCIES, run), options, STEPS, as_json=as_json)
    except ProvinceError as error:
        fail(str(error), BAD_INPUT)


@app.command()
def crawl(
    run: RunArgument = None,
    agencies: Annotated[
        Path | None, typer.Option("--agencies", help="Begin a new run of this list of agencies.")
    ] = None,
    only: Only = None,
    jobs: Jobs = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Visit the portals: a new run with --agencies, else what RUN has not visited yet."""
    store, place = _store(home)
    run_id = _run_for(store, place, agencies, None) if agencies else _known_run(store, run)
    options = _options(jobs, only)
    _go(store, place, run_id, options, ["crawl"], as_json=as_json, visits=True)


@app.command()
def measure(
    run: RunArgument = None,
    only: Only = None,
    lighthouse: Lighthouse = True,
    lighthouse_pages: LighthousePages = None,
    again: Annotated[
        bool, typer.Option("--again", help="Measure everything anew, not only what is missing.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Measure what is missing of a visited run in Chromium (visits the portals again).

    Missing is what failed or was interrupted, what agencies.yaml or an option asks for beyond what was
    measured, and what the version that measured the run did not measure yet.
    """
    store, place = _store(home)
    options = _options(None, only, lighthouse_pages=lighthouse_pages if lighthouse else 0, afresh=again)
    _go(store, place, _known_run(store, run), options, ["measure"], again=True, as_json=as_json)


@app.command()
def detect(
    run: RunArgument = None, only: Only = None, jobs: Jobs = None, home: Home = None, as_json: Json = False
) -> None:
    """Judge a run anew from what was kept. Reaches no network."""
    store, place = _store(home)
    _go(store, place, _known_run(store, run), _options(jobs, only), ["detect"], again=True, as_json=as_json)


@app.command()
def score(run: RunArgument = None, only: Only = None, home: Home = None, as_json: Json = False) -> None:
    """Score a run anew: findings, questionnaires and analysts' decisions against the model."""
    store, place = _store(home)
    _go(store, place, _known_run(store, run), _options(None, only), ["score"], again=True, as_json=as_json)


@app.command()
def report(
    run: RunArgument = None,
    screenshots: Annotated[bool, typer.Option(help="Picture the evidence.")] = True,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write the report of a run anew. Reaches no network."""
    store, place = _store(home)
    options = _options(None, None, screenshots=screenshots)
    _go(store, place, _known_run(store, run), options, ["report"], again=True, as_json=as_json)


@app.command()
def verify(run: RunArgument = None, only: Only = None, home: Home = None, as_json: Json = False) -> None:
    """Confirm from the archive that every excerpt a run quotes stands where it says. Reaches no network.

    Exit status: 0 all confirmed; 1 some are not, each is named; 2 bad input.
    """
    store, place = _store(home)
    run_id = _known_run(store, run)
    try:
        result = verify_run(run_id, RunFolder(place / run_id), _portals_of(store, run_id, only))
    except (DataFileError, RunError) as error:
        fail(str(error), BAD_INPUT)
    if as_json:
        print_json(result)
    else:
        show_verification(result)
    raise typer.Exit(NOT_ALL if result["mismatches"] else OK)


@app.command()
def evaluate(
    corpus: Annotated[
        Path | None, typer.Argument(metavar="CORPUS", help="Folder of saved portals with labels.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", help="Compare a run as it is with PORTAL.yaml or PORTAL/truth.yaml here."),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option(
            "--run",
            help="With CORPUS: judge this run of it anew, visiting only what it lacks. "
            "With --labels: the run to compare (default: the newest).",
        ),
    ] = None,
    only: Only = None,
    jobs: Jobs = None,
    calibrate: Annotated[
        Path | None,
        typer.Option("--calibrate", help="Write what the labels make of confidences to this file."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Measure how well the detectors agree with labels given by hand.

    `dargah evaluate CORPUS` serves saved portals on loopback, audits them there (no request leaves this
    machine) and compares; `dargah evaluate --labels FOLDER` compares a run that is there already.

    Exit status: 0 every label agrees; 1 some do not, or could not be observed; 2 bad input; 130 interrupted.
    """
    if (corpus is None) == (labels is None):
        fail("Give either CORPUS or --labels FOLDER (a run is named with --run RUN)", BAD_INPUT)
    store, place = _store(home)
    known_model = _load_model(DEFAULT_MODEL)
    try:
        if corpus is not None:
            run_id, known_labels, outcome = _judge_corpus(
                store,
                place,
                read_corpus(corpus, known_model),
                corpus,
                run,
                _options(jobs, only),
                quiet=as_json,
            )
        else:
            assert labels is not None
            run_id, outcome = _known_run(store, run), None
            known_labels = labels_of(_portals_of(store, run_id, only), labels, known_model)
        rows = rows_of(RunFolder(place / run_id), known_labels, known_model)
    except (DataFileError, RunError, SavedPortalsError) as error:
        fail(str(error), BAD_INPUT)
    if not rows:
        fail(f"{labels}: no labels here for a judged portal of {run_id}", BAD_INPUT)
    result = summary(run_id, rows, known_labels) | (_ending(outcome) if outcome else {})
    if calibrate is not None:
        try:
            learnt = calibrated(rows)
        except RunError as error:
            fail(str(error), BAD_INPUT)
        write_atomic(calibrate, calibration_file(learnt["levels"], rows))
        result["calibrated"] = learnt
    if as_json:
        print_json(result)
    else:
        show_evaluation(result)
    raise typer.Exit(NOT_ALL if result["disagreements"] or result["not_observed"] else OK)


def _judge_corpus(
    store: Store,
    home: Path,
    sites: Sequence[SavedPortal],
    corpus: Path,
    run: str | None,
    options: Options,
    *,
    quiet: bool,
) -> tuple[str, dict[str, Labels], Outcome]:
    """The run of the corpus, visited and judged, with the labels of the sites that were chosen."""
    chosen = tuple(site for site in sites if not options.only or site.id in options.only)
    if unknown := options.only - {site.id for site in sites}:
        raise RunError(f"{corpus} has no labels of '{min(unknown)}' (of: {', '.join(s.id for s in sites)})")
    run_id = run or begin(store, home, corpus, chosen, _load_model(DEFAULT_MODEL))
    try:
        with Progress(quiet=quiet) as progress:
            outcome = judge(store, home, run_id, chosen, options.jobs, progress.hear)
    except KeyboardInterrupt:
        fail(f"Interrupted. Go on with: dargah evaluate {corpus} --run {run_id}", INTERRUPTED)
    return run_id, {site.id: site.labels for site in chosen}, outcome


@app.command()
def runs(home: Home = None, as_json: Json = False) -> None:
    """List the runs, newest first, with how far each came."""
    store, place = _store(home)
    listed = [_run_summary(store, place, row.id) for row in store.runs()]
    if as_json:
        print_json({"home": str(place), "runs": listed})
        return
    if not listed:
        Console().print(f"No runs under {place} yet. Begin with: dargah audit")
        return
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("run", "started (UTC)", "portals", "state", "report"):
        table.add_column(name)
    for item in listed:
        table.add_row(
            item["id"],
            item["started_at"][:16],
            str(len(item["portals"])),
            item["state"],
            item["report"] or "",
        )
    Console().print(table)


@app.command()
def check(
    agencies: File = Path("agencies.yaml"),
    reach: Annotated[
        bool, typer.Option("--reach", help="Also ask each portal for its home page, once.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Validate agencies.yaml and, on request, say which portals answer."""
    loaded = _load(agencies)
    if reach and not loaded.may_be_visited:
        fail(NO_CONTACT.format(file=agencies), BAD_INPUT)
    answers = _reach_all(loaded, agencies.parent) if reach else {}
    silent = [portal for portal, said in answers.items() if said["answers"] is False]
    if as_json:
        print_json({"file": str(agencies), "agencies": len(loaded.agencies), "reach": answers})
    else:
        console = Console()
        console.print(f"{agencies}: {len(loaded.agencies)} agencies, no mistakes found")
        if not loaded.may_be_visited:
            console.print(
                f"[yellow]before the first run[/]  {NO_CONTACT.format(file=agencies)}", highlight=False
            )
        for portal, said in answers.items():
            mark = REACHED[said["answers"]]
            console.print(f"  {mark}  {portal}  {said['url']}  {said['said']}", highlight=False)
    raise typer.Exit(NOT_ALL if silent else OK)


@app.command()
def schema(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Print the JSON schema of agencies.yaml, for editors."""
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_atomic(output, text)


@app.command()
def doctor(home: Home = None, as_json: Json = False) -> None:
    """Say what is missing on this machine and how to mend it."""
    from dargah.doctor import examine

    place = home or default_home()
    found = list(examine(place))
    if as_json:
        print_json({"checks": [c._asdict() for c in found]})
    else:
        console = Console()
        for item in found:
            mark = "[green]✓[/]" if item.ok else "[red]✗[/]" if item.needed else "[yellow]![/]"
            console.print(f"{mark} {item.name}: {item.found}", highlight=False)
            if not item.ok:
                console.print(f"    {item.mend}", highlight=False)
    raise typer.Exit(NOT_ALL if any(c.needed and not c.ok for c in found) else OK)


@demo_app.command("serve")
def demo_serve(
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="ID", help="Leave this portal down.")
    ] = None,
) -> None:
    """Serve the demo province until Ctrl-C; audit it with `dargah audit demo/agencies.yaml`."""
    store, _ = _store(None)
    import_demo_questionnaires(store)
    with demo_province(without=without or ()) as province:
        console = Console()
        for name, url in province.items():
            console.print(f"{name:12} {url}", highlight=False)
        console.print("Ctrl-C ends it.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            raise typer.Exit(OK) from None


@app.command()
def model(
    name: Annotated[
        str, typer.Argument(metavar="MODEL", help="Name of a model, or its file.")
    ] = DEFAULT_MODEL,
    as_json: Json = False,
) -> None:
    """Show a maturity model: stages, indicators, points, and what a portal can settle."""
    loaded = _load_model(name)
    if as_json:
        print_json(loaded.model_dump(mode="json"))
        return
    console = Console()
    console.print(
        f"[bold]{loaded.name.en}[/]  {loaded.name.fa}  ({loaded.id} {loaded.version})", highlight=False
    )
    for stage in loaded.stages:
        table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), title_justify="left")
        table.title = f"{stage.number} {stage.name.en} · {stage.name.fa} · {stage.maximum:g}"
        for column in ("indicator", "name", "maximum", "settled by", "questions"):
            table.add_column(column, justify="right" if column == "maximum" else "left")
        for item in loaded.in_stage(stage.id):
            table.add_row(item.id, item.name.en, f"{item.maximum:g}", item.mode, ", ".join(item.questions))
        console.print(table, highlight=False)


@app.command()
def study(
    as_json: Json = False,
) -> None:
    """Recompute the reference study from its single scores, published figures beside recomputed ones."""
    raise typer.Exit(show_study(json_output=as_json))


@questionnaire_app.command("template")
def questionnaire_template(
    output: Annotated[Path, typer.Option("--output", "-o", help="The .xlsx file to write.")] = Path(
        "questionnaire.xlsx"
    ),
    language: Annotated[Language, typer.Option(help="Language of the sheets.")] = "fa",
    agencies: Annotated[Path, typer.Option(help="Fills the list of agencies, where it exists.")] = Path(
        "agencies.yaml"
    ),
    model_name: Annotated[str, typer.Option("--model", help="The model.")] = DEFAULT_MODEL,
) -> None:
    """Write the questionnaire as a spreadsheet with drop-down lists."""
    listed = _load(agencies).agencies if agencies.is_file() else ()
    write_atomic(output, write_template(_load_model(model_name), language, listed))
    Console().print(f"Written: {output}", highlight=False)


@questionnaire_app.command("import")
def questionnaire_import(
    files: Annotated[list[Path], typer.Argument(help="Filled spreadsheets or CSV exports.")],
    agencies: Annotated[Path, typer.Option(help="The list of agencies they belong to.")] = Path(
        "agencies.yaml"
    ),
    agency: Annotated[str, typer.Option(help="The agency's id, for files that name none.")] = "",
    model_name: Annotated[str, typer.Option("--model", help="The model.")] = DEFAULT_MODEL,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take in filled questionnaires: all of them or, if anything is wrong, nothing."""
    loaded = _load(agencies)
    at = datetime.now(UTC)
    try:
        answers = Reader(_load_model(model_name), loaded.agencies).read(files, at, agency=agency)
    except QuestionnaireError as error:
        fail(f"Nothing was imported.\n{error}", BAD_INPUT)
    store, _ = _store(home)
    store.add_answers(loaded.id, answers, batch=at.isoformat())
    by_agency = {a.portal: sum(b.portal == a.portal for b in answers) for a in answers}
    if as_json:
        print_json({"imported": len(answers), "agencies": by_agency})
        return
    for name, count in by_agency.items():
        Console().print(f"{name}: answers to {count} indicators", highlight=False)


def _load_model(name: str) -> Model:
    try:
        return load_model(name)
    except DataFileError as error:
        fail(str(error), BAD_INPUT)


def _reach_all(agencies: Agencies, base: Path) -> dict[str, dict[str, Any]]:
    """Asks each portal for its home page as a run would, and forgets what was fetched; `answers` is None for
    those whose time window is closed, which are not asked."""
    waiting: dict[str, str] = {}
    for agency in agencies.agencies:
        try:
            agency.check_window()
        except OutsideWindowError as error:
            waiting[agency.id] = str(error)
    asked = [agency for agency in agencies.agencies if agency.id not in waiting]
    silent = _silent(agencies, asked, base) if asked else {}
    return {
        a.id: {
            "url": a.start,
            "answers": None if a.id in waiting else a.id not in silent,
            "said": waiting.get(a.id) or silent.get(a.id, ""),
        }
        for a in agencies.agencies
    }


def _silent(agencies: Agencies, asked: Sequence[Portal], base: Path) -> dict[str, str]:
    """Those of the portals that do not answer, with the reason."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        file = home / "agencies.yaml"
        one_page = [
            a.model_copy(update={"budget": a.budget.model_copy(update={"pages": 1})}).model_dump(mode="json")
            for a in asked
        ]
        whole = agencies.model_dump(mode="json", by_alias=True, exclude={"defaults", "agencies"})
        file.write_text(json.dumps(whole | {"agencies": one_page}, ensure_ascii=False))
        for agency in asked:
            if agency.certificate_authority:
                (home / agency.certificate_authority).parent.mkdir(parents=True, exist_ok=True)
                copyfile(base / agency.certificate_authority, home / agency.certificate_authority)
        store = Store.at(home)
        run_id = start_run(store, home, file, load_agencies(file), DEFAULT_MODEL)
        with Progress() as progress:
            outcome = Pipeline(store, home, run_id, Options(), progress.hear).go(["crawl"], again=False)
        store.close()
    return outcome.unobserved | {portal: reason for (portal, _), reason in outcome.failed.items()}


def _store(home: Path | None) -> tuple[Store, Path]:
    place = home or default_home()
    with _told_if_unwritable(place):
        return Store.at(place), place


@contextmanager
def _told_if_unwritable(home: Path, then: str = "run the same command again") -> Iterator[None]:
    """Ends the command with one message where the store or a run's files cannot be written."""
    try:
        yield
    except OperationalError as error:
        place, why = home, f"the store cannot be written: {error.orig}"
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        place, why = Path(error.filename or home), f"cannot be written: {error.strerror}"
    else:
        return
    fail(f"{place}: {why} (free space, or wait for whoever else writes there, then {then})", NOT_ALL)


def _options(
    jobs: int | None,
    only: Sequence[str] | None,
    *,
    lighthouse_pages: int | None = None,
    afresh: bool = False,
    screenshots: bool = True,
) -> Options:
    return Options(jobs, lighthouse_pages, afresh, screenshots, frozenset(only or ()))


def _load(path: Path) -> Agencies:
    try:
        return load_agencies(path)
    except DataFileError as error:
        fail(str(error), BAD_INPUT)


def _run_for(store: Store, home: Path, agencies: Path, run: str | None) -> str:
    """The run to go on with, or a new one."""
    if run is not None:
        return _known_run(store, run)
    loaded = _load(agencies)
    if not loaded.may_be_visited:
        fail(NO_CONTACT.format(file=agencies), BAD_INPUT)
    for agency in loaded.agencies:
        authority = agency.certificate_authority
        if authority and not (agencies.parent / authority).is_file():
            fail(f"{agencies}: certificate_authority of {agency.id}: {authority} is not there", BAD_INPUT)
    with _told_if_unwritable(home):
        return start_run(store, home, agencies, loaded, DEFAULT_MODEL)


def _portals_of(store: Store, run_id: str, only: Sequence[str] | None) -> list[str]:
    """The portals of a run that are meant. Raises RunError for a run or a portal that there is not."""
    portals = store.portals(run_id)
    if store.run(run_id) is None:
        raise RunError(f"there is no run '{run_id}' (see `dargah runs`)")
    if unknown := sorted(set(only or ()) - set(portals)):
        raise RunError(f"run '{run_id}' has no portal '{unknown[0]}' (it has: {', '.join(portals)})")
    return [portal for portal in portals if not only or portal in only]


def _known_run(store: Store, run: str | None) -> str:
    if run is not None:
        return run
    newest = next(iter(store.runs()), None)
    if newest is None:
        fail("There is no run yet. Begin with: dargah audit", BAD_INPUT)
    return newest.id


def _go(
    store: Store,
    home: Path,
    run_id: str,
    options: Options,
    wanted: Sequence[Step],
    *,
    again: bool = False,
    as_json: bool,
    visits: bool = False,
) -> None:
    """Does the steps, shows progress, prints the outcome and exits."""
    try:
        with (
            _told_if_unwritable(home, f"go on with: dargah audit --run {run_id}"),
            Progress(quiet=as_json) as progress,
        ):
            pipeline = Pipeline(store, home, run_id, options, progress.hear)
            outcome = pipeline.go(wanted, again=again)
    except RunError as error:
        fail(str(error), BAD_INPUT)
    except KeyboardInterrupt:
        fail(f"Interrupted. Go on with: dargah audit --run {run_id}", INTERRUPTED)
    if as_json:
        more = {"visits": [told(p, pipeline.folder.portal(p)) for p in pipeline.portals]} if visits else {}
        print_json(_run_summary(store, home, run_id) | _ending(outcome) | more)
    else:
        if visits:
            show_visits([told(p, pipeline.folder.portal(p)) for p in pipeline.portals])
        _show(outcome)
    raise typer.Exit(OK if outcome.ok else NOT_ALL)


def _ending(outcome: Outcome) -> dict[str, Any]:
    return {
        "unobserved": outcome.unobserved,
        "failed": [{"portal": p, "step": s, "reason": r} for (p, s), r in outcome.failed.items()],
        "unverified": list(outcome.unverified),
    }


def _show(outcome: Outcome) -> None:
    console = Console()
    for portal, reason in outcome.unobserved.items():
        console.print(Text.assemble(("not observable", "yellow"), f"  {portal}: {plain(reason)}"))
    for (portal, step), reason in outcome.failed.items():
        console.print(Text.assemble(("failed", "red"), f"  {step} {portal}: {plain(reason)}"))
    if outcome.unverified:
        console.print(
            f"Reached; may be marked `verified: true` in agencies.yaml: {', '.join(outcome.unverified)}",
            highlight=False,
            soft_wrap=True,
        )
    console.print(f"Run {outcome.run}", highlight=False)
    if outcome.report:
        console.print(f"Report: {outcome.report.resolve()}", highlight=False, soft_wrap=True)


def _run_summary(store: Store, home: Path, run_id: str) -> dict[str, Any]:
    row = store.run(run_id)
    assert row is not None
    steps = store.steps(run_id)
    done = sum(s.state == "done" for s in steps)
    failed = sum(s.state == "failed" for s in steps)
    state = "finished" if done == len(steps) else f"{done} of {len(steps)} steps done"
    report_file = home / run_id / "report" / "index.html"
    return {
        "id": run_id,
        "province": row.province,
        "model": row.model,
        "agencies_file": row.agencies_file,
        "started_at": row.started_at.isoformat(),
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
        "state": state + (f", {failed} failed" if failed else ""),
        "portals": store.portals(run_id),
        "report": str(report_file) if report_file.is_file() else None,
        "steps": [
            {
                "portal": s.portal if s.portal != WHOLE_RUN else None,
                "step": s.step,
                "state": s.state,
                "reason": s.reason,
                "seconds": (s.finished_at - s.started_at).total_seconds()
                if s.started_at and s.finished_at
                else None,
                "cpu_seconds": s.cpu_seconds,
            }
            for s in steps
        ],
    }


def main() -> None:
    """Entry point of the command."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever sends it means what Ctrl-C means
    try:
        app()
    except BrokenPipeError:
        sys.exit(OK)
