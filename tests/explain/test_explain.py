"""Every segment and every value is explained in words, and a rule without words does not get in unnoticed."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from corpora import RUMPUT_LAUT, documents, shards, write

from kliping.annotation.pipeline import annotate, annotate_batch
from kliping.cli import main
from kliping.model import Annotation, Evidence, RawDocument
from kliping.report.explain import (
    UNKNOWN_RULE,
    describe_quotation,
    describe_role,
    describe_value,
    explain_document,
    weigh,
)

PACKAGE = Path(__file__).parents[2] / "src" / "kliping"
RULE = re.compile(r"[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*")
SEAWEED = "65aee909"


def shown(*arguments: str | Path) -> str:
    result = CliRunner().invoke(main, ["explain", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(shards(), tmp_path_factory.mktemp("explained") / "corpus")


def test_an_article_of_a_corpus_and_its_file_are_explained_alike(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "rumput.txt").write_text(RUMPUT_LAUT, encoding="utf-8")
    assert shown(corpus, SEAWEED) == shown(tmp_path / "rumput.txt")


def test_a_segment_tells_role_place_rule_and_repairs(corpus: Path) -> None:
    lines = shown(corpus, SEAWEED).split("\n")
    at = lines.index("  11  advertisement  [702, 715)  'Advertisement'")
    assert lines[at + 1] == "      because the phrase “advertisement” stands for advertisement (phrase:advertisement)"
    assert "      repaired [456, 459) 'â€œ' -> '“', mojibake" in lines


def test_a_model_s_decision_tells_what_weighed_most(corpus: Path) -> None:
    lines = shown(corpus, SEAWEED).split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("   1  headline"))
    assert re.fullmatch(r"      what weighed most: .+ \+\d+(, .+ \+\d+)*", lines[at + 2])
    assert lines[at + 3].startswith("      otherwise it would be: ")


def test_values_tell_proof_and_rejection(corpus: Path) -> None:
    text = shown(corpus, "e050eeff")
    assert "  published_date = '2023-10-18': not in the text: it came with the input\n" in text
    assert "      because the page's address has the day of publication in it (url:path)\n" in text
    rejected = text.partition("Rejected alternatives\n")[2]
    assert rejected.startswith("  published_date = '2023-10-18': 'Rabu (18/10/2023)' at [148, 165)\n      although ")


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.source_path)
def test_every_line_of_a_page_is_explained(document: RawDocument) -> None:
    annotation = annotate(document)
    weighed = weigh(document, annotation.segments)
    assert len(weighed) == len(annotation.segments)
    text = "\n".join(explain_document(document, annotation.segments, annotation.evidence))
    assert UNKNOWN_RULE not in text
    assert text.count("\n      because ") + text.count("\n      although ") == len(annotation.segments) + len(
        annotation.evidence
    )


def test_debris_is_explained_between_the_others() -> None:
    document = RawDocument(RUMPUT_LAUT.replace("Advertisement", "Advertisement\nÂ").encode(), "laut.txt")
    (annotation,) = annotate_batch([document])
    assert isinstance(annotation, Annotation)
    rules = [segment.rule for segment in annotation.segments]
    assert "debris" in rules
    assert set(weigh(document, annotation.segments)) == set(range(len(rules))) - {rules.index("debris")}
    assert "      because nothing is left of it after repair (debris)" in explain_document(
        document, annotation.segments, ()
    )


def written_rules(layer: str) -> set[str]:
    """Every rule that stands literally in the code of a layer."""
    found = set()
    for path in sorted((PACKAGE / "annotation" / "layers" / layer).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            ast.get_docstring(node, clean=False) for node in ast.walk(tree) if hasattr(node, "body") and _is_block(node)
        }
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        found |= {
            value for value in constants if isinstance(value, str) and value not in docs and RULE.fullmatch(value)
        }
    return found


def _is_block(node: ast.AST) -> bool:
    return isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)


def composed_rules() -> set[str]:
    """Those that the code puts together."""
    kinds = tomllib.loads((PACKAGE / "knowledge" / "citations.toml").read_text("utf-8"))
    citing = {f"cited:{kind}" for kind in ("quoting", "telling", "saying", "naming") if kind in kinds}
    labels = {f"byline:{who}-label{where}" for who in ("author", "editor") for where in ("", "-after")}
    verdicts = (
        "earlier-day",
        "only-named",
        "updated",
        "before-the-web",
        "year-unknown",
        "weekday-conflict",
        "birthday",
        "every-year",
    )
    return citing | labels | {f"rejected:{verdict}" for verdict in (*verdicts, "future", "tomorrow", "other-article")}


def test_every_rule_of_a_value_has_words() -> None:
    rules = written_rules("metadata") | composed_rules() | {"stated:timestamp", "stated:copyright"}
    assert len(rules) > 40
    known = tomllib.loads((PACKAGE / "report" / "rules.toml").read_text("utf-8"))["rules"]
    assert rules - known.keys() == set()
    assert known.keys() - rules == set(), "words for a rule that there is not"


def test_every_rule_of_a_quotation_has_words() -> None:
    known = tomllib.loads((PACKAGE / "report" / "rules.toml").read_text("utf-8"))["quotations"]
    assert known.keys() == written_rules("quotations")
    assert describe_quotation("gone:rule") == UNKNOWN_RULE


def test_quotations_tell_rule_and_speaker(corpus: Path) -> None:
    told = shown(corpus, SEAWEED).partition("\nQuotations\n")[2]
    assert "  direct [456, 513) '“Kami tidak mau kehilangan panen seperti tahun lalu,”'\n" in told
    assert "      because a word of speaking stands right behind the marks (direct:after)\n" in told
    assert "      said by 'Kepala Kampung Teluk Semanting, Rahmat Hidayat'\n" in told


@pytest.mark.parametrize("family", ["column", "json-ld", "opengraph", "microdata", "meta", "html", "metadata"])
def test_what_came_with_the_input_names_its_place(family: str) -> None:
    assert "datePublished" in describe_value(f"{family}:datePublished")


def test_a_rule_of_another_version_is_called_one() -> None:
    assert describe_value("gone:rule") == describe_role("gone:rule") == UNKNOWN_RULE
    value = Evidence("headline", "Judul", 0, 5, "Judul", "gone:rule", True)
    assert f"      because {UNKNOWN_RULE} (gone:rule)" in explain_document(documents()[0], (), (value,))
