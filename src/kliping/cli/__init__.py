"""The command line: thin verbs over the package, errors as sentences, progress where a person is watching."""

from __future__ import annotations

import glob
import io
import itertools
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kliping.cli.bars import progress_bar, step_bars
from kliping.cli.log import build_log
from kliping.cli.speech import Sentences
from kliping.curate import REASONS
from kliping.errors import KlipingError, listed, printable

if TYPE_CHECKING:
    from kliping.corpus.folder import Corpus
    from kliping.corpus.splits import Splits
    from kliping.model import Annotation

EXISTING = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(path_type=Path, file_okay=False)


def _semver(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from kliping.corpus.manifest import version_numbers

    try:
        version_numbers(value or "1.0.0")
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return value


def _layers(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    from kliping.kernel import LayersError, unchosen

    if value is None:
        return None
    names = tuple(name.strip() for name in value.split(",")) if value.strip() != "none" else ()
    try:
        unchosen(names)
    except LayersError as error:
        raise click.BadParameter(str(error)) from None
    return names


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kliping")
def main() -> None:
    """Turn crawled Indonesian news text into an annotated corpus that can be checked and rebuilt.

    \b
    Look at one page:         kliping annotate page.txt
    Look at a crawl:          kliping inspect crawl/
    Build a corpus:           kliping build crawl/ --out corpus
    Check its rows:           kliping validate corpus
    Check that it rebuilds:   kliping audit corpus
    See why a line was cut:   kliping explain corpus 9afc4d24
    Look at all, correct it:  kliping report corpus -o report.html

    Then, in Python: datasets.load_dataset("corpus"). `kliping COMMAND --help` explains a command, with an example.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8, a file name that is no text


FIELDS = {
    "text": "Field of records with the text (`a.b` is b inside of a); told by name and value if not given.",
    "url": "Field with the page's address.",
    "date": "Field with the publication date.",
    "title": "Field with the headline.",
    "author": "Field with the author.",
    "outlet": "Field with the outlet.",
}


def field_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which fields of a record hold what."""
    for name, help_text in reversed(FIELDS.items()):
        command = click.option(f"--{name}-field", help=help_text)(command)
    return command


@main.command(short_help="Build a corpus from files, folders or globs.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--out",
    type=FOLDER,
    required=True,
    help="Folder for the corpus. A corpus there is replaced if all its articles are among the inputs.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes to use (if not given: what the machine gives, one for a small input); the result is the same.",
)
@click.option(
    "--shard-mb",
    type=click.IntRange(1),
    help="MiB of raw text in a file (8 if not given, more beyond 64 GiB of input).",
)
@click.option("--limit", type=click.IntRange(1), help="Read only so many records of each file, the first ones.")
@click.option("--replace", is_flag=True, help="Replace the corpus in --out though articles of it would vanish.")
@click.option("--append", is_flag=True, help="Add the inputs to the corpus in --out, which keeps all it holds.")
@click.option("--force", is_flag=True, help="Replace the folder --out though it holds what kliping did not make.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where the build runs: on this machine, or on Apache Spark (needs the extra `spark`).",
)
@click.option(
    "--removed", type=EXISTING, help="Takedown list, a CSV of articles to refuse: see `kliping takedown --help`."
)
@click.option(
    "--corrections",
    type=EXISTING,
    multiple=True,
    metavar="FILE...",
    help="What people corrected, JSON Lines as the report exports them; a folder stands for its .jsonl files.",
)
@click.option(
    "--corpus-version",
    callback=_semver,
    help="Version number of the corpus (SemVer); 1.0.0, or with --append what `kliping diff` asks for, if not given.",
)
@click.option(
    "--about",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the corpus is, in TOML (docs/own-corpus.md); corpus.toml beside the inputs, if not given.",
)
@click.option(
    "--log-json",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Add events that a machine reads to this file, JSON Lines: what is done, how fast, what was set aside.",
)
@click.option(
    "--splits",
    metavar="NAME=SHARE,...",
    help="Divide the corpus by shares, such as train=0.9,validation=0.05,test=0.05; copies stay together.",
)
@click.option(
    "--split-after",
    metavar="YYYY-MM-DD",
    help="Divide it by day: up to this one for `train`, later for `test`; copies go with the earliest.",
)
@click.option(
    "--base",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="OLD",
    help="Compare with an earlier corpus too: OUT.matches.csv names the articles that are copies of its articles.",
)
@click.option("--keep-source", is_flag=True, help="Store the HTML pages beside the text taken from them.")
@click.option(
    "--layers",
    metavar="NAME,...",
    callback=_layers,
    help="Find only these of the optional layers, sentences, quotations and time_expressions (all if not given), or "
    "`none` of them; a layer left out has no table.",
)
@field_options
def build(inputs: tuple[str, ...], **chosen: Any) -> None:
    """Build a corpus from the documents in INPUT... (files, folders or globs; addresses such as https://... too).

    Reads text, HTML, MHTML, CSV and TSV, spreadsheets, JSON, JSON Lines, Parquet, Arrow and web archives, packed with
    gzip, Zstandard, xz or bzip2, or in ZIP and tar archives (docs/inputs.md). Formats are recognised by content, not by
    file name. A document that cannot become an article is set aside: the table `decisions` says why. To resume a build
    that was stopped, run the same command again. What kliping itself made inside an input, OUT above all, is no input.

    A corpus in OUT is replaced by the new one only where the text or the page of each of its articles is among the
    inputs: else nothing is replaced unless you say --replace. --append adds to it instead, and what is there already is
    not annotated again. Corpora may be inputs too, and are merged. A correction that does not fit what it corrects
    changes nothing, and `decisions` says why (docs/corrections.md). Before a long build, `kliping inspect INPUT...`
    shows how the inputs are read, and --limit 100 tries it.

    \b
    Example: kliping build crawl/ 'dumps/*.jsonl.zst' --out corpus
    Sooner, with less in it: kliping build crawl/ --out corpus --layers sentences

    Where no terminal shows a bar, a long build writes a line to standard error every ten seconds.

    Exit status: 0 every document is in the corpus; 3 the corpus is complete, but some documents were set aside or
    some corrections did not fit; 1 the build failed or kept nothing, and an existing corpus was left unchanged; 130 or
    143 it was stopped, likewise.
    """
    from kliping.building.build import BuildOptions
    from kliping.building.build import build as run
    from kliping.building.lean import forgo_pandas
    from kliping.corpus.about import read_about
    from kliping.curate import takedown
    from kliping.curate.corrections import read_corrections
    from kliping.read import Options
    from kliping.report.summary import summary_lines

    _require(inputs, "so nothing was built")
    if chosen["engine"] == "local":
        forgo_pandas()
    inputs, corrections = _told_apart(inputs, chosen["corrections"])
    fields = {name: chosen.pop(name) for name in [f"{field}_field" for field in FIELDS]}
    options = BuildOptions(
        read=Options(keep_source=chosen["keep_source"], **fields),
        removed=takedown.read_removed(chosen["removed"]) if chosen["removed"] else takedown.NOTHING_REMOVED,
        corrections=read_corrections(corrections),
        version=chosen["corpus_version"],
        limit=chosen["limit"],
        layers=chosen["layers"],
        base=chosen["base"],
        splits=_splits(chosen["splits"], chosen["split_after"]),
        about=read_about(chosen["about"]) if chosen["about"] else None,
    )
    with build_log(chosen["log_json"]) as log, step_bars(in_bytes=True) as bars:
        log.event("started", inputs=list(inputs), out=str(chosen["out"]))

        def progress(step: str, done: int, total: int) -> None:
            bars(step, done, total)
            log.progress(step, done, total)

        summary = run(
            inputs,
            chosen["out"],
            workers=chosen["workers"],
            shard_bytes=chosen["shard_mb"] << 20 if chosen["shard_mb"] else None,
            force=chosen["force"],
            replace=chosen["replace"],
            append=chosen["append"],
            engine=chosen["engine"],
            options=options,
            progress=progress,
            counted=log.counted,
        )
        log.event(
            "finished",
            documents=summary.documents,
            kept=summary.kept,
            set_aside=dict(summary.set_aside),
            exit_status=summary.exit_status,
        )
    for line in summary_lines(summary, chosen["out"]):
        click.echo(printable(line))
    sys.exit(summary.exit_status)


def _splits(shares: str | None, after: str | None) -> Splits:
    """What --splits or --split-after ask for. Raises KlipingError where both do."""
    from kliping.corpus.splits import UNDIVIDED, parse_day, parse_shares

    if shares is not None and after is not None:
        raise KlipingError("Nothing was built: --splits divides by shares, --split-after by day. Give one of them.")
    if shares is not None:
        return parse_shares(shares)
    return UNDIVIDED if after is None else parse_day(after)


@main.command(short_help="Show what inputs are and how they are read, before a build.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@field_options
def inspect(inputs: tuple[str, ...], as_json: bool, **fields: Any) -> None:
    """Show what each of INPUT... (files, folders, globs or addresses) is and how `kliping build` reads it.

    Tells the format and what it is recognised by, how many records there are, which field is read as what, how many of
    the first records are kept and why others are set aside, and shows the first article annotated. Nothing is written.
    Of a large file only the beginning is looked at, and the output says how much.

    \b
    Example: kliping inspect crawl/ 'dumps/*.jsonl.zst'
    """
    from rich.console import Console

    from kliping.building.lean import forgo_pandas
    from kliping.read import Options
    from kliping.report.inspected import inspection_json, show_inspection
    from kliping.report.inspection import inspect as look

    _require(inputs, "so there is nothing to look at")
    forgo_pandas()
    found = look(inputs, Options(**fields))
    if not found.inputs:
        raise KlipingError(f"There is nothing to read in {listed(inputs)}. {found.remark or ''}".rstrip())
    if as_json:
        click.echo(json.dumps(inspection_json(found), ensure_ascii=False, indent=2))
    else:
        show_inspection(found, Console())


def _told_apart(inputs: Sequence[str], corrections: Sequence[Path]) -> tuple[tuple[str, ...], list[Path]]:
    """The inputs, and the files of corrections: all that a shell put behind --corrections for a `*`, too."""
    from kliping.curate.corrections import holds_corrections

    more = [name for name in inputs if corrections and os.path.isfile(name) and holds_corrections(name)]
    return tuple(name for name in inputs if name not in more), [*corrections, *map(Path, more)]


def _require(inputs: Sequence[str], outcome: str) -> None:
    """Raise KlipingError for a name that leads nowhere: a slip of the pen must not cost the corpus that is there."""
    from kliping.read.remote import is_remote

    for name in itertools.filterfalse(is_remote, inputs):
        if not os.path.lexists(name) and next(glob.iglob(name, recursive=True, include_hidden=True), None) is None:
            raise KlipingError(f"There is no file or folder {name}, {outcome}.")


@main.command(short_help="Show the roles and values of one page.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the rows of every table instead.")
def annotate(file: str, as_json: bool) -> None:
    """Show the role of every span in FILE, and every metadata value with the text that proves it.

    FILE holds one document; `-` reads standard input. Nothing is written to disk.

    \b
    Example: kliping annotate page.txt
    """
    from rich.console import Console

    from kliping.report.terminal import show, to_json

    annotation = _annotation(file)
    if as_json:
        click.echo(json.dumps(to_json(annotation), ensure_ascii=False, indent=2))
    else:
        show(annotation, Console())


def _annotation(file: str) -> Annotation:
    """The one document of a file. Raises KlipingError where there is none or more, or it gives no article."""
    from kliping.model import Refusal, SetAside
    from kliping.read import Input, plan
    from kliping.single import annotate, only_document

    (source,) = [Input("/dev/stdin", "-", 0)] if file == "-" else plan([file])
    document = only_document(source, file)
    if isinstance(document, Refusal):
        raise KlipingError(f"{file} cannot be read ({document.reason}): {document.detail}")
    try:
        return annotate(document)
    except SetAside as refused:
        raise KlipingError(f"{file} gives no article ({refused.reason}): {refused.detail}") from refused


def _open(folder: Path) -> Corpus:
    """Open a corpus for a verb: pyarrow looks for pandas no more in this process, which costs more than most verbs."""
    from kliping.building.lean import forgo_pandas
    from kliping.corpus.folder import open_corpus

    forgo_pandas()
    return open_corpus(folder)


@main.command(short_help="Check every row of a corpus and list what is wrong.")
@click.argument("corpus", type=EXISTING)
def validate(corpus: Path) -> None:
    """Check every row of CORPUS: offsets, quotes, counts, keys, vocabularies, references between tables.

    Prints one line for each fault, with the place where it is. To check also that the corpus can be rebuilt from its
    raw texts, use `kliping audit`.

    \b
    Example: kliping validate corpus

    Exit status: 0 no fault was found; 1 there are faults.
    """
    from kliping.check.validate import validate as check

    with progress_bar("Validating") as progress:
        incidents = check(_open(corpus), progress)
    for incident in incidents:
        click.echo(str(incident))
    click.echo(f"FAILED: {len(incidents)} incidents" if incidents else "PASSED")
    sys.exit(bool(incidents))


@main.command(short_help="Check that a corpus is as published and can be rebuilt.")
@click.argument("corpus", type=FOLDER)
@click.option(
    "--published",
    metavar="SHA256",
    help="The announced digest: the SHA-256 of the file SHA256SUMS, for example from CHANGELOG.md.",
)
def audit(corpus: Path, published: str | None) -> None:
    """Check that CORPUS is what was published and can be rebuilt from its own raw texts.

    Goes from checksums to a full rebuild, which takes as long as building the corpus did. Each step says PASSED, FAILED
    with what is wrong, or SKIPPED with the reason.

    \b
    Example: kliping audit corpus

    Exit status: 0 no step failed; 1 a step failed.
    """
    from kliping.check.audit import FAILED
    from kliping.check.audit import audit as steps

    failed = 0
    opened = _open(corpus)
    with progress_bar("Auditing") as progress:
        for number, step in enumerate(steps(opened, progress, published=published), start=1):
            failed += step.status == FAILED
            click.echo(f"{number} {step.title:38} {step.status}{f' ({step.remark})' if step.remark else ''}")
            for incident in step.incidents:
                click.echo(f"    {incident}")
    click.echo("FAILED" if failed else "PASSED")
    sys.exit(bool(failed))


@main.command(short_help="Print a digest of every row of a table.")
@click.argument("corpus", type=FOLDER)
@click.argument("table")
def rows(corpus: Path, table: str) -> None:
    """Print a digest of every row of a TABLE of CORPUS, one a line.

    Sorted and hashed, the lines give the table's content root, as manifest.json states it: a digest that does not
    depend on the version of Parquet or the number of files.

    \b
    Example: kliping rows corpus articles | LC_ALL=C sort | sha256sum
    """
    from kliping.corpus.digests import row_lines

    opened = _open(corpus)
    if table not in opened.manifest["tables"]:
        raise KlipingError(f"{corpus} has no table {table}; it has {', '.join(opened.manifest['tables'])}.")
    for entry in opened.files(table):
        click.echo(b"".join(row_lines(table, opened.read(entry["path"]))), nl=False)


@main.command(short_help="Compare two corpora and name the version bump.")
@click.argument("old", type=FOLDER)
@click.argument("new", type=FOLDER)
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="Most rows to show of each table.")
def diff(old: Path, new: Path, most: int) -> None:
    """Compare the corpora OLD and NEW row by row.

    The last line says which part of the version number the changes ask to raise: PATCH for the same data stored
    differently, MINOR for rows or columns added, MAJOR for rows changed or removed.

    \b
    Example: kliping diff corpus-1.0.0 corpus

    Exit status: 0 the corpora agree; 3 they differ.
    """
    from kliping.check.diff import NONE
    from kliping.check.diff import diff as compare
    from kliping.report.changes import in_lines

    found = compare(_open(old), _open(new))
    for line in in_lines(found, most):
        click.echo(line)
    sys.exit(0 if found.bump == NONE else 3)


@main.command(short_help="Say why each line has its role and what proves each value.")
@click.argument("corpus", type=EXISTING, metavar="CORPUS|FILE")
@click.argument("article_id", required=False)
def explain(corpus: Path, article_id: str | None) -> None:
    """Say why each span of an article has its role, what proves each value, why it quotes, and what each time means.

    Give a CORPUS and the beginning of an ARTICLE_ID, as much as makes it unique; or a FILE with one document.

    \b
    Examples: kliping explain corpus 9afc4d24
              kliping explain page.txt
    """
    from kliping.report.explain import explain_document, from_corpus

    if article_id is not None:
        explained = explain_document(*from_corpus(_open(corpus), article_id))
    elif corpus.is_dir():
        raise KlipingError(f"Which article of {corpus}? Give the beginning of its article_id.")
    else:
        annotation = _annotation(str(corpus))
        times = [row._asdict() for row in annotation.rows.get("time_expressions", ())]
        explained = explain_document(
            annotation.document, annotation.segments, annotation.evidence, annotation.quotations, times
        )
    for line in explained:
        click.echo(line)


@main.command(short_help="List the articles that a person should look at first.")
@click.argument("corpus", type=FOLDER)
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="Most articles to list.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead.")
def doubtful(corpus: Path, most: int, as_json: bool) -> None:
    """List the articles of CORPUS that most likely hold a span with a wrong role, the most doubtful first.

    Each line has the article's id, the chance that something is wrong, why, and how the segment begins whose role is
    least sure. docs/doubts.md says how good the order is, and `kliping explain CORPUS ID` shows an article.

    \b
    Example: kliping doubtful corpus --most 50
    """
    from rich.console import Console

    from kliping.report.doubtful import doubtful_json, show_doubtful

    if as_json:
        click.echo(json.dumps(doubtful_json(_open(corpus), most), ensure_ascii=False, indent=2))
    else:
        show_doubtful(_open(corpus), most, Console())


@main.command(short_help="Count what a corpus holds: outlets, months, roles, flags.")
@click.argument("corpus", type=FOLDER)
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="Most rows to show of each table.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all rows instead.")
def stats(corpus: Path, most: int, as_json: bool) -> None:
    """Count what CORPUS holds: documents read, kept and set aside by reason; articles and words by outlet, month and
    language; what dates rest on; the share of each role; flags; copies; splits.

    \b
    Example: kliping stats corpus
    """
    from rich.console import Console

    from kliping.report.stats import measure_corpus, show_stats

    if as_json:
        click.echo(json.dumps(measure_corpus(_open(corpus)), ensure_ascii=False, indent=2))
    else:
        show_stats(_open(corpus), most, Console())


@main.group(short_help="Look at files of corrections before a build.")
def corrections() -> None:
    """Look at files of corrections, which people export from the report (docs/corrections.md).

    \b
    Example: kliping corrections check corrections.jsonl corpus
    """


@corrections.command(name="check", short_help="Say which corrections fit a corpus.")
@click.argument("file", type=EXISTING)
@click.argument("corpus", type=FOLDER)
def check_corrections(file: Path, corpus: Path) -> None:
    """Say of each correction in FILE whether it fits CORPUS, and if not, why. Nothing is written.

    They are applied on top of the corrections that CORPUS holds already, as a build would that is given both. A folder
    as FILE stands for its .jsonl files.

    \b
    Example: kliping corrections check corrections.jsonl corpus

    Exit status: 0 all fit; 3 some do not.
    """
    from kliping.check.fit import check_fit
    from kliping.curate.corrections import read_corrections

    misfits = total = 0
    for found in check_fit(_open(corpus), read_corrections([file])):
        total, misfits = total + 1, misfits + (not found.fits)
        click.echo(printable(found.in_words()))
    click.echo(f"{total - misfits} of {total} corrections fit {corpus}.")
    sys.exit(3 if misfits else 0)


@main.command(short_help="Write a corpus as one HTML file to look at and correct.")
@click.argument("corpus", type=FOLDER)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="The HTML file to write. A report that stands there is replaced.",
)
@click.option(
    "--without-text", is_flag=True, help="Leave out the words of the articles, for corpora that may not be shown."
)
@click.option("--force", is_flag=True, help="Replace FILE even if it is no report.")
def report(corpus: Path, out: Path, without_text: bool, force: bool) -> None:
    """Write CORPUS as one HTML file that a browser opens from disk, offline.

    It shows what came in and what became of it, and each article beside its raw page, the doubtful ones first, with the
    reason for every line and the proof of every value. A person can correct roles, borders and values in it and export
    the corrections. Of a corpus too large for one file it shows the most doubtful articles and a sample, and says so.

    \b
    Example: kliping report corpus -o report.html
    """
    from kliping.report.viewer import write_report

    opened = _open(corpus)
    with progress_bar("Reporting") as progress:
        said = write_report(opened, out, without_text=without_text, force=force, progress=progress)
    click.echo(printable(said))


@main.command(short_help="Print the line that keeps an article out of later builds.")
@click.argument("corpus", type=FOLDER)
@click.argument("article_id")
@click.option("--reason", required=True, type=click.Choice(REASONS), help="Who asked.")
@click.option(
    "--date", "removed_date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Day of the removal, YYYY-MM-DD."
)
def takedown(corpus: Path, article_id: str, reason: str, removed_date: datetime) -> None:
    """Print the line that keeps an article of CORPUS out of every later build.

    ARTICLE_ID is the beginning of the article's id, as much as makes it unique. The line holds the id and a sketch
    of the body, by which the article is recognised when it is crawled again; no word can be read from it.

    Append the line to a takedown list and give that to `kliping build --removed`. The list is a CSV file whose
    first line is article_id,removed_date,reason,body_sketch.

    \b
    Example: kliping takedown corpus 9afc4d24 --reason outlet --date 2026-11-22 >> removed.csv
    """
    from kliping.corpus.folder import article_rows, require_text
    from kliping.curate.takedown import entry

    opened = _open(corpus)
    require_text(opened)
    (article,) = article_rows(opened, article_id)["articles"]
    click.echo(entry(article["article_id"], article["text"], removed_date.date().isoformat(), reason))


@main.command(short_help="Write a corpus without the outlets' text.")
@click.argument("corpus", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option(
    "--without-text",
    is_flag=True,
    required=True,
    expose_value=False,
    help="Leave out all columns with words of the articles.",
)
@click.option("--replace", is_flag=True, help="Replace the corpus in OUT though it has what the new one has not.")
@click.option("--force", is_flag=True, help="Replace an existing OUT even if kliping did not make it.")
def export(corpus: Path, out: Path, replace: bool, force: bool) -> None:
    """Write CORPUS to OUT without the outlets' text: offsets, roles, metadata and digests stay.

    Whoever holds the original files can restore the text with `kliping rehydrate`.

    \b
    Example: kliping export corpus corpus-without-text --without-text
    """
    from kliping.publish.without_text import export_without_text

    manifest = export_without_text(_open(corpus), out, force=force, replace=replace)
    click.echo(f"{out}: {manifest['tables']['articles']['rows']} articles without their text.")


@main.command(short_help="Put the text back into a corpus without text.")
@click.argument("exported", type=FOLDER)
@click.argument("sources", nargs=-1, required=True)
@click.option("--out", required=True, type=FOLDER, help="Folder for the restored corpus.")
@click.option(
    "--corrections",
    type=EXISTING,
    multiple=True,
    metavar="FILE",
    help="File of corrections that the corpus was built with, or the folder of them.",
)
@click.option("--replace", is_flag=True, help="Replace the corpus in OUT though it has what the new one has not.")
@click.option("--force", is_flag=True, help="Replace an existing OUT even if kliping did not make it.")
def rehydrate(
    exported: Path, sources: tuple[str, ...], out: Path, corrections: tuple[Path, ...], **flags: bool
) -> None:
    """Put the text back into EXPORTED, a corpus without text.

    SOURCES are the files, folders or globs that the corpus was built from. The result is written only if every
    table has the content root that the original had.

    \b
    Example: kliping rehydrate corpus-without-text crawl/ --out corpus
    """
    from kliping.curate.corrections import read_corrections
    from kliping.publish.without_text import rehydrate as put_back

    manifest = put_back(_open(exported), sources, out, corrections=read_corrections(corrections), **flags)
    click.echo(f"{out}: {manifest['tables']['articles']['rows']} articles; every content root is the exported one.")


@main.command(short_help="Upload an audited corpus to a Hugging Face Hub and tag it.")
@click.argument("corpus", type=FOLDER)
@click.option("--repo", required=True, help="The dataset repository, OWNER/NAME.")
@click.option("--endpoint", help="Address of the Hub (HF_ENDPOINT or the public Hub if not given).")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
def publish(corpus: Path, repo: str, endpoint: str | None, dry_run: bool) -> None:
    """Audit CORPUS, upload its files to a Hugging Face Hub and tag the version.

    Nothing is uploaded if the audit fails. A version that is already tagged is never changed. --dry-run says what would
    be done, offline too.

    \b
    Example: kliping publish corpus --repo OWNER/NAME --dry-run
    """
    from kliping.publish.hub import publish as upload

    for line in upload(corpus, repo, endpoint=endpoint, dry_run=dry_run).in_lines(dry_run=dry_run):
        click.echo(line)
