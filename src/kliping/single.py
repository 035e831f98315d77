"""One document, in whatever form it is at hand, annotated as `kliping annotate` and a build annotate it."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from kliping.errors import KlipingError
from kliping.kernel import annotate_documents
from kliping.model import Annotation, RawDocument, Refusal, SetAside
from kliping.read import Input, page_in, plan, read

NAMELESS = "-"
"""The source path of what came from no file."""


def annotate(source: str | bytes | os.PathLike[str] | RawDocument) -> Annotation:
    """Annotate one document.

    It is given as text, as bytes in any encoding that kliping reads, as the Path of a file of any format that it reads,
    or as a RawDocument, which is taken as it is. Text and bytes that are an HTML page are read as one: `raw_text` is
    then the page's visible text. All positions are code points of `raw_text`, end exclusive.

    Raises SetAside, with the reason, where the document holds no article that can be annotated; KlipingError where
    there is no such file, or more than one document in it; TypeError for anything else than a document.

    >>> found = annotate("JAKARTA, KOMPAS.com - Harga cabai turun, kata pedagang di Pasar Minggu, Senin (5/2/2024).")
    >>> found.metadata.outlet_name, str(found.metadata.published_date)
    ('Kompas', '2024-02-05')
    >>> body = "<p>Harga cabai di Pasar Sukamaju turun, kata pedagang Wening Lestari pada hari Senin di tokonya.</p>"
    >>> annotate(f"<html><body><h1>Harga cabai turun</h1>{body * 6}</body></html>").raw_text[:17]
    'Harga cabai turun'
    """
    (result,) = annotate_documents([_document(source)])
    if isinstance(result, Refusal):
        raise SetAside(result.reason, result.detail)
    return result


def _document(source: object) -> RawDocument:
    if isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    if isinstance(source, bytes):
        found = page_in(source, NAMELESS) or RawDocument(source, NAMELESS)
    elif isinstance(source, os.PathLike):
        found = only_document(_file(Path(source)), os.fspath(source))
    elif isinstance(source, RawDocument) and isinstance(source.data, bytes):
        return source
    else:
        what = "a RawDocument whose data are no bytes" if isinstance(source, RawDocument) else type(source).__name__
        raise TypeError(f"annotate takes text, bytes, a Path or a RawDocument, not {what}.")
    if isinstance(found, Refusal):
        raise SetAside(found.reason, found.detail)
    return found


def _file(path: Path) -> Input:
    if path.is_dir():
        raise KlipingError(f"{path} is a folder. Give one file of it, or the folder to kliping.build.")
    if not path.exists():
        raise KlipingError(f"There is no file {path}.")
    (one,) = plan([path])
    return one


def only_document(one: Input, name: str) -> RawDocument | Refusal:
    """Return the one document that a file holds, or why it cannot be read.

    Raises KlipingError, calling the file by its `name`, where it has more.
    """
    document, *more = itertools.islice(read(one), 2)
    if more:
        raise KlipingError(f"{name} holds more than one document; `kliping build {name} --out DIR` takes them all.")
    return document
