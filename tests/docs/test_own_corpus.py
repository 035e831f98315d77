"""docs/own-corpus.md: its file is one, and its table lists the keys there are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from kliping.corpus.about import about_keys, read_about

PAGE = (Path(__file__).parents[2] / "docs" / "own-corpus.md").read_text("utf-8")


def test_the_file_states_every_key(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "corpus.toml").write_text(text, "utf-8")
    assert read_about(tmp_path / "corpus.toml").stated().keys() == tomllib.loads(text).keys() == about_keys().keys()


def test_the_table_lists_the_keys() -> None:
    (table,) = re.findall(r"<!-- keys -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert table == "".join(f"| `{name}` | {meaning} |\n" for name, meaning in about_keys().items())
