"""README.md: all sections of the Hugging Face template, every figure from the manifest, every column explained."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import huggingface_hub
import pytest
import yaml

from kliping import schema
from kliping.corpus.card import render_readme
from kliping.corpus.folder import open_corpus

TEMPLATE = Path(huggingface_hub.__file__).parent / "templates" / "datasetcard_template.md"
HEADING = re.compile(r"^(#+) (.+?)(?: \[optional\])?$", re.MULTILINE)


@pytest.fixture(scope="module")
def readme(corpus: Path) -> str:
    return (corpus / "README.md").read_text("utf-8")


def sections(markdown: str) -> dict[str, str]:
    """Heading -> what stands below it, up to the next heading of any level; code blocks hold no headings."""
    prose = re.sub(r"```.*?```", "(code)", markdown, flags=re.DOTALL)
    found = list(HEADING.finditer(prose))
    ends = [match.start() for match in found[1:]] + [len(prose)]
    return {match[2]: prose[match.end() : end].strip() for match, end in zip(found, ends, strict=True)}


def test_every_section_of_the_template_is_there(readme: str):
    template = TEMPLATE.read_text("utf-8").split("# Dataset Card for ", 1)[1]
    wanted = [match[2] for match in HEADING.finditer(template)]
    given = sections(readme.split("---\n", 2)[2])
    assert len(wanted) > 20
    assert [heading for heading in wanted if heading not in given] == []
    parents = {"Dataset Details", "Uses", "Dataset Creation", "Source Data", "Annotations"}
    assert [heading for heading, content in given.items() if not content and heading not in parents] == []
    assert "More Information Needed" not in readme


def test_the_header_gives_every_config_its_version_and_root(readme: str, contents):
    header = yaml.safe_load(readme.split("---\n")[1])
    filled = [name for name in schema.load().tables if contents["tables"][name]["rows"]]
    assert [config["config_name"] for config in header["configs"]] == filled != list(schema.load().tables)
    assert [config["config_name"] for config in header["configs"] if config.get("default")] == ["articles"]
    for config, info in zip(header["configs"], header["dataset_info"], strict=True):
        entry = contents["tables"][config["config_name"]]
        assert config["version"] == "1.2.3"
        assert config["description"] == f"content-sha256:{entry['root']}"
        assert info["splits"] == [{"name": "train", "num_bytes": entry["arrow_bytes"], "num_examples": entry["rows"]}]
        assert info["features"] == schema.features(config["config_name"])
    assert (header["license"], header["language"]) == ("unknown", ["id"])


def test_every_column_says_how_it_was_made(readme: str):
    making = sections(readme)["How each column was made"]
    for table in schema.load().tables.values():
        for field in table.fields:
            assert making.count(f"`{table.name}.{field.name}`") == 1
            assert f"| `{field.name}` | {field.type} |" in readme


def test_it_is_a_function_of_manifest_and_sample(corpus: Path, contents, readme: str):
    assert render_readme(contents, open_corpus(corpus).sample()) == readme


def test_statistics_and_sample_are_shown(readme: str, corpus: Path):
    statistics = sections(readme)["Statistics"]
    assert "| input documents | 6 |" in statistics
    assert "| … not kept because: unreadable | 1 |" in statistics
    assert f'"article_id": "{open_corpus(corpus).whole("articles")["article_id"][0]}"' in readme


def test_the_warning_about_inferred_dates_quotes_what_was_measured(contents, readme: str):
    assert "On 40 labelled pages whose true day is known, the inferred day was right on 9 and within a day" in readme
    unmeasured = copy.deepcopy(contents) | {"quality": None}
    assert "has not been measured for this release" in render_readme(unmeasured, None)


def test_long_strings_of_the_sample_are_cut(contents):
    shown = render_readme(contents, {"text": "a" * 500, "tags": ["b" * 500]})
    assert "a" * 160 + "…" in shown
    assert "a" * 161 not in shown
    assert "b" * 161 not in shown
