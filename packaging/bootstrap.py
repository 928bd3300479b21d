r"""Sets the project up and runs it: `python3 packaging/bootstrap.py demo` (Windows: `py packaging\bootstrap.py demo`).

Needs nothing but Python.  Makes `.venv/` at the root, installs the locked packages (every file checked
against its hash) and the project itself, and notes that it did, so that the next run starts at once.
`make` calls this file for its targets.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections import deque
from pathlib import Path
from subprocess import PIPE, STDOUT

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "acclimate-setup.json"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
VENV_PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"runtime": ("",), "dev": ("-dev", "-reference", "-recordings")}
# What tests of signals compare with contradicts itself about versions; one of its recordings comes as source only.
AS_LOCKED = {"-reference": ("--no-deps",), "-recordings": ("--no-deps", "--no-binary=systole", "--no-build-isolation")}
GL_PACKAGES = ("libegl1", "libgl1", "libgl1-mesa-dri", "libgles2")
WINDOW_PACKAGES = ("libx11-6", "libxext6", "libxi6", "libxinerama1", "libxrandr2", "libxrender1", "libfontconfig1")
TEST_PACKAGES = ("dbus-daemon", "xdotool", "xvfb")
CHECKS = (
    ("style", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("imports", ("lint-imports",)),
)
PYTEST = (str(VENV_PYTHON), "-m", "pytest")
ON_ALL_CORES = ("-nlogical", "--dist=loadfile", "--no-loadscope-reorder")


class SetupError(Exception):
    """The set-up cannot go on; the message says why and what helps."""


def main() -> int:
    """Runs one target and gives its exit code."""
    parser = argparse.ArgumentParser(description="Set Acclimate up and run it.")
    parser.add_argument("target", choices=sorted(TARGETS), help="what to do; all but `doctor` set up first")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="passed on to the command behind the target")
    chosen = parser.parse_args()
    if sys.version_info[:2] < OLDEST_PYTHON:
        print(too_old(), file=sys.stderr)
        return 1
    try:
        return TARGETS[chosen.target](chosen.rest)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# --- targets ----------------------------------------------------------------------------------


def setup(_rest: list[str]) -> int:
    """Everything development needs."""
    prepare("dev")
    print(f"Ready. The command is {BIN.relative_to(ROOT) / 'acclimate'}")
    return 0


def demo(rest: list[str]) -> int:
    """The whole product once, with a simulated patient."""
    prepare("runtime")
    return hand_over([str(BIN / "acclimate"), "demo", *rest])


def doctor(rest: list[str]) -> int:
    """What is set up here and what is not, changing nothing."""
    missing = missing_system_packages(with_tests=True)
    print(f"Python       {sys.version.split()[0]} ({sys.executable})")
    print(f"environment  {environment_state()}")
    print(f"system       {'missing ' + ' '.join(missing) if missing else 'nothing missing'}", flush=True)
    if not is_ready("runtime"):
        print("Run `make setup` (Windows: py packaging\\bootstrap.py setup), then ask again.")
        return 1
    return hand_over([str(BIN / "acclimate"), "doctor", *rest])


def lint(_rest: list[str]) -> int:
    """Style, format, types and imports."""
    prepare("dev")
    return 1 if failed_checks() else 0


def test(rest: list[str]) -> int:
    """All checks, then all tests; pytest's summary comes last."""
    prepare("dev", with_tests=True)
    failed = failed_checks()
    say("tests")
    code = subprocess.call([*PYTEST, *ON_ALL_CORES, "--cov", *rest], cwd=ROOT)
    if failed:
        print(f"Before the tests, these checks failed: {', '.join(failed)}", file=sys.stderr)
    return code or int(bool(failed))


def bench(rest: list[str]) -> int:
    """The benchmarks, which `test` leaves out."""
    prepare("dev", with_tests=True)
    return hand_over([*PYTEST, "tests/bench", "-s", "--timeout=900", *rest])


def failed_checks() -> list[str]:
    """Runs each check and names those that failed."""
    failed = []
    for name, (command, *options) in CHECKS:
        say(name)
        if subprocess.call([str(BIN / command), *options], cwd=ROOT):
            failed.append(name)
    return failed


def hand_over(command: list[str]) -> int:
    """Lets `command` take this process's place, so that signals and the terminal are its own."""
    sys.stdout.flush()
    if os.name != "nt":
        os.chdir(ROOT)
        os.execv(command[0], command)  # noqa: S606
    return subprocess.call(command, cwd=ROOT)


TARGETS = {"setup": setup, "demo": demo, "doctor": doctor, "lint": lint, "test": test, "bench": bench}


def prepare(kind: str, *, with_tests: bool = False) -> None:
    """Brings system packages and `.venv/` to what the lock files say; at once if they are there already."""
    provide_system_packages(with_tests=with_tests)
    if is_ready(kind):
        return
    if VENV.exists() and not is_usable():
        say(f"the environment is {environment_state()}: making it anew")
        shutil.rmtree(VENV)
    if not VENV.exists():
        say("making .venv")
        VENV.mkdir()
        write_stamp(kind, complete=False)
        python = getattr(sys, "_base_executable", "") or sys.executable
        run([python, "-m", "venv", str(VENV)], "The virtual environment could not be made.")
    write_stamp(kind, complete=False)
    for part in LOCKS[kind]:
        lock = ROOT / f"packaging/requirements{part}.txt"
        total = sum(line[:1] not in (" ", "#", "") for line in lock.read_text(encoding="utf-8").splitlines())
        say(f"installing locked packages, at most {total}")
        pip("--require-hashes", "--only-binary=:all:", *AS_LOCKED.get(part, ()), "--progress-bar=off", "-r", str(lock))
    say("installing acclimate itself")
    pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    write_stamp(kind, complete=True)


def is_ready(kind: str) -> bool:
    """Whether `.venv/` holds what `kind` needs, as locked now."""
    stamp = read_stamp()
    held = str(stamp.get("kind"))
    return held in ("dev", kind) and VENV_PYTHON.exists() and stamp == make_stamp(held, complete=True)


def is_usable() -> bool:
    """Whether `.venv/` can be installed into: not half finished, not moved, same Python, pip at hand."""
    stamp = read_stamp()
    if stamp:
        now = make_stamp("dev", complete=True)
        if any(stamp.get(key) != now[key] for key in ("complete", "place", "python")):
            return False
    probe = [str(VENV_PYTHON), "-c", f"import sys, pip; sys.exit(sys.version_info[:2] < {OLDEST_PYTHON})"]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def environment_state() -> str:
    """`.venv/` in a few words."""
    if not VENV.exists():
        return "not made yet"
    stamp = read_stamp()
    if stamp and not stamp.get("complete"):
        return "half finished"
    if not is_usable():
        return "broken, moved, or made by another Python"
    if not stamp:
        return "made by hand"
    return "ready" if is_ready(str(stamp.get("kind"))) else "older than the lock files"


def make_stamp(kind: str, *, complete: bool) -> dict[str, object]:
    """What is noted of a set-up."""
    digest = hashlib.sha256()
    for name in (*(f"packaging/requirements{part}.txt" for part in LOCKS[kind]), "pyproject.toml"):
        digest.update((ROOT / name).read_bytes().replace(b"\r\n", b"\n"))
    place = {"place": str(VENV), "python": sys.version.split()[0]}
    return {"kind": kind, "complete": complete, **place, "sha256": digest.hexdigest()}


def read_stamp() -> dict[str, object]:
    """The stamp in `.venv/`; empty if there is none, unfinished if it cannot be read."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return {"complete": False}
    return stamp if isinstance(stamp, dict) else {"complete": False}


def write_stamp(kind: str, *, complete: bool) -> None:
    """Notes how far the set-up has come."""
    STAMP.write_text(json.dumps(make_stamp(kind, complete=complete), indent=1), encoding="utf-8")


def pip(*options: str) -> None:
    """`pip install` with the user's own pip settings, one line of progress a package."""
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *options]
    last: deque[str] = deque(maxlen=30)
    count = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=PIPE, stderr=STDOUT, text=True, errors="replace") as process:
        for line in process.stdout or ():
            last.append(line)
            if line.startswith("Collecting "):
                count += 1
                print(f"   {count:3} {line.split()[1]}", flush=True)
            elif line.startswith("Installing collected"):
                print("   unpacking", flush=True)
    if process.returncode:
        raise SetupError("".join(last) + "The packages could not be installed; what pip said is above.")


# --- the system -------------------------------------------------------------------------------


def provide_system_packages(*, with_tests: bool) -> None:
    """On Debian and its kin: installs what is missing when root, else says in one line how to."""
    missing = missing_system_packages(with_tests=with_tests)
    if not missing:
        return
    names = " ".join(missing)
    if os.geteuid() == 0:
        say(f"installing system packages: {names}")
        failure = f"The system packages could not be installed: {names}"
        run(["apt-get", "update", "-qq"], failure)
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], failure)
        return
    line = f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}"
    if not set(missing) <= set(TEST_PACKAGES):
        raise SetupError(f"Some system packages are missing. Please run this line, then try again:\n\n  {line}\n")
    print(f"Some tests of windows and Bluetooth will be skipped. To have them run: {line}", file=sys.stderr)


def missing_system_packages(*, with_tests: bool) -> list[str]:
    """Names of the Debian packages that are not installed; on other systems none are known."""
    no_pip = not VENV.exists() and importlib.util.find_spec("ensurepip") is None
    if not shutil.which("apt-get") or not shutil.which("dpkg-query"):
        if no_pip:
            raise SetupError("This Python has no `ensurepip`: install your system's package for virtual environments.")
        return []
    wanted = [*GL_PACKAGES, *WINDOW_PACKAGES, *(TEST_PACKAGES if with_tests else ())]
    question = ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *wanted]
    asked = subprocess.run(question, capture_output=True, text=True, check=False)
    present = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    venv_package = [f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"] if no_pip else []
    return venv_package + [name for name in wanted if name not in present]


def run(command: list[str], failure: str) -> None:
    """Runs a step quietly; `SetupError` with its last words if it fails."""
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=settings, stdout=PIPE, stderr=STDOUT, text=True, errors="replace", check=False)
    if done.returncode:
        raise SetupError("\n".join([*done.stdout.splitlines()[-30:], failure]))


def say(words: str) -> None:
    """One line of progress."""
    print(f"== {words}", flush=True)


def too_old() -> str:
    """The sentence for a Python that cannot run the product."""
    wanted = ".".join(map(str, OLDEST_PYTHON))
    newer = next((name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)), "python3.12")
    cure = f"Name a newer one: make PYTHON={newer} demo"
    return f"Acclimate needs Python {wanted} or newer; this is {sys.version.split()[0]} ({sys.executable}). {cure}"


if __name__ == "__main__":
    sys.exit(main())
