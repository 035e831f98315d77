"""Audits a corpus in rising steps, the last of which builds it again from its `raw` table and compares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kliping.check.incident import Incident
from kliping.check.listing import check_files
from kliping.check.pages import check_pages
from kliping.check.rebuild import check_rebuild, moved_versions
from kliping.check.recompute import root_of_table, roots_of_columns
from kliping.check.validate import STOPPING, Progress, check_description, check_shards, check_tables
from kliping.corpus.folder import Corpus, require_same_contract
from kliping.corpus.layout import SUMS

PASSED, FAILED, SKIPPED = "PASSED", "FAILED", "SKIPPED"

PUBLISHED = "Published digest"
FILES = "File checksums"
TABLES = "Parquet footers, schema and manifest"
DESCRIPTION_STEP = "README and croissant"
ROOTS_STEP = "Content and column roots"
ROWS_STEP = "Every row"
PAGES_STEP = "Kept pages"
REBUILD_STEP = "Rebuild from raw"
UNFIT = STOPPING | {"raw-digest-mismatch", "duplicate-key"}
"""Incidents of rows after which `raw` does not hold the documents that a rebuild starts from."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the audit and its answer."""

    title: str
    status: str
    incidents: tuple[Incident, ...] = ()
    remark: str = ""
    """Why it was skipped, or what exactly was compared."""


def audit(
    corpus: Corpus, progress: Progress = lambda done, of: None, *, published: str | None = None
) -> Iterator[Step]:
    """Yield the steps as they are answered; a step that needs what a failed one did not find is SKIPPED.

    `published` is the sha256 of SHA256SUMS as it was announced with the release (CHANGELOG.md has it). Without it the
    audit proves that the corpus is in itself what kliping makes of its raw texts, not whose raw texts they are.
    Raises KlipingError where the corpus was made after another version of the contract.
    """
    require_same_contract(corpus)
    yield _check_published(corpus, published)
    yield _step(FILES, check_files(corpus))
    tables = _step(TABLES, check_tables(corpus))
    yield tables
    if tables.status == FAILED:
        for title in (DESCRIPTION_STEP, ROOTS_STEP, ROWS_STEP, PAGES_STEP, REBUILD_STEP):
            yield Step(title, SKIPPED, remark="the files do not hold the tables of the schema, see above")
        return
    yield _step(DESCRIPTION_STEP, check_description(corpus))
    yield _step(ROOTS_STEP, check_roots(corpus))
    remark = "without text: quotes, texts and offsets into them were not compared" if corpus.without_text else ""
    rows = _step(ROWS_STEP, check_shards(corpus, progress), remark)
    yield rows
    yield _check_pages(corpus)
    yield _check_rebuild(corpus, rows)


def _step(title: str, incidents: Iterator[Incident], remark: str = "") -> Step:
    found = tuple(incidents)
    return Step(title, FAILED if found else PASSED, found, remark)


def _check_published(corpus: Corpus, published: str | None) -> Step:
    found = corpus.digest
    if published is None:
        remark = f"{SUMS} has the sha256 {found}; give --published with the announced one to compare"
        return Step(PUBLISHED, SKIPPED, remark=remark)
    if found == published.lower():
        return Step(PUBLISHED, PASSED, remark=f"{SUMS} is the one that was announced")
    detail = f"its sha256 is {found}, announced was {published}"
    return Step(PUBLISHED, FAILED, (Incident("not-as-published", SUMS, detail),))


def check_roots(corpus: Corpus) -> Iterator[Incident]:
    """Check that the rows give the `rows-v1` roots of the manifest, for whole rows and for single columns."""
    for name, said in corpus.manifest["tables"].items():
        try:
            found = root_of_table(corpus, name)
        except ValueError as error:
            yield Incident("root-mismatch", f"table {name}", f"it has no content root: {error}")
            continue
        yield from _root(f"table {name}", said["root"], found)
        columns, listed = roots_of_columns(corpus, name), said.get("columns", {})
        for column in sorted(columns.keys() | listed.keys()):
            yield from _root(f"table {name} column {column}", listed.get(column), columns.get(column))


def _root(place: str, said: str | None, is_so: str | None) -> Iterator[Incident]:
    if said != is_so:
        yield Incident("root-mismatch", place, f"its content root is {is_so}, the manifest says {said}")


def _check_pages(corpus: Corpus) -> Step:
    """FAILED for any page that is wrong; PASSED only where every page that is kept was extracted again."""
    if corpus.without_text:
        return Step(PAGES_STEP, SKIPPED, remark="this is a corpus without text, which holds no pages")
    found = check_pages(corpus)
    if not found.extracted and not found.kept:
        return Step(PAGES_STEP, SKIPPED, remark="no article was taken from a web page")
    if not found.kept and not found.incidents:
        return Step(PAGES_STEP, SKIPPED, remark="no page was kept; build with --keep-source")
    compared = found.kept - found.not_compared.total()
    remarks = [f"extracted {compared} again; {found.extracted} articles were taken from pages"]
    remarks += [f"{count} not compared: {reason}" for reason, count in sorted(found.not_compared.items())]
    status = FAILED if found.incidents else SKIPPED if found.not_compared else PASSED
    return Step(PAGES_STEP, status, tuple(found.incidents), "; ".join(remarks))


def _check_rebuild(corpus: Corpus, rows: Step) -> Step:
    if corpus.without_text:
        remark = "this is a corpus without text; `kliping rehydrate` puts it back and proves it"
        return Step(REBUILD_STEP, SKIPPED, remark=remark)
    if any(incident.name in UNFIT for incident in rows.incidents):
        return Step(REBUILD_STEP, SKIPPED, remark="the rows are not fit to build from, see above")
    moved = moved_versions(corpus.manifest)
    remark = "compared every byte"
    if moved:
        remark = f"compared rows, not bytes, because {'; '.join(moved)}: install those versions to compare every byte"
    return _step(REBUILD_STEP, check_rebuild(corpus), remark)
