"""`kliping.open_corpus` gives the tables, an article with everything of it, and the text of any spans."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from kliping import annotate, build, open_corpus
from kliping.corpus.folder import Corpus
from kliping.errors import KlipingError
from kliping.publish.without_text import export_without_text

REPO = Path(__file__).parents[2]
SEEDS = sorted((REPO / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The seeds in several shards."""
    folder = tmp_path_factory.mktemp("corpora")
    build(SEEDS, folder / "corpus", shard_bytes=4000)
    made = open_corpus(folder / "corpus")
    assert made.shard_count > 1
    return made


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_an_article_is_what_annotate_gave(corpus: Corpus, seed: Path) -> None:
    found = annotate(seed)
    again = corpus.article(found.document.article_id[:8])
    assert again.to_dict() == found.to_dict()
    assert (repr(again), again._repr_html_()) == (repr(found), found._repr_html_())
    assert again.document.sha256 == found.document.sha256
    assert (again.sentences, again.evidence, again.quotations) == (found.sentences, found.evidence, found.quotations)


def test_an_article_goes_to_another_process_and_back(corpus: Corpus) -> None:
    found = corpus.article("2846700a")
    assert found.rows["time_expressions"]
    assert pickle.loads(pickle.dumps(found)) == found


def test_an_article_that_is_not_there_is_a_sentence(corpus: Corpus) -> None:
    with pytest.raises(KlipingError, match="No document of"):
        corpus.article("zz")
    with pytest.raises(KlipingError, match="give more of the id"):
        corpus.article("")


def test_its_tables_are_those_of_the_manifest(corpus: Corpus) -> None:
    assert set(corpus.tables) == set(corpus.manifest["tables"])
    assert all(corpus.whole(name).num_rows == corpus.manifest["tables"][name]["rows"] for name in corpus.tables)
    assert repr(corpus) == f"<Corpus {str(corpus.path)!r}, version 1.0.0, 5 articles>"


def test_spans_give_their_text_in_their_order(corpus: Corpus) -> None:
    sentences = corpus.whole("sentences")
    backwards = sentences.take(list(range(sentences.num_rows))[::-1])
    assert corpus.read_spans(backwards, of="articles") == backwards["text"].to_pylist()
    evidence = [row for row in corpus.whole("evidence").to_pylist() if row["quote"] is not None]
    assert evidence
    triples = [(row["article_id"], row["start"], row["end"]) for row in evidence]
    assert corpus.read_spans(triples) == [row["quote"] for row in evidence]
    assert corpus.read_spans(iter(triples[:1])) == [evidence[0]["quote"]]
    assert corpus.read_spans([]) == []


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 2), (0, 10**7)])
def test_a_span_outside_of_its_text_is_a_sentence(corpus: Corpus, start: int, end: int) -> None:
    article_id = corpus.whole("articles")["article_id"][0].as_py()
    with pytest.raises(KlipingError, match="does not lie in its text"):
        corpus.read_spans([(article_id, start, end)])


def test_a_span_of_no_article_or_text_is_a_sentence(corpus: Corpus) -> None:
    with pytest.raises(KlipingError, match="has no article 2846"):
        corpus.read_spans([("2846", 0, 1)])
    with pytest.raises(KlipingError, match="not of 'segments'"):
        corpus.read_spans([], of="segments")


def test_without_text_there_is_no_article_and_no_span(corpus: Corpus, tmp_path: Path) -> None:
    export_without_text(corpus, tmp_path / "open", force=False)
    opened = open_corpus(tmp_path / "open")
    assert opened.whole("segments").num_rows == corpus.whole("segments").num_rows
    for ask in (lambda: opened.article("2846"), lambda: opened.read_spans([])):
        with pytest.raises(KlipingError, match="kliping rehydrate"):
            ask()
