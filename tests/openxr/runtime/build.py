"""Compiles the runtime once for every state of its sources, with the compiler that pip brings (`ziglang`)."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

SOURCES = Path(__file__).parent
_FLAGS = ("-shared", "-fPIC", "-O1", "-fvisibility=hidden", "-Wall", "-Wextra", "-Werror")


def built_runtime() -> tuple[Path, Path]:
    """The library and the manifest that `XR_RUNTIME_JSON` names; compiled by the first process that asks."""
    home = Path(tempfile.gettempdir()) / f"acclimate-openxr-{os.getuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid != os.getuid():
        raise PermissionError(f"{home} belongs to somebody else")
    folder = home / _key()
    folder.mkdir(exist_ok=True)
    library, manifest = folder / "libacclimate_test_runtime.so", folder / "runtime.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not manifest.exists():
            _compile(folder, library)
            runtime = {"name": "Acclimate test runtime", "library_path": str(library)}
            manifest.write_text(json.dumps({"file_format_version": "1.0.0", "runtime": runtime}), encoding="utf-8")
    return library, manifest


def _key() -> str:
    parts = [path.read_bytes() for path in sorted(SOURCES.iterdir()) if path.suffix in {".c", ".h", ".py"}]
    parts += [version(name).encode() for name in ("pyopenxr", "ziglang")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _compile(folder: Path, library: Path) -> None:
    from tests.openxr.runtime.header import header

    (folder / "xr.h").write_text(header(), encoding="utf-8")
    sources = [str(path) for path in sorted(SOURCES.glob("*.c"))]
    command = [
        sys.executable,
        "-m",
        "ziglang",
        "cc",
        *_FLAGS,
        f"-I{folder}",
        *sources,
        "-o",
        str(library),
        "-ldl",
        "-lm",
    ]
    caches = dict.fromkeys(("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"), str(folder.parent / "zig"))
    done = subprocess.run(command, env={**os.environ, **caches}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the test runtime does not compile: {done.stderr}")
