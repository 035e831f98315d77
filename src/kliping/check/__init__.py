"""Looks for lies in a corpus: `validate` reads every row, `audit` also rebuilds it, `diff` compares two."""
