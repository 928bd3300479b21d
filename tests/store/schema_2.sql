BEGIN TRANSACTION;
CREATE TABLE automation (
	number INTEGER NOT NULL, 
	patient_code VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	setting VARCHAR NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(patient_code) REFERENCES patient (code)
);
INSERT INTO "automation" VALUES(1,'HX-014','limit','6','T-1','her sister Clara fell last year','2026-11-23T02:40:36.336+00:00');
CREATE TABLE beat (
	session_number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	beat_t_s FLOAT, 
	rr_ticks INTEGER NOT NULL, 
	accepted BOOLEAN NOT NULL, 
	after_gap BOOLEAN NOT NULL, 
	PRIMARY KEY (session_number, seq, part), 
	FOREIGN KEY(session_number) REFERENCES session (number)
)
 WITHOUT ROWID

;
CREATE TABLE consent (
	number INTEGER NOT NULL, 
	patient_code VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	language VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(patient_code) REFERENCES patient (code)
);
INSERT INTO "consent" VALUES(1,'HX-014','given',2,'en','Consent to a session with Acclimate (version 2)

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
can lose contact. The rules are the developers'' and your therapist''s settings, not a diagnosis. The program
cannot replace your therapist''s attention, and it does not notice an emergency.

What is recorded. Your patient code and year of birth, your answers to the checklist and to this consent,
every heartbeat interval received, your ratings, what you expected before and after, what was shown and when,
how your head moved, every decision of the program with its reasons, what your therapist lets the program do,
and your therapist''s notes and commands.
Your name is not recorded. No sound and no picture of you is recorded. The record lies on this computer and
is not encrypted in this version; who can open this computer''s files can read it.

Your rights. Taking part is voluntary. You can withdraw this consent at any time; then nothing more is
recorded, and the withdrawal itself is noted. You can ask your therapist to show you your record.
','T-1','2026-11-23T02:40:36.318+00:00');
CREATE TABLE decision (
	session_number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	decided_t_s FLOAT, 
	cause VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	reasons VARCHAR NOT NULL, 
	before_0to1 FLOAT, 
	proposed_0to1 FLOAT, 
	applied_0to1 FLOAT, 
	ramp_s FLOAT, 
	calm BOOLEAN NOT NULL, 
	latched BOOLEAN NOT NULL, 
	policy_rule VARCHAR NOT NULL, 
	inputs TEXT NOT NULL, 
	limiting VARCHAR, 
	suggested_0to1 FLOAT, 
	pace_per_min FLOAT, 
	PRIMARY KEY (session_number, seq, part), 
	FOREIGN KEY(session_number) REFERENCES session (number)
)
 WITHOUT ROWID

;
INSERT INTO "decision" VALUES(1,3,1,1.5,1.5,'tick','hold','["suds-in-window", "dwell-short"]',0.2,0.2,0.2,3.0,0,0,'hold','{"t_s":1.5,"cause":"tick","heart":{"hr10_bpm":71.3,"hr5_bpm":null,"delta_bpm":null,"baseline_bpm":70.0,"baseline_spread_bpm":null,"age_s":0.3333333333333333,"valid_for_s":0.0,"quality_0to1":0.0,"is_flat":false,"contact":null,"reconnects_in_10_min":0,"movement_bpm":null,"moved_beyond":false,"repeats":false},"rating":{"suds":35,"age_s":12.0,"previous_on_level":null,"peak_on_level":null,"lows_in_a_row":0,"given_on_level":false,"is_new":false,"since_signal_return":true,"missed_in_a_row":0,"fms":null,"fms_rise":null,"expectancy_before":null,"expectancy_after":null},"limits":{"protocol_0to1":1.0,"therapist_0to1":0.4,"patient_0to1":1.0,"suds_calm_at":95,"next_0to1":1.0},"place":{"grading":true,"paused":false,"held":false,"level_step_0to1":0.1,"current_0to1":0.0,"dwell_s":0.0,"since_raise_s":null,"since_lower_s":null,"since_stimulus_s":null,"wish":null,"wish_is_patients":false,"planned_0to1":null,"reentry_0to1":null,"head_worn":true,"head_tracked":true,"frames_in_budget":true,"player_present":true,"player_latched":false,"player_matches":true,"patient_stopped":false,"therapist_stopped":false,"store_ok":true,"clock_ok":true,"watchdog_ok":true,"loop_ok":true,"in_phase_s":0.0,"practising":false,"pace_per_min":null,"since_pace_s":null,"entry_is_planned":false},"age_years":42,"suds_only":false,"stage":"bounded-raise","hr_may_drive":false,"breath":{"rate_per_min":null,"regularity_0to1":null,"swing_bpm":null,"power_bpm2":null,"covers_s":0.0},"play":{"hits_per_min":null,"hits":null,"throws":null}}','ceiling',3.00000000000000044408e-01,NULL);
CREATE TABLE event (
	session_number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	kind VARCHAR NOT NULL, 
	payload TEXT NOT NULL, 
	PRIMARY KEY (session_number, seq, part), 
	FOREIGN KEY(session_number) REFERENCES session (number)
)
 WITHOUT ROWID

;
INSERT INTO "event" VALUES(1,1,0,0.5,'Noticed','{"code":"note","detail":"spoke of Clara at the lift"}');
INSERT INTO "event" VALUES(1,2,0,1.0,'Noticed','{"code":"ceiling-changed","detail":"5 Clara may watch"}');
INSERT INTO "event" VALUES(1,3,0,1.5,'Noticed','{"code":"event-fired","detail":"gust"}');
INSERT INTO "event" VALUES(1,4,0,2.0,'SessionEnded','{"outcome":"stopped-by-therapist","detail":"Clara called"}');
CREATE TABLE frame_statistics (
	session_number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	frames INTEGER NOT NULL, 
	late_frames INTEGER NOT NULL, 
	median_ms FLOAT NOT NULL, 
	p99_ms FLOAT NOT NULL, 
	PRIMARY KEY (session_number, seq), 
	FOREIGN KEY(session_number) REFERENCES session (number)
)
 WITHOUT ROWID

;
CREATE TABLE head_pose (
	session_number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	rows INTEGER NOT NULL, 
	first_scene_time_s FLOAT NOT NULL, 
	columns BLOB NOT NULL, 
	PRIMARY KEY (session_number, seq), 
	FOREIGN KEY(session_number) REFERENCES session (number)
)
 WITHOUT ROWID

;
INSERT INTO "head_pose" VALUES(1,1,2.0,1,1.0,X'789C63600003072002E206205E00C40780F8810300289C0481');
CREATE TABLE journal (
	session_number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	kind VARCHAR NOT NULL, 
	payload TEXT NOT NULL, 
	PRIMARY KEY (session_number, seq), 
	FOREIGN KEY(session_number) REFERENCES session (number)
)
 WITHOUT ROWID

;
INSERT INTO "journal" VALUES(1,0,0.0,'Tick','{}');
INSERT INTO "journal" VALUES(1,1,0.5,'Therapist','{"action":"note","amount":null,"text":"spoke of Clara at the lift"}');
INSERT INTO "journal" VALUES(1,2,1.0,'Therapist','{"action":"ceiling","amount":5.0,"text":"Clara may watch"}');
INSERT INTO "journal" VALUES(1,3,1.5,'Therapist','{"action":"event","amount":null,"text":"gust"}');
INSERT INTO "journal" VALUES(1,4,2.0,'Therapist','{"action":"stop","amount":null,"text":"Clara called"}');
CREATE TABLE patient (
	code VARCHAR NOT NULL, 
	birth_year INTEGER NOT NULL, 
	created VARCHAR NOT NULL, 
	PRIMARY KEY (code)
);
INSERT INTO "patient" VALUES('HX-014',1984,'2026-11-23T02:40:36.312+00:00');
INSERT INTO "patient" VALUES('HX-015',1990,'2026-11-23T02:40:36.344+00:00');
CREATE TABLE protocol (
	sha256 VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "protocol" VALUES('890a3015d04d29fa1ad3509b79b633781ed4d4cd91bf3bdeb9587916865fdde6','schema_version: 1
name: heights-first
');
CREATE TABLE rating (
	session_number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	scale VARCHAR NOT NULL, 
	answer INTEGER NOT NULL, 
	prompted BOOLEAN NOT NULL, 
	intensity_0to1 FLOAT, 
	PRIMARY KEY (session_number, seq, part), 
	FOREIGN KEY(session_number) REFERENCES session (number)
)
 WITHOUT ROWID

;
INSERT INTO "rating" VALUES(1,3,2,1.5,'suds',35,1,0.2);
CREATE TABLE sample (
	session_number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	hr10_bpm FLOAT, 
	hr5_bpm FLOAT, 
	delta_bpm FLOAT, 
	quality_0to1 FLOAT, 
	age_s FLOAT, 
	target_0to1 FLOAT, 
	shown_0to1 FLOAT, 
	scene VARCHAR NOT NULL, 
	scene_time_s FLOAT, 
	suds INTEGER, 
	PRIMARY KEY (session_number, seq, part), 
	FOREIGN KEY(session_number) REFERENCES session (number)
)
 WITHOUT ROWID

;
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	since VARCHAR NOT NULL, 
	software VARCHAR NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(2,'2026-11-23T02:40:36.279+00:00','0.1.0');
CREATE TABLE screening (
	number INTEGER NOT NULL, 
	patient_code VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	answers TEXT NOT NULL, 
	outcome VARCHAR NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(patient_code) REFERENCES patient (code)
);
INSERT INTO "screening" VALUES(1,'HX-014',1,'{"arrhythmia": false, "beta-blocker": false, "blood-injection": false, "dementia": false, "epilepsy": false, "face-neck": false, "hearing": false, "heart-attack": false, "hypertension": false, "intoxication": false, "migraine": true, "photosensitivity": false, "pregnancy": false, "psychosis": false, "self-harm-thoughts": false, "stereopsis": false, "syncope": false, "uncontrolled-disorder": false, "under-13": false, "vestibular": false}','caution','T-1','2026-11-23T02:40:36.328+00:00');
CREATE TABLE session (
	number INTEGER NOT NULL, 
	id VARCHAR NOT NULL, 
	patient_code VARCHAR NOT NULL, 
	protocol_name VARCHAR NOT NULL, 
	protocol_sha256 VARCHAR NOT NULL, 
	started VARCHAR NOT NULL, 
	software VARCHAR NOT NULL, 
	setup TEXT NOT NULL, 
	sensor TEXT NOT NULL, 
	player TEXT NOT NULL, 
	simulated VARCHAR NOT NULL, 
	ended VARCHAR, 
	duration_s FLOAT, 
	outcome VARCHAR, 
	detail VARCHAR, 
	lost_rows INTEGER NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (id), 
	FOREIGN KEY(patient_code) REFERENCES patient (code), 
	FOREIGN KEY(protocol_sha256) REFERENCES protocol (sha256)
);
INSERT INTO "session" VALUES(1,'52000000000000000000000000000000','HX-014','heights-first','890a3015d04d29fa1ad3509b79b633781ed4d4cd91bf3bdeb9587916865fdde6','2026-11-23T02:40:36.375+00:00','0.1.0','{"seed": 7, "age_years": 42}','{"name": "H10", "address": "00:11", "kind": "virtual"}','{"display": "offscreen"}','["heart-rate strap", "patient"]','2026-11-23T02:40:36.411+00:00',2.0,'stopped-by-therapist','Clara called',0);
CREATE INDEX ix_consent_patient_code ON consent (patient_code);
CREATE INDEX ix_screening_patient_code ON screening (patient_code);
CREATE INDEX ix_automation_patient_code ON automation (patient_code);
CREATE INDEX ix_session_patient_code ON session (patient_code);
COMMIT;
