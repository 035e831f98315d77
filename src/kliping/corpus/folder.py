"""Opens a corpus folder shard by shard; what cannot be read is a sentence, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kliping import schema
from kliping.corpus.layout import CROISSANT, DESCRIBING, LFS_POINTER, MANIFEST, SUMS, is_file_of, split_of
from kliping.corpus.manifest import Manifest, is_without_text, missing_tables, read_manifest
from kliping.corpus.stored import annotation_of
from kliping.corpus.wide.shards import Shards
from kliping.errors import KlipingError, listed
from kliping.files import file_sha256
from kliping.model import Annotation

_TABLE_KEYS = {"rows": int, "arrow_bytes": int, "root": str, "files": list}
_FILE_KEYS = {"path": str, "sha256": str, "bytes": int, "rows": int, "arrow_bytes": int}
_PART_TYPES = {"version": str, "made_with": dict, "knowledge": dict, "schema": dict, "options": dict, "inputs": dict,
               "tables": dict, "statistics": dict}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Corpus:
    """A corpus folder with its manifest; the files of one shard, one a table, hold the same articles."""

    path: Path
    manifest: Manifest

    def __repr__(self) -> str:
        count = self.manifest["tables"]["articles"]["rows"]
        return f"<Corpus {str(self.path)!r}, version {self.manifest['version']}, {count:,} articles>"

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables; `whole` gives each."""
        return tuple(self.manifest["tables"])

    def article(self, prefix: str) -> Annotation:
        """Return the one article whose id begins with `prefix`, with its rows of all tables.

        It is what `kliping.annotate` gave for the document. Raises KlipingError where no article or more than one
        begins so, or the corpus is without text.
        """
        require_text(self)
        return annotation_of(article_rows(self, prefix))

    def read_spans(self, spans: pa.Table | Iterable[tuple[str, int, int]], *, of: str = "raw") -> list[str]:
        """Return the text of spans, in their order: of the raw text, or with `of="articles"` of the body.

        A span is (article_id, start, end), in code points, end exclusive; a table has these as columns. The corpus is
        read once, a shard at a time. Raises KlipingError where an article is not there, a span does not lie in its
        text, or the corpus is without text.
        """
        require_text(self)
        wanted = _triples(spans)
        return list(map(_cut, wanted, self._texts(of, [article_id for article_id, _, _ in wanted])))

    def _texts(self, table: str, ids: Sequence[str]) -> list[str]:
        if table not in ("raw", "articles"):
            raise KlipingError(f"Spans count in the text of `raw` or of `articles`, not of {table!r}.")
        found: dict[str, str] = {}
        asked = pa.array(sorted(set(ids)), pa.string())
        for texts in self.shards.read(table, ["article_id", "text"]):
            rows = texts.filter(pc.is_in(texts["article_id"], asked))
            found.update(zip(rows["article_id"].to_pylist(), rows["text"].to_pylist(), strict=True))
        if missing := [article_id for article_id in dict.fromkeys(ids) if article_id not in found]:
            raise KlipingError(f"{self.path} has no article {listed(missing)}. A span needs the whole article_id.")
        return [found[article_id] for article_id in ids]

    @property
    def without_text(self) -> bool:
        """Whether it was exported without the outlets' text."""
        return is_without_text(self.manifest)

    @property
    def left_out(self) -> frozenset[str]:
        """The optional tables that it was built without."""
        return missing_tables(self.manifest["options"])

    @property
    def digest(self) -> str | None:
        """What names a corpus: the sha256 of SHA256SUMS, which fixes every other byte; None where it is missing."""
        path = self.path / SUMS
        return file_sha256(path) if path.is_file() else None

    @property
    def sharded(self) -> tuple[str, ...]:
        """The tables that come one file a shard."""
        return tuple(name for name in self.manifest["tables"] if name not in schema.of_scope(schema.CORPUS))

    @property
    def shards(self) -> Shards:
        """The sharded tables as a table over the whole corpus reads them."""
        files = {name: [self.path / entry["path"] for entry in self.files(name)] for name in self.sharded}
        return Shards(files, without_text=self.without_text)

    @property
    def shard_count(self) -> int:
        """How many shards there are; `check_manifest` sees to it that every sharded table has as many files."""
        return max((len(self.files(name)) for name in self.sharded), default=0)

    @property
    def splits(self) -> list[str]:
        """The split of each shard."""
        return [split_of(entry["path"]) for entry in self.files("articles")]

    def files(self, table: str) -> list[Mapping[str, Any]]:
        """Return the manifest's entries for the files of a table, in order."""
        return list(self.manifest["tables"][table]["files"])

    def files_by_split(self, table: str) -> list[list[Mapping[str, Any]]]:
        """Return the same split by split: in the files of one, taken one after the other, ids rise."""
        groups: dict[str, list[Mapping[str, Any]]] = {}
        for entry in self.files(table):
            groups.setdefault(split_of(entry["path"]), []).append(entry)
        return list(groups.values())

    def all_files(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield every Parquet file of the manifest as (table, entry)."""
        for table in self.manifest["tables"]:
            for entry in self.files(table):
                yield table, entry

    def listed_files(self) -> list[str]:
        """Return the files that a corpus with this manifest consists of, but SHA256SUMS, sorted."""
        return sorted([*DESCRIBING, *(entry["path"] for _, entry in self.all_files())])

    def shard(self, index: int) -> dict[str, pa.Table]:
        """Return the tables of one shard. Raises KlipingError where a file is missing or cannot be read."""
        return {name: self.table(name, index) for name in self.sharded}

    def table(self, name: str, index: int, columns: Sequence[str] | None = None) -> pa.Table:
        """Return one table of one shard, or these columns of it.

        Raises KlipingError where its file is missing or cannot be read.
        """
        return self.read(self.files(name)[index]["path"], columns)

    def whole(self, name: str) -> pa.Table:
        """Return one table of all shards together. Raises KlipingError where a file is missing or cannot be read."""
        parts = [self.read(entry["path"]) for entry in self.files(name)]
        return pa.concat_tables(parts) if parts else schema.arrow_schema(name).empty_table()

    def has_column(self, table: str, column: str) -> bool:
        """Return whether a table has a column, by its first file: a corpus of an older contract may lack it."""
        return column in pq.read_schema(self.path / self.files(table)[0]["path"]).names

    def sample(self) -> dict[str, Any] | None:
        """Return the article that the card shows: the first one; None where there is none."""
        for entry in [entry for entry in self.files("articles") if entry["rows"]][:1]:
            with pq.ParquetFile(self.path / entry["path"]) as file:
                for batch in file.iter_batches(batch_size=1):
                    (row,) = batch.to_pylist()
                    return dict(row)
        return None

    def read(self, file: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return one Parquet file, or these columns of it, as a table.

        Raises KlipingError, saying what to do, where it is missing or damaged.
        """
        found = load_file(self.path / file, columns=columns)
        if isinstance(found, pa.Table):
            return found
        raise KlipingError(f"{self.path / file}: {found[1]}.")


def _triples(spans: pa.Table | Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    if isinstance(spans, pa.Table):
        return list(zip(*(spans[name].to_pylist() for name in ("article_id", "start", "end")), strict=True))
    return list(spans)


def _cut(span: tuple[str, int, int], text: str) -> str:
    article_id, start, end = span
    if not 0 <= start <= end <= len(text):
        raise KlipingError(f"{article_id}: [{start}, {end}) does not lie in its text of {len(text):,} characters.")
    return text[start:end]


def open_corpus(path: str | Path) -> Corpus:
    """Open the corpus in the folder `path`.

    Raises KlipingError with a sentence where the folder is no corpus that this version reads.

    >>> corpus = open_corpus("corpus")
    >>> corpus.whole("quotations").num_rows > 0
    True
    >>> corpus.article("2846700a").metadata.outlet_name
    'Tuturpedia'
    >>> sentences = corpus.whole("sentences").slice(0, 3)
    >>> corpus.read_spans(sentences, of="articles") == sentences["text"].to_pylist()
    True
    """
    path = Path(path)
    if not (path / MANIFEST).is_file() and (hint := _hint(path)):
        raise KlipingError(hint)
    manifest = read_manifest(path)
    if problem := _malformed(manifest):
        raise KlipingError(f"{path / MANIFEST} is damaged: {problem}. Download the corpus again.")
    return Corpus(path, manifest)


def _hint(path: Path) -> str | None:
    """What a folder without manifest probably is, if something of a corpus is there."""
    if (path / "corpus" / MANIFEST).is_file():
        return f"{path} is not the corpus, but holds it: give {path / 'corpus'}."
    parts = [name for name in (*schema.load().tables, CROISSANT, SUMS) if (path / name).exists()]
    if parts:
        return f"{path} is part of a corpus only ({', '.join(parts)}, no {MANIFEST}). Download all of it again."
    return None


def _malformed(manifest: Mapping[str, Any]) -> str | None:
    for key, form in _PART_TYPES.items():
        if not isinstance(manifest[key], form):
            return f"{key!r} is no {form.__name__}"
    if not isinstance(manifest["inputs"].get("count"), int):
        return "'inputs' has no 'count'"
    for name, table in manifest["tables"].items():
        if problem := _wrong_keys(f"table {name!r}", table, _TABLE_KEYS):
            return problem
        for entry in table["files"]:
            if problem := _wrong_keys(f"a file of table {name!r}", entry, _FILE_KEYS):
                return problem
            if not is_file_of(name, entry["path"]):
                return f"table {name!r} has a file {entry['path']!r}"
    return None


def _wrong_keys(place: str, entry: Any, keys: Mapping[str, type]) -> str | None:
    if not isinstance(entry, dict):
        return f"{place} is no dict"
    wrong = [key for key, form in keys.items() if not isinstance(entry.get(key), form)]
    return f"{place} has no {wrong[0]!r} of type {keys[wrong[0]].__name__}" if wrong else None


def require_same_contract(corpus: Corpus) -> None:
    """Raise KlipingError unless the corpus was made after the version of schema/ that this kliping has."""
    theirs, ours = corpus.manifest["schema_version"], schema.load().version
    if theirs != ours:
        maker = corpus.manifest["made_with"].get("kliping", "of that time")
        raise KlipingError(
            f"{corpus.path} was made after version {theirs} of the contract, this kliping knows {ours}. "
            f"Install kliping {maker} to check it; `kliping diff` compares it with a newer one."
        )


def require_text(corpus: Corpus) -> None:
    """Raise KlipingError where the corpus was exported without the outlets' text."""
    if corpus.without_text:
        raise KlipingError(
            f"{corpus.path} is without text. Put it back with `kliping rehydrate {corpus.path} SOURCES... --out DIR`."
        )


def load_file(path: Path, *, full: bool = False, columns: Sequence[str] | None = None) -> pa.Table | tuple[str, str]:
    """Return the table in a file, or these columns of it, or the name and the sentence of what is wrong.

    `full` looks at every value's bytes too.
    """
    if not path.is_file():
        return "file-missing", "the manifest lists it and it is not there; download the corpus again"
    try:
        with pq.ParquetFile(path) as file:
            table = file.read(columns=columns)
        table.validate(full=full)
    except (OSError, pa.ArrowException) as error:
        with path.open("rb") as stream:
            if stream.read(len(LFS_POINTER)) == LFS_POINTER:
                return "lfs-pointer", "a git-lfs pointer stands in its place; run `git lfs pull` in that repository"
        return "unreadable-parquet", f"it is no whole Parquet file ({_first_line(error)}); download the corpus again"
    return table


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")


def article_rows(corpus: Corpus, prefix: str) -> dict[str, list[dict[str, Any]]]:
    """Return {table: rows} of the one article whose id begins with `prefix`.

    Raises KlipingError where no article or more than one does; of a document that was not kept it says why.
    """
    homes: dict[str, int] = {}
    for index in range(corpus.shard_count):
        homes |= dict.fromkeys(_matching(corpus, "articles", index, prefix)["article_id"].to_pylist(), index)
    if not homes:
        raise KlipingError(_not_kept(corpus, prefix))
    if len(homes) > 1:
        raise KlipingError(f"{len(homes)} articles begin with {prefix!r} ({_some(list(homes))}); give more of the id.")
    ((article_id, index),) = homes.items()
    return {name: _matching(corpus, name, index, article_id).to_pylist() for name in corpus.sharded}


def _matching(corpus: Corpus, name: str, index: int, prefix: str) -> pa.Table:
    table = corpus.table(name, index)
    return table.filter(pc.starts_with(table.column("article_id"), prefix))


def _not_kept(corpus: Corpus, prefix: str) -> str:
    for index in range(corpus.shard_count):
        for row in _matching(corpus, "decisions", index, prefix).to_pylist():
            return f"{row['source_path']} is not in the corpus ({row['outcome']}, {row['reason']}): {row['detail']}"
    return f"No document of {corpus.path} has an id that begins with {prefix!r}; `articles` and `decisions` list them."


def _some(names: list[str]) -> str:
    return ", ".join([*names[:5], *(["..."] if len(names) > 5 else [])])
