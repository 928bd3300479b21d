"""The session's end of the link: starts a player or re-attaches to one, sends commands, hands on reports."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from environments.contract import (
    CONTRACT_VERSION,
    MAX_LINE_BYTES,
    Command,
    ContractError,
    PlayerReady,
    Report,
    Shutdown,
    decode_report,
    encode_command,
)
from environments.handshake import (
    HANDSHAKE_S,
    NONCE_BYTES,
    TOKEN_BYTES,
    HandshakeError,
    Listening,
    PlayerSettings,
    RunFile,
    StartLine,
    answer_challenge,
    check_welcome,
)
from therapy.errors import DeviceMissing, PlayerError

__all__ = ["PlayerLink", "PlayerSettings"]

START_S = 90.0
"""Wall seconds a player may take until it listens; software OpenGL compiles its shaders in them."""

END_S = 5.0
KILL_S = 2.0
MOST_UNSENT_BYTES = 1 << 18
_EXIT_NO_DISPLAY = 4
_KEPT_LINES = 12
_Pipe = TypeVar("_Pipe", asyncio.StreamReader, asyncio.StreamWriter)
_RESTART = "Start the session again; the record up to now is safe."


class PlayerLink:
    """One player at a time; reports and the end of the link come as callbacks on the event loop.

    `on_gone` is called once when a player that had answered is gone without having been asked to.
    """

    def __init__(self, on_report: Callable[[Report], None], on_gone: Callable[[str], None]) -> None:
        self._on_report = on_report
        self._on_gone = on_gone
        self._process: asyncio.subprocess.Process | None = None
        self._last_words: deque[str] = deque(maxlen=_KEPT_LINES)
        self._listening_to_words: asyncio.Task[None] | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._pid: int | None = None
        self._is_closing = False

    @property
    def pid(self) -> int | None:
        """The player's process id, once it is known."""
        return self._pid

    async def start(self, settings: PlayerSettings) -> PlayerReady:
        """Start a player and prove both ends; `DeviceMissing` or `PlayerError` with the player's own sentence."""
        token = secrets.token_bytes(TOKEN_BYTES)
        try:
            async with asyncio.timeout(START_S):
                listening = await self._spawn(StartLine(token=token.hex(), settings=settings))
            return await self._meet(listening.port, token)
        except TimeoutError as error:
            await self._end_process()
            raise PlayerError(f"The player did not start within {START_S:.0f} s.", _RESTART) from error
        except BaseException:
            await self._end_process()
            raise

    async def attach(self, run_file: Path) -> PlayerReady:
        """Take over a player that an earlier session left in the calm scene; `PlayerError` if there is none."""
        try:
            text = await asyncio.to_thread(run_file.read_text, "utf-8")
            run = RunFile.model_validate_json(text)
        except (OSError, ValidationError) as error:
            raise PlayerError(f"No player is waiting: {run_file} cannot be read.", "Start a new one.") from error
        return await self._meet(run.port, bytes.fromhex(run.token))

    def send(self, command: Command) -> None:
        """Send without waiting; `PlayerError` when the player is gone or does not keep up."""
        writer = self._writer
        if writer is None or writer.is_closing():
            raise PlayerError("The player is gone.", _RESTART)
        if writer.transport.get_write_buffer_size() > MOST_UNSENT_BYTES:
            raise PlayerError("The player does not read its commands.", _RESTART)
        writer.write(encode_command(command))

    async def close(self) -> None:
        """Ask the player to end, wait up to 5 s, then insist."""
        self._is_closing = True
        with contextlib.suppress(PlayerError):
            self.send(Shutdown())
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=END_S)
            if not self._reading.done() and self._process is None and self._pid is not None:
                # A player that was taken over is no child of this process: its proven id is all there is.
                with contextlib.suppress(OSError):
                    os.kill(self._pid, signal.SIGTERM)
        await self._disconnect()
        await self._end_process()

    async def end(self) -> None:
        """End a player that is of no more use, whether or not it still answers."""
        await self._end_process()

    async def _spawn(self, start: StartLine) -> Listening:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "environments.player", stdin=pipe, stdout=pipe, stderr=pipe
        )
        _open(self._process.stdin).write(start.model_dump_json().encode() + b"\n")
        self._listening_to_words = asyncio.create_task(self._keep_last_words(_open(self._process.stderr)))
        line = await _open(self._process.stdout).readline()
        if not line:
            raise await self._start_failure(self._process)
        try:
            return Listening.model_validate_json(line)
        except ValidationError as error:
            raise PlayerError("The player's first line cannot be understood.", _RESTART) from error

    async def _start_failure(self, process: asyncio.subprocess.Process) -> PlayerError | DeviceMissing:
        code = await process.wait()
        if self._listening_to_words is not None:
            await self._listening_to_words
        words = self._last_words[-1] if self._last_words else ""
        if code == _EXIT_NO_DISPLAY:
            return DeviceMissing(words or "There is no display or no OpenGL 3.3 here.")
        return PlayerError(f"The player could not start (exit code {code}). {words}".strip())

    async def _keep_last_words(self, errors: asyncio.StreamReader) -> None:
        while line := await errors.readline():
            words = line.decode(errors="replace").strip()
            if words:
                self._last_words.append(words)

    async def _meet(self, port: int, token: bytes) -> PlayerReady:
        try:
            async with asyncio.timeout(4.0 * HANDSHAKE_S):
                self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port, limit=MAX_LINE_BYTES)
                proof = answer_challenge(token, await self._reader.readline(), secrets.token_bytes(NONCE_BYTES))
                self._writer.write(proof.line)
                check_welcome(proof.expected_welcome, await self._reader.readline())
                ready = decode_report(await self._reader.readline())
        except (HandshakeError, ContractError, OSError, TimeoutError, ValueError) as error:
            await self._disconnect()
            raise PlayerError(
                f"No player can be reached on port {port}: {str(error) or 'no answer'}.", _RESTART
            ) from error
        if not isinstance(ready, PlayerReady) or ready.contract_version != CONTRACT_VERSION:
            await self._disconnect()
            raise PlayerError("The player did not say what it is.", _RESTART)
        self._pid = ready.pid
        self._reading = asyncio.create_task(self._read(self._reader))
        return ready

    async def _read(self, reader: asyncio.StreamReader) -> None:
        reason = "the player closed the link"
        try:
            while line := await reader.readline():
                self._on_report(decode_report(line))
        except (ContractError, OSError, ValueError) as error:
            reason = f"the link to the player broke: {error}"
        finally:
            if self._writer is not None:
                self._writer.close()
            if not self._is_closing:
                self._on_gone(await self._obituary(reason))

    async def _obituary(self, reason: str) -> str:
        """Why the player is gone, with its exit code and last words where there are any."""
        if self._process is None:
            return reason
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                code = await self._process.wait()
                words = f": {self._last_words[-1]}" if self._last_words else ""
                return f"the player ended with code {code}{words}"
        return reason

    async def _disconnect(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()
        self._reading, self._reader, self._writer = None, None, None

    async def _end_process(self) -> None:
        """Wait for the process, then terminate it, then kill it."""
        await self._disconnect()
        process, self._process = self._process, None
        if process is None:
            return
        # One that was asked to end has had its time; one that never answered is not waited for.
        await _gone_within(process, KILL_S if self._is_closing else 0.0)
        for insist in (process.terminate, process.kill):
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    insist()
                await _gone_within(process, KILL_S)
        if self._listening_to_words is not None:
            await asyncio.gather(self._listening_to_words, return_exceptions=True)


async def _gone_within(process: asyncio.subprocess.Process, wall_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(wall_s):
            await process.wait()


def _open(pipe: _Pipe | None) -> _Pipe:
    if pipe is None:
        raise PlayerError("The player was started without its pipes.")
    return pipe
