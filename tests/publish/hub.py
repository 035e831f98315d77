"""A Hub on loopback that speaks the real HTTP protocol for dataset repositories, kept in memory.

The unmodified huggingface_hub and datasets clients talk to it: create, refs, tree, paths-info, preupload, commit,
git-lfs batch and upload, tag, resolve. Large files (Parquet) go through git-lfs, all others inline, as on the real Hub.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml


@dataclass
class Repo:
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, files: dict[str, bytes], branch: str = "main") -> str:
        text = f"{len(self.commits)}" + json.dumps({k: hashlib.sha256(v).hexdigest() for k, v in sorted(files.items())})
        oid = hashlib.sha1(text.encode()).hexdigest()
        self.commits[oid] = files
        self.branches[branch] = oid
        return oid

    def resolve(self, revision: str) -> str | None:
        named = self.tags.get(revision) or self.branches.get(revision)
        return named or (revision if revision in self.commits else None)


@dataclass
class Hub:
    """The state of the server."""

    repos: dict[str, Repo] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    fail_on: str | None = None
    """A request whose `METHOD path` holds this string is cut off without an answer, once."""


def is_large(path: str) -> bool:
    return path.endswith(".parquet")


def _entry(path: str, data: bytes) -> dict[str, Any]:
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    entry: dict[str, Any] = {"type": "file", "oid": blob, "size": len(data), "path": path}
    if is_large(path):
        entry["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 127}
    return entry


class Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _route(self) -> None:
        path = unquote(urlsplit(self.path).path)
        line = f"{self.command} {path}"
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.hub.requests.append(line)
        if self.hub.fail_on and self.hub.fail_on in line:
            self.hub.fail_on = None
            self.close_connection = True
            self.connection.close()
            return
        for pattern, answer in ROUTES:
            if found := re.fullmatch(pattern, line):
                answer(self, body, *found.groups())
                return
        self.json({"error": f"no route for {line}"}, 404)

    do_GET = do_HEAD = do_POST = do_PUT = _route

    def json(self, value: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.reply(json.dumps(value).encode(), status, {"Content-Type": "application/json", **(headers or {})})

    def reply(self, data: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def missing(self, code: str, status: int = 404) -> None:
        self.json({"error": code}, status, {"X-Error-Code": code})

    def revision(self, repo: str, revision: str) -> tuple[Repo, str] | None:
        found = self.hub.repos.get(repo)
        if found is None:
            self.missing("RepoNotFound")
            return None
        oid = found.resolve(revision)
        if oid is None:
            self.missing("RevisionNotFound")
            return None
        return found, oid


def create(handler: Handler, body: bytes) -> None:
    wanted = json.loads(body)
    name = f"{wanted.get('organization') or 'anonymous'}/{wanted['name']}"
    url = f"http://{handler.headers['Host']}/datasets/{name}"
    if name in handler.hub.repos:
        handler.json({"error": "You already created this dataset repo", "url": url}, 409)
        return
    repo = handler.hub.repos.setdefault(name, Repo())
    repo.commit({".gitattributes": b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"})
    handler.json({"url": url, "name": name, "id": name})


def validate_yaml(handler: Handler, body: bytes) -> None:
    """The check of a card's header before a commit: it must be YAML between two lines of dashes."""
    header = json.loads(body)["content"].split("---\n")[1]
    try:
        errors = [] if isinstance(yaml.safe_load(header), dict) else ["the header is no mapping"]
    except yaml.YAMLError as error:
        errors = [str(error)]
    handler.json({"errors": [{"message": error} for error in errors], "warnings": []}, 400 if errors else 200)


def info(handler: Handler, body: bytes, name: str, revision: str = "main") -> None:
    if found := handler.revision(name, revision):
        repo, oid = found
        files = [{"rfilename": path} for path in sorted(repo.commits[oid])]
        flags = {"private": False, "gated": False, "disabled": False, "tags": [], "downloads": 0, "likes": 0}
        handler.json({"_id": "0", "id": name, "sha": oid, "siblings": files, **flags})


def refs(handler: Handler, body: bytes, name: str) -> None:
    if found := handler.revision(name, "main"):
        repo, _ = found
        tags = [{"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": oid} for tag, oid in repo.tags.items()]
        heads = [
            {"name": head, "ref": f"refs/heads/{head}", "targetCommit": oid} for head, oid in repo.branches.items()
        ]
        handler.json({"tags": tags, "branches": heads, "converts": []})


def tree(handler: Handler, body: bytes, name: str, revision: str, folder: str | None = None) -> None:
    if found := handler.revision(name, revision):
        repo, oid = found
        recursive = "recursive=true" in handler.path.lower()
        prefix = f"{folder}/" if folder else ""
        entries: dict[str, dict[str, Any]] = {}
        for path, data in sorted(repo.commits[oid].items()):
            if not path.startswith(prefix):
                continue
            head, slash, _ = path[len(prefix) :].partition("/")
            if slash:
                entries.setdefault(
                    prefix + head, {"type": "directory", "oid": "0" * 40, "size": 0, "path": prefix + head}
                )
            if recursive or not slash:
                entries[path] = _entry(path, data)
        if folder and not entries:
            handler.missing("EntryNotFound")
            return
        handler.json(list(entries.values()))


def paths_info(handler: Handler, body: bytes, name: str, revision: str) -> None:
    if found := handler.revision(name, revision):
        repo, oid = found
        paths = json.loads(body)["paths"]
        files = repo.commits[oid]
        rows = [_entry(path, files[path]) for path in paths if path in files]
        folders = [path for path in paths if any(file.startswith(f"{path}/") for file in files)]
        rows += [{"type": "directory", "oid": "0" * 40, "size": 0, "path": path} for path in folders]
        handler.json(rows)


def preupload(handler: Handler, body: bytes, name: str, revision: str) -> None:
    if handler.revision(name, revision):
        modes = [
            {"path": file["path"], "uploadMode": "lfs" if is_large(file["path"]) else "regular", "shouldIgnore": False}
            for file in json.loads(body)["files"]
        ]
        handler.json({"files": modes})


def lfs_batch(handler: Handler, body: bytes, name: str) -> None:
    objects = []
    for wanted in json.loads(body)["objects"]:
        href = f"http://{handler.headers['Host']}/lfs/{wanted['oid']}"
        known = wanted["oid"] in handler.hub.objects
        objects.append({**wanted, **({} if known else {"actions": {"upload": {"href": href}}})})
    handler.json({"transfer": "basic", "objects": objects})


def lfs_upload(handler: Handler, body: bytes, oid: str) -> None:
    if hashlib.sha256(body).hexdigest() != oid:
        handler.json({"error": "the content does not have that sha256"}, 422)
        return
    handler.hub.objects[oid] = body
    handler.reply(b"")


def commit(handler: Handler, body: bytes, name: str, revision: str) -> None:
    if not (found := handler.revision(name, revision)):
        return
    repo, oid = found
    files = dict(repo.commits[oid])
    for line in filter(None, body.split(b"\n")):
        change = json.loads(line)
        value = change["value"]
        if change["key"] == "file":
            files[value["path"]] = base64.b64decode(value["content"])
        elif change["key"] == "lfsFile":
            files[value["path"]] = handler.hub.objects[value["oid"]]
        elif change["key"] == "deletedFile":
            del files[value["path"]]
    oid = repo.commit(files, revision)
    url = f"http://{handler.headers['Host']}/datasets/{name}/commit/{oid}"
    handler.json({"success": True, "commitUrl": url, "commitOid": oid})


def tag(handler: Handler, body: bytes, name: str, revision: str) -> None:
    if found := handler.revision(name, revision):
        repo, oid = found
        wanted = json.loads(body)["tag"]
        if wanted in repo.tags:
            handler.json({"error": f"Tag {wanted} already exists"}, 409)
            return
        repo.tags[wanted] = oid
        handler.json({})


def resolve(handler: Handler, body: bytes, name: str, revision: str, path: str) -> None:
    if found := handler.revision(name, revision):
        repo, oid = found
        if path not in repo.commits[oid]:
            handler.missing("EntryNotFound")
            return
        data = repo.commits[oid][path]
        entry = _entry(path, data)
        etag = entry["lfs"]["oid"] if "lfs" in entry else entry["oid"]
        headers = {"ETag": f'"{etag}"', "X-Repo-Commit": oid, "Accept-Ranges": "bytes"}
        if "lfs" in entry:
            headers |= {"X-Linked-Etag": f'"{etag}"', "X-Linked-Size": str(len(data))}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", handler.headers.get("Range") or "")
        if wanted:
            first, last = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
            handler.reply(data[first : last + 1], 206, headers)
        else:
            handler.reply(data, 200, headers)


NAME = r"([\w.-]+/[\w.-]+)"
ROUTES: list[tuple[str, Callable[..., None]]] = [
    (r"POST /api/repos/create", create),
    (r"POST /api/validate-yaml", validate_yaml),
    (rf"GET /api/datasets/{NAME}", info),
    (rf"GET /api/datasets/{NAME}/revision/([^/]+)", info),
    (rf"GET /api/datasets/{NAME}/refs", refs),
    (rf"GET /api/datasets/{NAME}/tree/([^/]+)", tree),
    (rf"GET /api/datasets/{NAME}/tree/([^/]+)/(.+)", tree),
    (rf"POST /api/datasets/{NAME}/paths-info/([^/]+)", paths_info),
    (rf"POST /api/datasets/{NAME}/preupload/([^/]+)", preupload),
    (rf"POST /api/datasets/{NAME}/commit/([^/]+)", commit),
    (rf"POST /api/datasets/{NAME}/tag/([^/]+)", tag),
    (rf"POST /datasets/{NAME}\.git/info/lfs/objects/batch", lfs_batch),
    (r"PUT /lfs/([0-9a-f]{64})", lfs_upload),
    (rf"(?:GET|HEAD) /datasets/{NAME}/resolve/([^/]+)/(.+)", resolve),
]


@contextmanager
def serve() -> Iterator[tuple[Hub, str]]:
    """Run a Hub on a free port of loopback; give its state and its endpoint."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
