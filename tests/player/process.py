"""A real player process for tests."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

from environments.handshake import Listening, PlayerSettings, StartLine
from tests.player.probe import Probe

ROOT = Path(__file__).resolve().parents[2]


class PlayerProcess:
    """Started with settings, ended with the block."""

    def __init__(self, settings: PlayerSettings, **environment: str | None) -> None:
        self.token = secrets.token_bytes(32)
        self._settings = settings
        self._environment = environment

    def __enter__(self) -> PlayerProcess:
        self.process = start_player(self._environment)
        start = StartLine(token=self.token.hex(), settings=self._settings)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(start.model_dump_json().encode() + b"\n")
        self.process.stdin.flush()
        self.port = Listening.model_validate_json(self.process.stdout.readline()).port
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def attach(self) -> Probe:
        """A session's end, attached."""
        return Probe(self.port, self.token)


def start_player(environment: dict[str, str | None] | None = None) -> subprocess.Popen[bytes]:
    """The bare process, waiting for its settings; None takes a variable out of its environment."""
    env: dict[str, str] = dict(os.environ)
    for name, setting in (environment or {}).items():
        env.pop(name, None)
        if setting is not None:
            env[name] = setting
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-m", "environments.player"], cwd=ROOT, env=env, stdin=pipe, stdout=pipe, stderr=pipe
    )
