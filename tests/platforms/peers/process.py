"""A peer: another program that answers every line of JSON with one."""

import asyncio
import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

HERE = Path(__file__).parent
FETCH = "python tests/platforms/peers/fetch_peers.py"
NODE = "sudo apt-get install nodejs npm"


class Peer:
    """A running peer. One question at a time; what it prints on standard error is seen when a test fails."""

    def __init__(self, command: list[str], **environment: str) -> None:
        bare = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**bare, "PYTHONUTF8": "1", **environment},
            encoding="utf-8",
        )

    async def ask(self, does: str, **arguments: Any) -> dict[str, Any]:
        """What it answers; the loop goes on meanwhile, because it may ask a server of ours."""
        return await asyncio.to_thread(self._ask, json.dumps({"does": does, **arguments}))

    def _ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End of input is its end; one that hangs is stopped."""
        try:
            self._process.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def fetched(part: str) -> Path:
    """Where a part of the peers lies, or a skip that says what to type; in CI nothing skips."""
    folder: Path = runpy.run_path(str(HERE / "fetch_peers.py"))["home"]() / part
    if not folder.is_dir():
        _absent(f"the platforms' SDKs are not here; type: {FETCH}")
    return folder


def node() -> str:
    """The program, or a skip."""
    return shutil.which("node") or _absent(f"node is not here; type: {NODE}")


def _absent(sentence: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def wecom_sdk() -> Peer:
    """@wecom/crypto."""
    modules = fetched("node") / "node_modules"
    return Peer([node(), str(HERE / "wecom_peer.cjs")], NODE_PATH=str(modules))


def wecom_connection_node() -> Peer:
    """@wecom/aibot-node-sdk."""
    modules = fetched("node") / "node_modules"
    return Peer([node(), str(HERE / "wecom_connection_peer.cjs")], NODE_PATH=str(modules))


def wecom_connection_python() -> Peer:
    """wecom-aibot-python-sdk."""
    return Peer([sys.executable, str(HERE / "wecom_connection_peer.py")], PYTHONPATH=str(fetched("python")))


def dingtalk_sdk(**environment: str) -> Peer:
    """alibabacloud-dingtalk, dingtalk-stream and DingtalkChatbot."""
    script = str(HERE / "dingtalk_peer.py")
    return Peer([sys.executable, script], PYTHONPATH=str(fetched("python")), **environment)
