"""Uploads exactly the audited files of a corpus to a Hugging Face Hub and tags the version; a tag is never moved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.hf_api import RepoFile

from kliping.check.audit import PASSED, SKIPPED, audit
from kliping.check.corpus import open_corpus
from kliping.errors import KlipingError

KEPT_ON_HUB = frozenset({".gitattributes"})
"""Files that the Hub itself puts into a repository."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing will do, worked out before anything is sent."""

    repo: str
    tag: str
    add: tuple[str, ...]
    """Files whose content the Hub's main branch does not have yet."""
    delete: tuple[str, ...]
    keep: tuple[str, ...]
    published: bool
    """The tag is there already and holds exactly these files: nothing is left to do."""


def publish(corpus: Path, repo: str, *, endpoint: str | None = None, dry_run: bool = False) -> Plan:
    """Upload the corpus to the dataset `repo` ("owner/name") and tag its version; return what was done or would be.

    A run that broke off can be run again: it sends what is missing. With `dry_run` nothing is changed anywhere.

    Raises KlipingError where the corpus does not pass the audit, where the tag stands on other content, or where
    the Hub refuses or cannot be reached.
    """
    tag = f"v{_audited_version(corpus)}"
    api = HfApi(endpoint=endpoint)
    try:
        plan = _plan(api, corpus, repo, tag)
        if not dry_run and not plan.published:
            _carry_out(api, corpus, plan)
    except (HfHubHTTPError, OSError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise KlipingError(
            f"{repo} at {api.endpoint}: {first} Nothing is tagged; the command can be run again."
        ) from error
    return plan


def _audited_version(corpus: Path) -> str:
    """The version of a corpus that passes every step of the audit."""
    opened = open_corpus(corpus)
    for step in audit(opened):
        if step.status not in {PASSED, SKIPPED} or step.incidents:
            raise KlipingError(
                f"{corpus} is not published: it fails the audit at {step.title!r} ({len(step.incidents)} incidents). "
                f"See `kliping audit {corpus}`."
            )
    return str(opened.manifest["version"])


def _plan(api: HfApi, corpus: Path, repo: str, tag: str) -> Plan:
    local = _local_digests(corpus)
    exists = api.repo_exists(repo, repo_type="dataset")
    tags = {ref.name for ref in api.list_repo_refs(repo, repo_type="dataset").tags} if exists else set()
    if tag in tags and not _same(local, _remote_digests(api, repo, tag)):
        raise KlipingError(
            f"{repo} has a tag {tag} already, on other content. A published version never changes: "
            "build the corpus under a higher version (`kliping diff` says which)."
        )
    remote = _remote_digests(api, repo, "main") if exists else {}
    return Plan(
        repo=repo,
        tag=tag,
        add=tuple(sorted(file for file, digests in local.items() if remote.get(file) not in digests)),
        delete=tuple(sorted(remote.keys() - local.keys() - KEPT_ON_HUB)),
        keep=tuple(sorted(file for file, digests in local.items() if remote.get(file) in digests)),
        published=tag in tags,
    )


def _carry_out(api: HfApi, corpus: Path, plan: Plan) -> None:
    api.create_repo(plan.repo, repo_type="dataset", exist_ok=True)
    operations: list[CommitOperationAdd | CommitOperationCopy | CommitOperationDelete] = [
        *(CommitOperationAdd(path_in_repo=file, path_or_fileobj=corpus / file) for file in plan.add),
        *(CommitOperationDelete(path_in_repo=file) for file in plan.delete),
    ]
    if operations:
        api.create_commit(plan.repo, operations, commit_message=f"Version {plan.tag}", repo_type="dataset")
    if not _same(_local_digests(corpus), _remote_digests(api, plan.repo, "main")):
        raise KlipingError(
            f"{plan.repo} does not hold the files that were sent; it is not tagged. Run the command again."
        )
    api.create_tag(plan.repo, tag=plan.tag, revision="main", repo_type="dataset", exist_ok=False)


Digests = Mapping[str, frozenset[str]]


def _local_digests(corpus: Path) -> Digests:
    """File -> the two digests by which a Hub may know its content: sha256 (large files) and git's blob id (others)."""
    files = sorted(path for path in corpus.rglob("*") if path.is_file())
    return {path.relative_to(corpus).as_posix(): _digests(path.read_bytes()) for path in files}


def _digests(data: bytes) -> frozenset[str]:
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False)
    return frozenset({hashlib.sha256(data).hexdigest(), blob.hexdigest()})


def _remote_digests(api: HfApi, repo: str, revision: str) -> dict[str, str]:
    tree = api.list_repo_tree(repo, recursive=True, revision=revision, repo_type="dataset")
    return {item.path: item.lfs.sha256 if item.lfs else item.blob_id for item in tree if isinstance(item, RepoFile)}


def _same(local: Digests, remote: Mapping[str, str]) -> bool:
    return local.keys() == remote.keys() - KEPT_ON_HUB and all(remote[file] in local[file] for file in local)
