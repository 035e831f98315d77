"""Turns tables into a published corpus folder: Parquet, digests, manifest, card, Croissant, checksums."""

from kliping.release.card import render_header, render_readme
from kliping.release.corpus import (
    OutputExistsError,
    check_output,
    finish,
    read_table,
    release,
    render_sums,
    sample_row,
)
from kliping.release.croissant import render_croissant
from kliping.release.manifest import Manifest, ManifestError, read_manifest, shard_paths
from kliping.release.shard import Shard, read_shard, write_shard

__all__ = [
    "Manifest",
    "ManifestError",
    "OutputExistsError",
    "Shard",
    "check_output",
    "finish",
    "read_manifest",
    "read_shard",
    "read_table",
    "release",
    "render_croissant",
    "render_header",
    "render_readme",
    "render_sums",
    "sample_row",
    "shard_paths",
    "write_shard",
]
