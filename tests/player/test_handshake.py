"""Proof that both ends hold the token."""

import pytest

from environments.handshake import (
    HandshakeError,
    VersionMismatch,
    answer_challenge,
    challenge_line,
    check_answer,
    check_welcome,
    rejection_line,
)

TOKEN, OTHER = b"t" * 32, b"o" * 32
P_NONCE, S_NONCE = b"p" * 32, b"s" * 32


def test_both_ends_prove_themselves():
    proof = answer_challenge(TOKEN, challenge_line(P_NONCE), S_NONCE)
    check_welcome(proof.expected_welcome, check_answer(TOKEN, P_NONCE, proof.line))


def test_wrong_token_is_not_let_in():
    proof = answer_challenge(OTHER, challenge_line(P_NONCE), S_NONCE)
    with pytest.raises(HandshakeError, match="does not hold this player's token"):
        check_answer(TOKEN, P_NONCE, proof.line)


def test_false_player_is_noticed():
    proof = answer_challenge(TOKEN, challenge_line(P_NONCE), S_NONCE)
    false_welcome = check_answer(OTHER, P_NONCE, answer_challenge(OTHER, challenge_line(P_NONCE), S_NONCE).line)
    with pytest.raises(HandshakeError, match="does not hold this session's token"):
        check_welcome(proof.expected_welcome, false_welcome)


def test_an_old_answer_does_not_pass_again():
    old = answer_challenge(TOKEN, challenge_line(P_NONCE), S_NONCE)
    with pytest.raises(HandshakeError):
        check_answer(TOKEN, b"q" * 32, old.line)


def test_one_role_s_proof_does_not_pass_as_the_other_s():
    proof = answer_challenge(TOKEN, challenge_line(P_NONCE), S_NONCE)
    own_proof = proof.line.split(b'"proof":"')[1][:64]
    reflected = b'{"kind":"welcome","proof":"' + own_proof + b'"}'
    with pytest.raises(HandshakeError):
        check_welcome(proof.expected_welcome, reflected)


def test_versions_have_to_agree():
    with pytest.raises(VersionMismatch, match="the player speaks contract 2"):
        answer_challenge(TOKEN, challenge_line(P_NONCE, version=2), S_NONCE, version=1)
    newer = answer_challenge(TOKEN, challenge_line(P_NONCE, version=2), S_NONCE, version=2)
    with pytest.raises(HandshakeError):
        check_answer(TOKEN, P_NONCE, newer.line, version=1)


@pytest.mark.parametrize("line", [b"", b"{}", b"\xff", b"[" * 500, b"x" * 5000, rejection_line("busy")])
def test_anything_else_is_refused(line):
    with pytest.raises(HandshakeError):
        answer_challenge(TOKEN, line, S_NONCE)
    with pytest.raises(HandshakeError):
        check_answer(TOKEN, P_NONCE, line)


def test_rejection_tells_its_reason():
    with pytest.raises(HandshakeError, match="another session"):
        check_welcome(b"", rejection_line("another session is attached"))
