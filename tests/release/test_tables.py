"""tables.py: nothing lost on the way to Arrow and back, whatever the order."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import jsonschema
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kliping import schema
from kliping.corpus import tables
from kliping.corpus.digests import row_json
from kliping.model import Annotation, InputValue, RawDocument

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
maybe = st.none() | texts
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
documents = st.builds(
    RawDocument,
    data=st.binary(max_size=30),
    source_path=texts,
    url=maybe,
    retrieved_at=st.none() | st.integers(0, 4 * 10**12).map(lambda ms: EPOCH + timedelta(milliseconds=ms)),
    metadata=st.lists(st.builds(InputValue, texts, texts, texts), max_size=3).map(tuple),
    extractor=maybe,
    source_sha256=maybe,
    line_tags=st.lists(texts, max_size=3).map(tuple),
    source=st.none() | st.binary(max_size=5),
)


@given(st.lists(documents, max_size=5))
def test_documents_survive_the_batch_that_engines_carry(given_documents):
    batch = tables.documents_to_batch(given_documents)
    batch.validate(full=True)
    assert tables.documents_from_batch(batch) == given_documents


def test_raw_rows_give_back_the_documents(outcomes, made):
    kept = {outcome.document.article_id: outcome.document for outcome in outcomes if isinstance(outcome, Annotation)}
    assert list(tables.documents_from_raw(made["raw"])) == [kept[article_id] for article_id in sorted(kept)]


@pytest.mark.parametrize(
    ("column", "value"), [("text", "lain"), ("encoding", "ascii"), ("encoding", "nirmala"), ("sha256", "0" * 64)]
)
def test_a_raw_row_that_does_not_give_its_bytes_back_is_named(made, column, value):
    rows = made["raw"].to_pylist()
    rows[1][column] = value
    if column == "encoding":
        rows[1]["text"] = "é"
    with pytest.raises(ValueError, match=rows[1]["article_id"]):
        list(tables.documents_from_raw(pa.Table.from_pylist(rows, schema=made["raw"].schema)))


def test_order_of_the_outcomes_leaves_no_trace(outcomes, made):
    again = tables.to_tables(reversed(outcomes))
    assert all(again[name].equals(made[name], check_metadata=True) for name in made)


def test_every_outcome_is_one_decision(outcomes, made):
    decisions = made["decisions"].to_pylist()
    assert [row["source_path"] for row in decisions] == sorted(
        outcome.document.source_path if isinstance(outcome, Annotation) else outcome.source_path for outcome in outcomes
    )
    by_path = {row["source_path"]: (row["outcome"], row["reason"]) for row in decisions}
    assert by_path["pasar.txt"] == ("kept", None)
    assert by_path["rusak.bin"] == ("set-aside", "binary")
    assert by_path["tutup.txt"] == ("failed", "unreadable")
    assert {row["article_id"] for row in decisions if row["outcome"] == "kept"} == set(
        made["articles"]["article_id"].to_pylist()
    )


def test_tables_are_as_the_contract_says(made):
    assert tuple(made) == schema.of_scope(schema.ARTICLE)
    for name, table in made.items():
        table.validate(full=True)
        assert table.schema.equals(schema.arrow_schema(name), check_metadata=True)
        key = schema.load().tables[name].sort_key
        rows = table.select(list(key)).to_pylist()
        assert rows == sorted(rows, key=lambda row, key=key: [row[column] for column in key])
        assert len({tuple(row.values()) for row in rows}) == len(rows)


@pytest.mark.parametrize("name", schema.of_scope(schema.ARTICLE))
def test_every_row_is_valid_json_after_the_json_schema(made, name):
    validator = jsonschema.Draft202012Validator(schema.json_schema(name))
    for row in row_json(made[name]):
        validator.validate(json.loads(row))


def test_counts_of_an_article_are_the_rows_it_has(made):
    for row in made["articles"].to_pylist():
        for count, table in (("segment_count", "segments"), ("sentence_count", "sentences")):
            assert row[count] == made[table]["article_id"].to_pylist().count(row["article_id"])
        assert row["character_count"] == len(row["text"])


@given(st.lists(st.text(st.sampled_from("ab é\n\t\x00\x1f\u00a0𝕏"), max_size=12), max_size=5))
def test_words_are_runs_of_characters_above_the_space(bodies):
    counted = tables._word_counts(pa.array(bodies, pa.string())).to_pylist()
    assert counted == [len(re.findall(r"[^\x00-\x20]+", body)) for body in bodies]


def test_no_outcome_gives_empty_tables_with_all_columns():
    for name, table in tables.to_tables([]).items():
        assert table.num_rows == 0
        assert table.schema.equals(schema.arrow_schema(name))
