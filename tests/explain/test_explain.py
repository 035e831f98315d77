"""Every segment and every value is explained in words, and a rule without words does not get in unnoticed."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from corpora import RUMPUT_LAUT, documents, shards, write

from kliping import annotate
from kliping.annotation.pipeline import annotate_batch
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
    assert "Rejected alternatives" not in text, "the body tells of no other day"
    values = (
        Evidence("published_date", "2023-10-18", None, None, None, "url:path", True),
        Evidence("published_date", "2023-10-17", 4, 9, "17/10", "inferred:latest-told-day", False),
        Evidence("published_date", "2023-10-16", 1, 3, "16", "rejected:earlier-day", False),
    )
    rejected = explain_text(documents()[0], values).partition("Rejected alternatives\n")[2]
    assert rejected.startswith("  published_date = '2023-10-17': '17/10' at [4, 9)\n      although ")
    assert "'16' at [1, 3)\n      because " in rejected


def explain_text(document: RawDocument, values: tuple[Evidence, ...]) -> str:
    return "\n".join(explain_document(document, (), values))


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.source_path)
def test_every_line_of_a_page_is_explained(document: RawDocument) -> None:
    annotation = annotate(document)
    weighed = weigh(document, annotation.segments)
    assert len(weighed) == len(annotation.segments)
    times = [row._asdict() for row in annotation.rows["time_expressions"]]
    quotations = annotation.quotations
    text = "\n".join(explain_document(document, annotation.segments, annotation.evidence, quotations, times))
    assert UNKNOWN_RULE not in text
    explained = len(annotation.segments) + len(annotation.evidence) + len(quotations) + len(times)
    assert text.count("\n      because ") + text.count("\n      although ") == explained


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


def test_times_are_explained() -> None:
    text = "Pasar itu buka lagi, Senin (5/2/2024). Ia tutup tiga hari sejak Jumat, hingga akhir tahun."
    annotation = annotate(f"JAKARTA, KOMPAS.com - {text}")
    times = [row._asdict() for row in annotation.rows["time_expressions"]]
    lines = list(
        explain_document(annotation.document, annotation.segments, annotation.evidence, annotation.quotations, times)
    )
    told = lines[lines.index("Times and what they mean") + 1 :]
    assert [line for line in told if line.startswith("  D")] == [
        "  DATE 2024-02-05: 'Senin (5/2/2024)' at [43, 59)",
        "  DURATION P3D: 'tiga hari' at [70, 79)",
        "  DATE 2024-02-02, counted from 2024-02-05: 'Jumat' at [86, 91)",
        "  DATE no value, not-said-which: 'akhir tahun' at [100, 111)",
    ]


def written_rules(*places: str) -> set[str]:
    """Every rule that stands literally in the code of these modules and rooms of `annotation/`."""
    found = set()
    annotation = PACKAGE / "annotation"
    for path in sorted(path for place in places for path in annotation.glob(place)):
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
    rules = (
        written_rules("layers/metadata/**/*.py", "layers/signals/**/*.py", "dates/timeline.py")
        | composed_rules()
        | {"stated:timestamp", "stated:copyright", "contact:mobile", "contact:landline"}
    )
    assert len(rules) > 40
    known = tomllib.loads((PACKAGE / "report" / "rules.toml").read_text("utf-8"))["rules"]
    assert rules - known.keys() == set()
    assert known.keys() - rules == set(), "words for a rule that there is not"


def test_every_rule_of_a_quotation_has_words() -> None:
    known = tomllib.loads((PACKAGE / "report" / "rules.toml").read_text("utf-8"))["quotations"]
    assert known.keys() == written_rules("layers/quotations/**/*.py")
    assert describe_quotation("gone:rule") == UNKNOWN_RULE


def test_quotations_tell_rule_and_speaker(corpus: Path) -> None:
    told = shown(corpus, SEAWEED).partition("\nQuotations\n")[2]
    assert "  direct [456, 513) '“Kami tidak mau kehilangan panen seperti tahun lalu,”'\n" in told
    assert "      because a word of speaking stands right behind the marks (direct:after)\n" in told
    assert "      said by 'Kepala Kampung Teluk Semanting, Rahmat Hidayat'\n" in told


@pytest.mark.parametrize(
    "family", ["column", "json-ld", "opengraph", "microdata", "meta", "html", "metadata:column", "day-first:column"]
)
def test_what_came_with_the_input_names_its_place(family: str) -> None:
    assert "datePublished" in describe_value(f"{family}:datePublished")


def test_a_rule_of_another_version_is_called_one() -> None:
    assert describe_value("gone:rule") == describe_role("gone:rule") == UNKNOWN_RULE
    value = Evidence("headline", "Judul", 0, 5, "Judul", "gone:rule", True)
    assert f"      because {UNKNOWN_RULE} (gone:rule)" in explain_document(documents()[0], (), (value,))
