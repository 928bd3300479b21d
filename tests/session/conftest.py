"""What the session tests share."""

from __future__ import annotations

import pytest

from tests.session.rehearsal import Rehearsal, rehearsal


@pytest.fixture
def exposed() -> Rehearsal:
    """Twenty seconds into the exposure."""
    session = rehearsal(seed=1).begin().run_to("exposure")
    return session.run(session.t_s + 20.0)
