"""The writer: one thread owns the writing connection; the session's loop never waits for the disk.

Appends go into a bounded queue.  The thread commits what it has every quarter of a second, and at once
after a stop, a rating, a change of phase or a decision that changes something.  When the disk fails, or
the queue overflows, `on_failure` is told once; what could not be written is kept and tried again
each second, and what no longer fits is counted in `lost_rows`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path

from environments.contract import FrameStatistics
from therapy.errors import StoreError
from therapy.session.events import Event, Output
from therapy.store.desk import Desk
from therapy.store.paths import require_space
from therapy.store.records import SessionInfo
from therapy.store.roles import Act
from therapy.store.rows import (
    Row,
    end_row,
    frame_row,
    is_urgent_event,
    is_urgent_output,
    journal_row,
    lost_row,
    output_row,
    pose_row,
)
from therapy.store.sealing import Sealer
from therapy.store.unlocking import at_desk
from therapy.store.waiting import ANSWER_WITHIN_S, CLOSED, CURE, OVERFLOWING, Append, Call, RecorderSettings
from therapy.store.writing import SessionWriter


class Recorder:
    """Writes one session at a time into the record of a desk, or at a path that opens without asking anybody.

    `on_failure(reason)`, which may be set later, is called once for each failure, from the writer thread
    (for an overflow or a stalled disk from the appending thread).  A commit that succeeds afterwards makes
    `ok` true again.
    `StoreError` if the database cannot be opened.
    """

    def __init__(
        self,
        where: Path | Desk,
        on_failure: Callable[[str], None] | None = None,
        settings: RecorderSettings | None = None,
    ) -> None:
        self._desk = desk = at_desk(where, may_found=True)
        self.path = desk.path
        self._seal = Sealer(desk.vault.patients, "")
        self._settings = options = settings or RecorderSettings()
        self.on_failure = on_failure
        self._queue: deque[Append | Call] = deque()
        self._wake = threading.Condition()
        self._urgent = False
        self._closing = False
        self._failure: str | None = None
        self._lost_rows = 0
        self._last_output = (-1, 0)
        self._frames = self._poses = 0
        self._writer = SessionWriter(desk, options.busy_timeout_s, options.max_pages)
        self._notes = self._writer.open_notes()
        self._thread = threading.Thread(target=self._run, name="record-writer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def failure(self) -> str | None:
        """The sentence of the failure that lasts, if one does."""
        return self._failure

    @property
    def ok(self) -> bool:
        """Whether everything appended is on disk or on its way there."""
        return self._failure is None

    @property
    def lost_rows(self) -> int:
        """How many rows could not be kept since the recorder was opened."""
        return self._lost_rows

    def begin(self, info: SessionInfo) -> str:
        """Start a session and return its id once it is on disk; `StoreError` if it cannot be recorded.

        `NotAllowed` if it is not for this user, `ConsentMissing` without consent.  Until the session ends the record
        does not lock itself.
        """
        require_space(self.path.parent, self._settings.least_free_mb)
        self._desk.require(Act.RECORD_SESSION, info.patient_code)
        self._call(lambda: self._writer.begin(info), ANSWER_WITHIN_S)
        self._notes.begin(info.session_id)
        self._seal = Sealer(self._desk.vault.patients, info.patient_code)
        self._last_output = (-1, 0)
        self._frames = self._poses = 0
        return info.session_id

    def append_event(self, seq: int, t_s: float, event: Event) -> None:
        """One event of the journal; `seq` counts up from the session's start."""
        seal, urgent = self._seal, is_urgent_event(event)
        seal.hear(seq, event)
        self._append(lambda: journal_row(seq, t_s, seal.event(event)), urgent)
        self._notes.heard(t_s, event, urgent and not self.ok)

    def append_output(self, seq: int, t_s: float, output: Output) -> None:
        """One output, caused by the journal's entry `seq`."""
        last_seq, last_part = self._last_output
        part = last_part + 1 if seq == last_seq else 0
        self._last_output = (seq, part)
        seal, urgent = self._seal, is_urgent_output(output)
        self._append(lambda: output_row(seq, part, t_s, seal.output(seq, output)), urgent)
        self._notes.heard(t_s, output, urgent and not self.ok)

    def append_frames(self, t_s: float, frames: FrameStatistics) -> None:
        """The player's frame statistics of one second."""
        self._frames = number = self._frames + 1
        self._append(lambda: frame_row(number, t_s, frames))

    def append_poses(self, t_s: float, poses: Sequence[Sequence[float]]) -> None:
        """Head poses: rows of (scene time s, yaw °, pitch °, roll °, x m, y m, z m); none at all is fine."""
        if poses:
            self._poses = number = self._poses + 1
            self._append(lambda: pose_row(number, t_s, poses))

    def end(self, outcome: str, detail: str = "", t_s: float | None = None) -> None:
        """Close the session on the record, after everything appended; `StoreError` if it is not on disk in 10 s.

        After an error it is still written if the disk recovers before `close`.
        """
        sealed = self._seal.end_detail
        self._append(lambda: end_row(outcome, sealed(outcome, detail), t_s, self._lost_rows), urgent=True)
        self._notes.ended(outcome, is_unsaved=not self.ok)
        self.flush()

    def flush(self, timeout_s: float = ANSWER_WITHIN_S) -> None:
        """Return when everything appended so far is on disk; `StoreError` if it is not within `timeout_s`."""
        self._call(lambda: None, timeout_s)

    def close(self, timeout_s: float = ANSWER_WITHIN_S) -> None:
        """Write what is left and let go of the file; never raises.  A session not ended reads as interrupted."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join(timeout_s)
        self._notes.close()

    # --- the appending side ---------------------------------------------------------------------

    def _append(self, make: Callable[[], Row], urgent: bool = False) -> None:
        now_s = time.monotonic()
        problem = None
        with self._wake:
            if self._closing or len(self._queue) >= self._settings.queue_rows:
                self._lost_rows += 1
                problem = CLOSED if self._closing else OVERFLOWING
            else:
                self._queue.append(Append(make, now_s))
                self._urgent |= urgent
                waited_s = now_s - self._queue[0].since_wall_s
                if waited_s > self._settings.stalled_after_s:
                    problem = f"The disk has not answered for {waited_s:.0f} s."
            if urgent:
                self._wake.notify()
        if problem is not None:
            self._fail(problem)

    def _call(self, act: Callable[[], None], timeout_s: float) -> None:
        call = Call(act, time.monotonic(), Future())
        with self._wake:
            if self._closing or not self._thread.is_alive():
                raise StoreError(CLOSED, "Open it again.")
            self._queue.append(call)
            self._urgent = True
            self._wake.notify()
        try:
            call.done.result(timeout_s)
        except FutureTimeout as error:
            call.done.cancel()
            raise StoreError(self._failure or f"The record was not saved within {timeout_s:.0f} s.", CURE) from error

    def _fail(self, reason: str) -> None:
        with self._wake:
            if self._failure is not None:
                return
            self._failure = reason
        self._notes.failed(reason)
        if self.on_failure is not None:
            self.on_failure(reason)

    # --- the writer thread ----------------------------------------------------------------------

    def _run(self) -> None:
        failed = False
        while True:
            with self._wake:
                if failed:
                    self._wake.wait_for(lambda: self._closing, self._settings.retry_every_s)
                else:
                    self._wake.wait_for(lambda: self._closing or self._urgent, self._settings.commit_every_s)
                self._urgent = False
                closing = self._closing
                taken = list(self._queue)
            failed = not self._work_through(taken, again=failed)
            if closing:
                break
        self._forget_rest()
        self._writer.close()

    def _work_through(self, taken: Sequence[Append | Call], again: bool) -> bool:
        """Write and call everything in order; False if the disk refused."""
        batch: list[Append] = []
        try:
            if again:
                self._writer.reopen()
            for item in taken:
                if isinstance(item, Append):
                    batch.append(item)
                    continue
                self._commit(batch, again)
                batch = []
                self._answer(item)
            self._commit(batch, again)
        except StoreError as error:
            self._fail(str(error))
            self._refuse_calls(error)
            return False
        except Exception as error:  # noqa: BLE001 - a writer that dies in silence would be worse than any error
            self._fail(f"The record cannot be written: {error}.")
            self._refuse_calls(StoreError(f"The record cannot be written: {error}.", CURE))
            return False
        return True

    def _commit(self, batch: Sequence[Append], again: bool) -> None:
        rows = [row for row in map(self._made, batch) if row is not None]
        if rows:
            was_failing = self._failure is not None
            if was_failing:
                rows.append(lost_row(self._lost_rows))
            refused = self._writer.write(rows, again)
            self._failure = None
            if refused:
                self._lose(refused, f"{refused} rows were refused: no session is open, or their numbers are taken.")
        with self._wake:
            for _ in batch:
                self._queue.popleft()

    def _made(self, item: Append) -> Row | None:
        if item.row is None and not item.is_spoiled:
            try:
                item.row = item.make()
            except Exception as error:  # noqa: BLE001 - a row that cannot be made must not stop the others
                item.is_spoiled = True
                self._lose(1, f"Something could not be recorded: {error}")
        return item.row

    def _answer(self, call: Call) -> None:
        with self._wake:
            self._queue.popleft()
        if not call.done.set_running_or_notify_cancel():
            return
        try:
            call.act()
        except Exception as error:  # noqa: BLE001 - handed to the caller, who waits for it
            call.done.set_exception(error)
        else:
            call.done.set_result(None)

    def _lose(self, rows: int, reason: str) -> None:
        with self._wake:
            self._lost_rows += rows
        self._fail(reason)

    def _refuse_calls(self, error: StoreError) -> None:
        with self._wake:
            calls = [item for item in self._queue if isinstance(item, Call)]
            for call in calls:
                self._queue.remove(call)
        for call in calls:
            if call.done.set_running_or_notify_cancel():
                call.done.set_exception(error)

    def _forget_rest(self) -> None:
        self._refuse_calls(StoreError(CLOSED, "Open it again."))
        with self._wake:
            self._lost_rows += len(self._queue)
            self._queue.clear()
