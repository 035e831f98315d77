"""Uploads exactly the audited files of a corpus to a Hugging Face Hub and tags the version; a tag is never moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi
from huggingface_hub.errors import (  # type: ignore[attr-defined]  # HTTPError is that of the Hub's own HTTP client
    HfHubHTTPError,
    HFValidationError,
    HTTPError,
)
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils._validators import validate_repo_id

from kliping.check.audit import FAILED, audit
from kliping.corpus.folder import Corpus, open_corpus
from kliping.corpus.layout import SUMS
from kliping.errors import KlipingError

KEPT_ON_HUB = frozenset({".gitattributes"})
"""Files that the Hub itself puts into a repository."""
MAIN = "main"


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing does, worked out before anything is sent."""

    repo: str
    tag: str
    digest: str
    """The sha256 of SHA256SUMS: what to announce with the release."""
    add: tuple[str, ...]
    """Files whose content the Hub's main branch does not have yet."""
    delete: tuple[str, ...]
    keep: tuple[str, ...]
    published: bool
    """The tag is there already and holds exactly these files: nothing is left to do."""
    unseen: str | None = None
    """Why the Hub could not be asked what it has; None where it was."""

    def in_lines(self, *, dry_run: bool) -> Iterator[str]:
        """Yield what was done, or with `dry_run` what would be, for a person."""
        if self.published:
            yield f"{self.repo} has {self.tag} already, with exactly these files: nothing to do."
            return
        for verb, files in (("upload", self.add), ("delete", self.delete), ("keep", self.keep)):
            yield from (f"  {verb} {file}" for file in files)
        if self.unseen is not None:
            yield f"  The Hub was not reached ({self.unseen}), so all files are named, and no tag was looked for."
        done = "Would be published" if dry_run else "Published"
        yield f"{done}: {self.repo} {self.tag}, {SUMS} {self.digest}"


def publish(corpus: Path, repo: str, *, endpoint: str | None = None, dry_run: bool = False) -> Plan:
    """Upload the corpus to the dataset `repo` ("owner/name") and tag its version; return what was done or would be.

    A run that broke off can be run again: it sends what is missing. With `dry_run` nothing is changed anywhere, and
    where the Hub cannot be reached the plan names all files.

    Raises KlipingError where `repo` is no such name or the corpus does not pass the audit, both before anything is
    sent; where the tag stands on other content, or the Hub refuses or cannot be reached.
    """
    _require_name(repo)
    opened = _audited(corpus)
    local = _local_digests(opened)
    api = HfApi(endpoint=endpoint)
    try:
        plan = _plan(api, opened, repo, local) if not dry_run else _plan_if_reached(api, opened, repo, local)
        if not dry_run and not plan.published:
            _carry_out(api, corpus, plan, local)
    except (HTTPError, OSError) as error:
        raise KlipingError(f"{repo} at {api.endpoint}: {_said(error)}. It can simply be run again.") from error
    except ValueError as error:  # the Hub does not like the header of README.md
        raise KlipingError(f"{repo} at {api.endpoint}: {' '.join(str(error).split())}") from error
    return plan


def _require_name(repo: str) -> None:
    """Raise KlipingError where `repo` is not OWNER/NAME as the Hub spells it."""
    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        raise KlipingError(f"{repo} is no name of a repository: it must be OWNER/NAME.") from error
    if repo.count("/") != 1:
        raise KlipingError(f"{repo} is no name of a repository: it must be OWNER/NAME.")


def _said(error: Exception) -> str:
    """What went wrong, on one line and without a full stop."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _plan_if_reached(api: HfApi, corpus: Corpus, repo: str, local: Digests) -> Plan:
    """The plan, or that for a Hub of which nothing is known where nothing of it can be reached."""
    try:
        return _plan(api, corpus, repo, local)
    except HfHubHTTPError:  # it answered
        raise
    except (HTTPError, OSError) as error:
        tag = f"v{corpus.manifest['version']}"
        return Plan(repo, tag, corpus.digest or "", tuple(sorted(local)), (), (), False, unseen=_said(error))


def _audited(corpus: Path) -> Corpus:
    """The corpus, where no step of the audit failed; the audit of one without text skips what needs text."""
    opened = open_corpus(corpus)
    for step in audit(opened):
        if step.status == FAILED:
            raise KlipingError(
                f"{corpus} is not published: it fails the audit at {step.title!r} ({step.incidents[0]}). "
                f"`kliping audit {corpus}` says all of it."
            )
    return opened


def _plan(api: HfApi, corpus: Corpus, repo: str, local: Digests) -> Plan:
    tag = f"v{corpus.manifest['version']}"
    exists = api.repo_exists(repo, repo_type="dataset")
    tags = {ref.name for ref in api.list_repo_refs(repo, repo_type="dataset").tags} if exists else set()
    if tag in tags and not _same(local, _remote_digests(api, repo, tag)):
        raise KlipingError(
            f"{repo} has a tag {tag} already, on other content. A published version never changes: "
            "build the corpus under a higher version (`kliping diff` says which)."
        )
    remote = _remote_digests(api, repo, MAIN) if exists else {}
    return Plan(
        repo=repo,
        tag=tag,
        digest=corpus.digest or "",
        add=tuple(sorted(file for file, digests in local.items() if remote.get(file) not in digests)),
        delete=tuple(sorted(remote.keys() - local.keys() - KEPT_ON_HUB)),
        keep=tuple(sorted(file for file, digests in local.items() if remote.get(file) in digests)),
        published=tag in tags,
    )


def _carry_out(api: HfApi, folder: Path, plan: Plan, local: Digests) -> None:
    api.create_repo(plan.repo, repo_type="dataset", exist_ok=True)
    operations: list[CommitOperationAdd | CommitOperationCopy | CommitOperationDelete] = [
        *(CommitOperationAdd(path_in_repo=file, path_or_fileobj=folder / file) for file in plan.add),
        *(CommitOperationDelete(path_in_repo=file) for file in plan.delete),
    ]
    if operations:
        api.create_commit(plan.repo, operations, commit_message=f"Version {plan.tag}", repo_type="dataset")
    commit = api.dataset_info(plan.repo, revision=MAIN).sha
    if commit is None or not _same(local, _remote_digests(api, plan.repo, commit)):
        raise KlipingError(
            f"{plan.repo} does not hold the files that were audited; it is not tagged. Run the command again."
        )
    api.create_tag(plan.repo, tag=plan.tag, revision=commit, repo_type="dataset", exist_ok=False)


Digests = Mapping[str, frozenset[str]]


def _local_digests(corpus: Corpus) -> Digests:
    """File -> the two digests by which a Hub may know its content: sha256 (large files) and git's blob id (others)."""
    return {file: _digests(corpus.path / file) for file in (*corpus.listed_files(), SUMS)}


def _digests(path: Path) -> frozenset[str]:
    sha256, blob = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as stream:
        while part := stream.read(1 << 20):
            sha256.update(part)
            blob.update(part)
    return frozenset({sha256.hexdigest(), blob.hexdigest()})


def _remote_digests(api: HfApi, repo: str, revision: str) -> dict[str, str]:
    tree = api.list_repo_tree(repo, recursive=True, revision=revision, repo_type="dataset")
    return {item.path: item.lfs.sha256 if item.lfs else item.blob_id for item in tree if isinstance(item, RepoFile)}


def _same(local: Digests, remote: Mapping[str, str]) -> bool:
    return local.keys() == remote.keys() - KEPT_ON_HUB and all(remote[file] in local[file] for file in local)
