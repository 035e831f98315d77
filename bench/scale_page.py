"""Writes the figures of docs/scale.md from docs/scale.json: each is measured there, or follows from what is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kliping import schema
from kliping.building.job import SHARD_BYTES, fitting_shard_bytes

MEGA, GIGA, HOUR = 1_000_000, 1_000_000_000, 3600
BEGIN, END = "<!-- begin: written by bench/scale.py -->", "<!-- end: written by bench/scale.py -->"
TEXT_BYTES = 500 * GIGA
CORES = (1, 64, 1024)
PRICE = "0.05"
"""US dollars a core and hour: an assumption, in the middle of what clouds ask for general-purpose cores on demand."""
CRAWL_PAGES = 10_703_155
"""Pages under .id in a monthly crawl of Common Crawl: plots/tld/latest-crawl-tlds.html in the repository
commoncrawl/cc-crawl-statistics, as it stood at commit 011ff43f50c8c744ff891f027fec7a44677b2545."""
CRAWL_PAGE_BYTES = round(377 * 2**40 / 2.7e9)
"""HTML of a page of Common Crawl: commoncrawl.org/blog/may-2024-crawl-archive-now-available counts 2.7 billion pages of
377 TiB. That pages under .id are as large as others is an assumption."""
LIMITS = {"folder": 10_000, "repository": 100_000, "file": 20 * GIGA}
"""Files, and bytes of one, that the Hub recommends at most (huggingface.co/docs/hub/repositories-recommendations)."""
STEPS = {
    "join": "join the sets of shingles",
    "edges": "find the edges inside clusters",
    "rewriting": "write `articles` anew with what was found",
    "finish": "put the folder together, with card and Croissant file",
}
Figures = dict[str, Any]


def write(docs: Path, results: Figures) -> None:
    """Put the figures into the page."""
    page = docs / "scale.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{figures(results)}{END}{after}", encoding="utf-8")


def figures(results: Figures) -> str:
    """All that is written."""
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, trim_blocks=True)
    templates.filters |= {
        "whole": lambda value: f"{value:,.0f}",
        "short": lambda value: f"{value:,.1f}",
        "fine": lambda value: f"{value:,.2f}",
        "kilo": lambda value: f"{value / 1000:,.0f}",
        "mega": lambda value, digits=0: f"{value / MEGA:,.{digits}f}",
        "giga": lambda value: f"{value / GIGA:,.0f}",
    }
    return templates.get_template("scale.md.j2").render(told(results)).strip() + "\n"


def told(results: Figures) -> Figures:
    """What the template says."""
    builds, skew = results["builds"], results["skew"]
    spark, local = builds["spark"], builds["local"]
    rates = _rates(results)
    return {
        "documents": local["documents"],
        "bytes": builds["bytes"],
        "machine": builds["machine"],
        "loads": builds["loads"],
        "spark": spark,
        "runs": [
            ("this machine, two workers", _run(local, builds["bytes"])),
            ("Spark, two executors of one core, one killed", _run(spark, builds["bytes"])),
        ],
        "driver": {
            "result_bytes": spark["events"]["bytes to the driver"] / spark["documents"],
            "steps": [*_steps(spark), ("all that one process does", MEGA * _alone(spark) / spark["documents"])],
        },
        "join": _join(results),
        "rates": rates,
        "crawl": {"pages": CRAWL_PAGES, "page_bytes": CRAWL_PAGE_BYTES},
        "cores": CORES,
        "price": PRICE,
        "costs": list(_costs(results, rates)),
        "skew": skew | {"pairs": math.comb(skew["in the cluster"], 2)},
        "files": builds["files"],
        "hub": _hub(builds["files"], builds["bytes"]),
        "limits": LIMITS,
    }


def _cpu(run: Figures) -> float:
    """Seconds of CPU of all processes of a build."""
    return float(sum(run["cpu"].values()))


def _alone(run: Figures) -> float:
    """Seconds of CPU that one process alone takes once the shards are written."""
    return float(run["steps"]["settle, CPU"] + run["steps"]["finish, CPU"])


def _run(run: Figures, size: int) -> Figures:
    cpu = _cpu(run)
    peak = max(run["peak_mb"].values())
    return {"seconds": run["seconds"], "cpu": cpu, "rate": size / MEGA / cpu, "alone": _alone(run), "peak": peak}


def _steps(run: Figures) -> Iterator[tuple[str, float]]:
    """Seconds of CPU of each step of one process for a million documents."""
    spent = {name: run["steps"][f"{step}, CPU"] for step, name in STEPS.items()}
    spent["read articles, rank them and make the rows of both tables"] = _alone(run) - sum(spent.values())
    for name, seconds in spent.items():
        yield name, MEGA * seconds / run["documents"]


def _join(results: Figures) -> Figures:
    """How the join grows with the articles."""
    (few, small), (many, large) = ((int(size), found) for size, found in results["join"]["sizes"].items())
    growth = large["cpu"] / many / (small["cpu"] / few)
    return {
        "few": few,
        "many": many,
        "growth": growth,
        "bytes": (large["peak_mb"] - small["peak_mb"]) * 2**20 / (many - few),
    }


def _rates(results: Figures) -> Figures:
    """MB/s on one core, and how much more CPU time Spark takes for what is not done by one process alone."""
    builds, real, pages = results["builds"], results["real_articles"], results["web_pages"]
    spark, local = (_cpu(builds[name]) - _alone(builds[name]) for name in ("spark", "local"))
    return {
        "text": real["bytes"] / MEGA / (_cpu(real) - _alone(real)),
        "html": pages["bytes"] / MEGA / pages["cpu"],
        "pages": "saved" if pages["saved"] else "made-up",
        "spark": spark / local,
    }


def _costs(results: Figures, rates: Figures) -> Iterator[Figures]:
    spark, real = results["builds"]["spark"], results["real_articles"]
    for what, documents, size, rate in (
        ("500 GB of text", TEXT_BYTES * real["documents"] / real["bytes"], TEXT_BYTES, rates["text"]),
        ("a month's pages under `.id`", CRAWL_PAGES, CRAWL_PAGES * CRAWL_PAGE_BYTES, rates["html"]),
    ):
        alone = documents * _alone(spark) / spark["documents"] / HOUR
        spread = size / MEGA / rate / HOUR
        hours = [alone + spread * (1 if cores == 1 else rates["spark"] / cores) for cores in CORES]
        yield {
            "what": what,
            "documents": documents,
            "hours": hours,
            "alone": alone,
            "price": hours[0] * float(PRICE),
            "memory": documents * _join(results)["bytes"],
        }


def _hub(files: Figures, text: int) -> Figures:
    sharded, wide = (len(schema.of_scope(scope)) for scope in (schema.ARTICLE, schema.CORPUS))
    size = fitting_shard_bytes(TEXT_BYTES)
    shards = math.ceil(TEXT_BYTES / size)
    return {
        "shards": shards,
        "mebibytes": size / 2**20,
        "tables": sharded,
        "files": shards * sharded + wide,
        "bytes": TEXT_BYTES * files["bytes"] / text,
        "largest": files["largest"] * size / SHARD_BYTES,
    }
