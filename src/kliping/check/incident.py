"""One thing found wrong in a corpus, with the name under which docs and fixtures know it, and where it is."""

from __future__ import annotations

from dataclasses import dataclass

from kliping.errors import printable


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that is wrong."""

    name: str
    """Kebab-case; one of `INCIDENTS`."""
    place: str
    """The file, or the table and the row's key: `segments 5ed1…/12`."""
    detail: str
    """A sentence: what stands there, and what should."""

    def __str__(self) -> str:
        return printable(f"{self.name}  {self.place}: {self.detail}")


INCIDENTS = {
    # files
    "not-as-published": "SHA256SUMS is not the file whose digest was published.",
    "checksum-mismatch": "A file's bytes are not those whose digest SHA256SUMS gives.",
    "file-missing": "A file that SHA256SUMS or the manifest lists is not there.",
    "file-unlisted": "A file lies in the corpus folder that neither SHA256SUMS nor the manifest knows.",
    "sums-mismatch": "SHA256SUMS is not the list of exactly the files of the corpus.",
    "lfs-pointer": "A git-lfs pointer stands where a Parquet file should.",
    "unreadable-parquet": "A Parquet file cannot be read.",
    # agreement of what describes the corpus
    "header-mismatch": "README.md is not what the manifest and the rows give.",
    "croissant-mismatch": "croissant.json is not what the manifest gives.",
    "manifest-mismatch": "The manifest says something of the corpus that is not so, or is not written as kliping does.",
    "schema-mismatch": "A table's columns, types, nullability or footer are not those of the schema.",
    "row-count-mismatch": "A file does not hold as many rows as the manifest says.",
    "root-mismatch": "The rows do not give the content root or column root of the manifest.",
    # rows
    "unknown-term": "A value is not in the vocabulary of its column.",
    "malformed-value": "A value is not written as its column demands.",
    "duplicate-key": "Two rows of a table have the same key.",
    "rows-unsorted": "The rows of a table do not stand in the order of their key.",
    "position-gap": "The positions of an article's rows do not run 0, 1, 2 ...",
    "dangling-reference": "A row points to a row of another table that is not there.",
    "text-not-withheld": "A corpus without text has a value in a column that holds words of articles.",
    "raw-digest-mismatch": "The raw text does not give its sha256, byte count or article_id.",
    "provenance-mismatch": "What `raw` says of an article's origin does not fit together or to its text.",
    "span-range": "A row's place is empty, lies outside its text, or is given by half.",
    "span-overlap": "In a table that covers a text, a row begins before the end of the one before it.",
    "span-gap": "In a table that covers a text, visible text belongs to no row.",
    "span-text-mismatch": "A row's quote or text is not what stands at its place.",
    "span-raw-mismatch": "A row's place in the raw text is not that of its place in the body.",
    "span-home-mismatch": "A row does not lie in the segment that it names.",
    "repair-mismatch": "A repair lies outside its segment, out of order, changes nothing, or names other text.",
    "body-mismatch": "articles.text is not the paragraphs and subheadings of the article.",
    "value-without-evidence": "A metadata value has no accepted evidence, or that evidence says something else.",
    "margin-mismatch": "A segment's margin is beyond its range, missing where the model decided, or given where not.",
    "flag-mismatch": "The flags of an article, or the places they point at, are not what its rows give.",
    "correction-mismatch": "An article says of its corrections what its rows in `corrections` do not, or other bytes.",
    "count-mismatch": "A count of an article is not what the rows give.",
    "wide-mismatch": "A table over the whole corpus has other rows than the articles give.",
    "split-mismatch": "An article stands in another split than the rule of the manifest gives its cluster of copies.",
    "copy-mismatch": "A value that stands in two tables differs between them.",
    "decision-mismatch": "`decisions` does not balance, or a row of it contradicts itself or the articles.",
    # pages
    "extraction-mismatch": "A kept page is missing, has another digest, or gives another raw text or other line tags.",
    # rebuild
    "rebuild-mismatch": "Building the corpus again from its raw table gives other rows or other bytes.",
}
"""Every incident and what it means; the name is what a fixture, a message and docs/audit.md call it by."""
