#!/usr/bin/env python3
"""The one way in: makes the environment beside this file, then starts the program or its tests.

``python3 start.py try`` (Windows: ``py start.py try``), ``python3 start.py test [words for pytest]``; any other word
goes to ``python -m bot``. Standard library only. The environment ``.venv`` gets what ``requirements.lock`` (``try``,
``run`` …) or ``requirements-dev.lock`` (``test``) lists, checked by hash.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

if sys.version_info < (3, 11):
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"需要 Python 3.11 或更新的版本\uff0c现在是 {found}\uff1b请从 python.org 下载新的。\n"
        f"Python 3.11 or newer is needed, this is {found}."
    )

ROOT = Path(__file__).resolve().parent
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--no-deps")

USAGE = """用法\uff1a
  python3 start.py try     试用\uff1a不要账号\uff0c不联网\uff0c打开打印出来的网址
  python3 start.py test    运行全部测试
  python3 start.py 其他    交给 python -m bot: run, check, init, plan …
Windows 上把 python3 换成 py。
"""

# What pip says when it fails, and what a person can do about it; the first that occurs counts.
PIP_TROUBLE = (
    (r"No space left on device", "磁盘满了\uff0c请腾出 500 MB 再来一次。"),
    (
        r"DO NOT MATCH THE HASHES",
        "下载到的软件包与锁定文件里的校验值不符\uff0c没有安装。请换一个软件源\uff0c或报告给项目。",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "软件源的证书通不过检查\uff1a请核对本机的日期\uff1b学校的代理若有自己的证书\uff0c用 PIP_CERT 指给 pip。",
    ),
    (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|name resolution|getaddrinfo|Could not fetch URL",
        "连不上软件源。请检查网络和代理\uff1b也可以按学校的说明给 pip 换一个近的软件源\uff0c再来一次。",
    ),
    (
        r"No matching distribution|Could not find a version",
        "软件源里没有要用的版本\uff0c或这个 Python 太新\uff1a请换官方软件源\uff0c或用 Python 3.11 到 3.13。",
    ),
    (
        r"Permission denied|Read-only file system",
        "没有写入的权限\uff0c请把整个文件夹复制到自己能写的地方再来一次。",
    ),
)
# What tests use from the system: programs of which one will do, and Debian's packages with the first of them.
TESTS_USE = (
    (("chromium", "chromium-browser", "google-chrome"), ("chromium", "fonts-noto-cjk")),
    (("npm",), ("nodejs", "npm")),
)
NO_VENV = "这个 Python 没有 venv 模块。Debian、Ubuntu 上先运行\uff1asudo apt-get install python3-venv"


class Trouble(Exception):
    """Something a person has to put right; the text is the sentence for them."""


def main(words: Sequence[str]) -> int:
    """Do what the words say and return the exit status: 1 with a sentence, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a GBK console knows no emoji
    if not words or words[0] in ("-h", "--help", "help"):
        print(USAGE)
        return 0 if words else 2
    try:
        python = Environment(ROOT).ready("test" if words[0] == "test" else "run")
    except Trouble as trouble:
        print(f"❌ {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断。再运行一次会接着做。", file=sys.stderr)
        return 130
    if words[0] == "test":
        prepare_system()
        return become(python, [str(ROOT / "tools" / "checks.py"), *words[1:]])
    return become(python, ["-P", "-m", "bot", *words])


class Environment:
    """The folder ``.venv`` of a project folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.cache = root / ".cache"
        self.unfinished = self.cache / "venv-unfinished"  # outside, because making the folder anew empties it

    def ready(self, purpose: str) -> Path:
        """Make or complete the environment for "run" or "test" and return its Python; quick when it is there.

        Raises:
            Trouble: it cannot be made.
        """
        if not self.is_current(purpose):
            with self.alone():
                if not self.is_current(purpose):
                    self.install(purpose)
        return self.python

    def is_current(self, purpose: str) -> bool:
        """Whether it was made completely, from today's locks, for this folder."""
        try:
            done = self.marker(purpose).read_text(encoding="utf-8") == self.fingerprint(purpose)
        except OSError:
            return False
        return done and self.python.exists() and not self.unfinished.exists()

    def marker(self, purpose: str) -> Path:
        """The file that holds the fingerprint of what was installed."""
        return self.folder / f".installed-{purpose}"

    def fingerprint(self, purpose: str) -> str:
        """Changes with the lock, with what the project says of itself and with the folder's place."""
        digest = hashlib.sha256(str(self.root).encode("utf-8", "surrogateescape"))
        for name in (LOCKS[purpose], "pyproject.toml"):
            digest.update(self.read(name))
        return digest.hexdigest()

    def read(self, name: str) -> bytes:
        """A file of the project."""
        try:
            return (self.root / name).read_bytes()
        except OSError as error:
            raise Trouble(f"项目里缺少 {name}\uff0c请重新下载整个文件夹 ({error.strerror})。") from error

    def install(self, purpose: str) -> None:
        """Make the folder if it is not there or was left half-made, then put in what the lock lists."""
        begin = time.monotonic()
        lock = self.root / LOCKS[purpose]
        count = len(re.findall(rb"^[A-Za-z0-9]", self.read(lock.name), re.MULTILINE))
        anew = self.unfinished.exists() or not self.works()
        self.unfinished.touch()
        if anew:
            say("正在创建运行环境 .venv …")
            self.create()
        say(f"正在安装 {count} 个软件包\uff0c第一次大约要半分钟 …")
        self.pip("--require-hashes", "-r", str(lock))
        self.pip("--no-build-isolation", "-e", str(self.root))
        for known in ("run", "test") if purpose == "test" else ("run",):
            self.marker(known).write_text(self.fingerprint(known), encoding="utf-8")
        self.unfinished.unlink()
        say(f"运行环境好了\uff0c用了 {time.monotonic() - begin:.0f} 秒。")

    def works(self) -> bool:
        """Whether its Python starts: the Python it was made from may be gone."""
        try:
            return subprocess.run([self.python, "-c", ""], capture_output=True, check=False).returncode == 0
        except OSError:
            return False

    def create(self) -> None:
        """Make the folder anew; without the venv module, get it where that needs no question."""
        made = run([sys.executable, "-m", "venv", "--clear", self.folder])
        if (
            made.returncode
            and re.search("ensurepip|No module named venv", made.stdout)
            and install_debian("python3-venv")
        ):
            made = run([sys.executable, "-m", "venv", "--clear", self.folder])
        if made.returncode:
            lacking = re.search("ensurepip|No module named venv", made.stdout)
            raise Trouble(NO_VENV if lacking else f"不能创建 {self.folder}:\n{made.stdout.strip()[-800:]}")

    def pip(self, *words: str) -> None:
        """Install with the environment's own pip."""
        done = run([self.python, *PIP, *words])
        if done.returncode:
            raise Trouble(pip_trouble(done.stdout))

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Only one start.py installs at a time; the system lets go of the lock when the process ends in any way."""
        try:
            self.cache.mkdir(exist_ok=True)
            file = (self.cache / "start.lock").open("a+b")
        except OSError as error:
            raise Trouble(
                f"不能在 {self.root} 里写文件 ({error.strerror})。请把整个文件夹复制到自己能写的地方再来一次。"
            ) from error
        with file:
            wait_for_lock(file.fileno())
            yield


def wait_for_lock(descriptor: int) -> None:
    """Wait until no other process holds the file."""
    if sys.platform == "win32":
        import msvcrt

        while True:
            with contextlib.suppress(OSError):  # it gives up after ten seconds
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def pip_trouble(output: str) -> str:
    """The sentence for pip's words, and the last of them."""
    advice = next((text for pattern, text in PIP_TROUBLE if re.search(pattern, output)), "安装没有成功。")
    lines = [line for line in output.splitlines() if line.strip()]
    return "\n".join([advice, *(f"   {line}" for line in lines[-6:])])


def prepare_system() -> None:
    """Get what tests use from the system, or say which line to type; tests that lack something say so again."""
    for programs, packages in TESTS_USE:
        if not any(map(shutil.which, programs)) and not install_debian(*packages):
            say(f"没有找到 {programs[0]}\uff0c要用它的测试会跳过。安装\uff1asudo apt-get install {' '.join(packages)}")


def install_debian(*packages: str) -> bool:
    """Install packages of Debian's when we are root there, and tell whether that went well; nobody else is asked."""
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"正在用 apt-get 安装 {' '.join(packages)} …")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq")
    run([*apt, "update"], environment)
    return run([*apt, "install", "-y", "--no-install-recommends", *packages], environment).returncode == 0


def run(words: Sequence[str | Path], environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a command and keep what it says, both streams in one."""
    return subprocess.run(
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def become(python: Path, words: Sequence[str]) -> int:
    """Go on as another process, so that signals reach it; Windows cannot, so there it is waited for."""
    sys.stdout.flush()
    encoding = os.environ.get("PYTHONIOENCODING", "")
    if ":" not in encoding:
        os.environ["PYTHONIOENCODING"] = f"{encoding}:replace"
    if os.name != "nt":
        os.execv(python, [str(python), *words])
    child = subprocess.Popen([python, *words])
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # the child got it too and decides
            return child.wait()


def say(text: str) -> None:
    """A line about what is going on, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
