"""The consent text, versioned: a new text needs a new version, and everyone's consent anew."""

from __future__ import annotations

CONSENT_VERSION = 3
CONSENT_LANGUAGE = "en"
CONSENT_TEXT = """\
Consent to a session with Acclimate (version 3)

What this is. You will see a computer-made place in a headset or on a screen. The place can become more
demanding step by step. Acclimate is research software used under the supervision of your therapist. It is
not a cleared medical device, and nobody promises a result.

What you may feel. Distress is expected: meeting what you fear is part of the method. You may also feel
dizzy, unwell or tired. Tell your therapist at any time.

How to stop. You can stop at any moment, for any reason or none: look at the low disc marked "calm" for two
seconds, press any key that is not an answer (Escape and the space bar always stop), or close the window; in a
headset, take it off. The picture then fades to a calm place. You will try this out before the session begins.
Your therapist can stop too. Stopping has no disadvantage for you.

What the automation does. The program reads your heart rate from a chest strap or armband and asks you how
distressed you are. At first it only suggests steps, and your therapist takes them; it can always make the scene
easier or go to the calm place to keep you safe. Later, if your therapist decides so, it may take steps itself:
from your answers, or by a plan your therapist has chosen, it may make the scene a step more demanding, up to a
limit that your therapist has set. From your heart rate alone it does so only if your therapist has allowed that
for you. From your answers or your heart rate it may keep the scene as it is or make it easier. In a calm session
it may change the pace at which it leads your breath. From your earlier sessions it may estimate how the next one
will go, for your therapist to read; the estimate decides nothing. Your therapist stands above every step.

What its limits are. Heart rate is not a measure of fear: movement, medicines and talking change it. A strap
can lose contact. The rules are the developers' and your therapist's settings, not a diagnosis. The program
cannot replace your therapist's attention, and it does not notice an emergency.

What is recorded. Your patient code and year of birth, your answers to the checklist and to this consent,
every heartbeat interval received, your ratings, what you expected before and after, what was shown and when,
how your head moved, every decision of the program with its reasons, what your therapist lets the program do,
and your therapist's notes and commands.
Your name and how to reach you are recorded only if you and your therapist want that, apart from the rest. No
sound and no picture of you is recorded. The record lies encrypted on this computer. Your therapist can read it with
a password, and so can other therapists and clinicians who use the same record and are allowed to; each reading is
noted. While somebody has it open, who uses this computer can read it too. Backups of it may be kept elsewhere.

Your rights. Taking part is voluntary. You can withdraw this consent at any time; then nothing more is
recorded, and the withdrawal itself is noted. You can see your record, have a copy of it, have it handed to
somebody you name, and have your name and your therapist's words about you destroyed for good; measured values and
ratings then stay under a code that no longer names you.
"""
