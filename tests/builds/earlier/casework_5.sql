BEGIN TRANSACTION;
CREATE TABLE access_log (
	sequence INTEGER NOT NULL, 
	viewed_at VARCHAR NOT NULL, 
	viewer VARCHAR NOT NULL, 
	viewer_kind VARCHAR NOT NULL, 
	audience VARCHAR NOT NULL, 
	page VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	record_count INTEGER NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence), 
	UNIQUE (previous_hash), 
	UNIQUE (row_hash)
);
INSERT INTO "access_log" VALUES(1,'2026-11-30T10:05:53.759205Z','Invented Viewer','signed in','integrity','people_to_look_at','person P1',1,'0000000000000000000000000000000000000000000000000000000000000000','5eb75456946045c21fd8ccdac6448e1238feef04927ab7d8e84526d2db546208');
INSERT INTO "access_log" VALUES(2,'2026-11-30T10:05:53.784427Z','Invented Viewer','signed in','integrity','people_to_look_at','person P2',1,'5eb75456946045c21fd8ccdac6448e1238feef04927ab7d8e84526d2db546208','b6177a81741ad460c790aeaa8b645c107e06111adbbea2c630094fbac8048b04');
CREATE TABLE access_log_head (
	log_name VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (log_name)
);
INSERT INTO "access_log_head" VALUES('score_overrides',1,'e6ad73d6118c8ff5e62bbd262db7282bb393802b10c2017ebc46aafb8eaf5bbe');
INSERT INTO "access_log_head" VALUES('override_decisions',1,'5581f54649ebfd4e07bcf6db628ca05f53c44441caee7402a0b71471ca930b4d');
INSERT INTO "access_log_head" VALUES('scheme_changes',1,'ad16495dfcc24b4be3899beda4a1dd7c4b6e672df6211c765658fd007acac068');
INSERT INTO "access_log_head" VALUES('access_log',2,'b6177a81741ad460c790aeaa8b645c107e06111adbbea2c630094fbac8048b04');
CREATE TABLE events (
	event_number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	happened_at VARCHAR NOT NULL, 
	actor VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject_type VARCHAR NOT NULL, 
	subject_ref VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL
);
INSERT INTO "events" VALUES(1,'2026-11-30T10:05:53.374962Z','invented reader','pair taken','pair','INV-P00000000 INV-P00000001','{"role": "first"}');
INSERT INTO "events" VALUES(2,'2026-11-30T10:05:53.376506Z','invented reader','link decided','pair','5fe27d638cdd4c359878a2a614c1c712','{"pair": ["INV-P00000000", "INV-P00000001"], "reason": "numbers_agree", "revision": 1, "role": "first", "verdict": "same"}');
INSERT INTO "events" VALUES(3,'2026-11-30T10:05:53.405964Z','another reader','pair taken','pair','INV-P00000000 INV-P00000001','{"role": "second"}');
INSERT INTO "events" VALUES(4,'2026-11-30T10:05:53.417713Z','another reader','link decided','pair','630028b333184418a53b35c0635b0fc7','{"pair": ["INV-P00000000", "INV-P00000001"], "reason": "numbers_agree", "revision": 1, "role": "second", "verdict": "same"}');
INSERT INTO "events" VALUES(5,'2026-11-30T10:05:53.455000Z','invented reader','pair taken','pair','INV-P00000002 INV-P00000003','{"role": "first"}');
INSERT INTO "events" VALUES(6,'2026-11-30T10:05:53.455508Z','invented reader','link decided','pair','d25e88beca2749a989cffc15d8245e12','{"pair": ["INV-P00000002", "INV-P00000003"], "reason": "relatives", "revision": 1, "role": "first", "verdict": "different"}');
INSERT INTO "events" VALUES(7,'2026-11-30T10:05:53.471210Z','another reader','pair taken','pair','INV-P00000002 INV-P00000003','{"role": "second"}');
INSERT INTO "events" VALUES(8,'2026-11-30T10:05:53.471714Z','another reader','link decided','pair','a1f3182cc3384343b22b1b18e5b2effc','{"pair": ["INV-P00000002", "INV-P00000003"], "reason": "relatives", "revision": 1, "role": "second", "verdict": "different"}');
INSERT INTO "events" VALUES(9,'2026-11-30T10:05:53.483777Z','invented analyst','override proposed','override','override-a494135e','{"part": "H1", "theme": "T1"}');
INSERT INTO "events" VALUES(10,'2026-11-30T10:05:53.506694Z','invented chief','override approved','override','override-a494135e','{"words": 16}');
INSERT INTO "events" VALUES(11,'2026-11-30T10:05:53.523067Z','invented chief','scheme changed','scheme version','2','{"key": "invented.key", "subject": "weight"}');
INSERT INTO "events" VALUES(12,'2026-11-30T10:05:53.743272Z','invented analyst','register entry kept','register entry','recommendations-fa669358','{"register": "recommendations", "revision": 1}');
INSERT INTO "events" VALUES(13,'2026-11-30T10:05:53.754735Z','invented analyst','register entry kept','register entry','recommendations-fa669358','{"register": "recommendations", "revision": 2}');
CREATE TABLE link_assignments (
	person_key_l VARCHAR NOT NULL, 
	person_key_r VARCHAR NOT NULL, 
	reader_role VARCHAR NOT NULL, 
	reader_ref VARCHAR NOT NULL, 
	taken_at VARCHAR NOT NULL, 
	PRIMARY KEY (person_key_l, person_key_r, reader_role), 
	UNIQUE (person_key_l, person_key_r, reader_ref), 
	CONSTRAINT keys_in_order CHECK (person_key_l < person_key_r), 
	CONSTRAINT known_reader_role CHECK (reader_role in ('first', 'second', 'registrar'))
);
INSERT INTO "link_assignments" VALUES('INV-P00000000','INV-P00000001','first','invented reader','2026-11-30T10:05:53.374284Z');
INSERT INTO "link_assignments" VALUES('INV-P00000000','INV-P00000001','second','another reader','2026-11-30T10:05:53.405679Z');
INSERT INTO "link_assignments" VALUES('INV-P00000002','INV-P00000003','first','invented reader','2026-11-30T10:05:53.454678Z');
INSERT INTO "link_assignments" VALUES('INV-P00000002','INV-P00000003','second','another reader','2026-11-30T10:05:53.470931Z');
CREATE TABLE link_decisions (
	decision_ref VARCHAR NOT NULL, 
	person_key_l VARCHAR NOT NULL, 
	person_key_r VARCHAR NOT NULL, 
	reader_ref VARCHAR NOT NULL, 
	reader_role VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	decided_at VARCHAR NOT NULL, 
	verdict VARCHAR NOT NULL, 
	reason_code VARCHAR NOT NULL, 
	is_blind INTEGER NOT NULL, 
	PRIMARY KEY (decision_ref), 
	UNIQUE (person_key_l, person_key_r, reader_role, revision), 
	CONSTRAINT keys_in_order CHECK (person_key_l < person_key_r), 
	CONSTRAINT known_reader_role CHECK (reader_role in ('first', 'second', 'registrar')), 
	CONSTRAINT known_verdict CHECK (verdict in ('same', 'different', 'unsure')), 
	CONSTRAINT known_reason_code CHECK (reason_code in ('numbers_agree', 'history_agrees', 'names_explained', 'date_explained', 'relatives', 'namesakes', 'numbers_differ', 'history_differs', 'not_enough'))
);
INSERT INTO "link_decisions" VALUES('5fe27d638cdd4c359878a2a614c1c712','INV-P00000000','INV-P00000001','invented reader','first',1,'2026-11-30T10:05:53.375715Z','same','numbers_agree',1);
INSERT INTO "link_decisions" VALUES('630028b333184418a53b35c0635b0fc7','INV-P00000000','INV-P00000001','another reader','second',1,'2026-11-30T10:05:53.406186Z','same','numbers_agree',1);
INSERT INTO "link_decisions" VALUES('d25e88beca2749a989cffc15d8245e12','INV-P00000002','INV-P00000003','invented reader','first',1,'2026-11-30T10:05:53.455253Z','different','relatives',1);
INSERT INTO "link_decisions" VALUES('a1f3182cc3384343b22b1b18e5b2effc','INV-P00000002','INV-P00000003','another reader','second',1,'2026-11-30T10:05:53.471442Z','different','relatives',1);
CREATE TABLE override_decisions (
	sequence INTEGER NOT NULL, 
	override_ref VARCHAR NOT NULL, 
	decision VARCHAR NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	words VARCHAR NOT NULL, 
	decided_at VARCHAR NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence), 
	CONSTRAINT known_decision CHECK (decision in ('approved', 'refused', 'withdrawn')), 
	FOREIGN KEY(override_ref) REFERENCES score_overrides (override_ref), 
	UNIQUE (previous_hash), 
	UNIQUE (row_hash)
);
INSERT INTO "override_decisions" VALUES(1,'override-a494135e','approved','invented chief','agreed, invented','2026-11-30T10:05:53.487603Z','0000000000000000000000000000000000000000000000000000000000000000','5581f54649ebfd4e07bcf6db628ca05f53c44441caee7402a0b71471ca930b4d');
CREATE TABLE register_rows (
	register VARCHAR NOT NULL, 
	entry_ref VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	fields VARCHAR NOT NULL, 
	changed_by VARCHAR NOT NULL, 
	changed_at VARCHAR NOT NULL, 
	is_closed INTEGER NOT NULL, 
	PRIMARY KEY (register, entry_ref, revision), 
	CONSTRAINT known_register CHECK (register in ('recommendations', 'inspection', 'pestelo', 'intelligence_gaps', 'lessons', 'risk_register', 'guidance', 'policies', 'practice'))
);
INSERT INTO "register_rows" VALUES('recommendations','recommendations-fa669358',1,'{"heading": "prevent", "status": "needs_decision", "title": "Invented words"}','invented analyst','2026-11-30T10:05:53.742491Z',0);
INSERT INTO "register_rows" VALUES('recommendations','recommendations-fa669358',2,'{"heading": "prevent", "status": "needs_decision", "title": "Invented, revised"}','invented analyst','2026-11-30T10:05:53.754412Z',0);
CREATE TABLE schema_versions (
	version INTEGER NOT NULL, 
	created_at VARCHAR, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_versions" VALUES(5,'2026-11-30T10:05:52.910413Z');
CREATE TABLE scheme_changes (
	sequence INTEGER NOT NULL, 
	scheme_version INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	old_value DOUBLE NOT NULL, 
	new_value DOUBLE NOT NULL, 
	reason VARCHAR NOT NULL, 
	accepted_by VARCHAR NOT NULL, 
	accepted_at VARCHAR NOT NULL, 
	effect VARCHAR NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence), 
	CONSTRAINT known_subject CHECK (subject in ('weight', 'cut_point', 'score_points', 'setting')), 
	UNIQUE (scheme_version), 
	UNIQUE (previous_hash), 
	UNIQUE (row_hash)
);
INSERT INTO "scheme_changes" VALUES(1,2,'weight','invented.key',1.0,2.0,'an invented reason','invented chief','2026-11-30T10:05:53.521320Z','{"moves": "nothing"}','0000000000000000000000000000000000000000000000000000000000000000','ad16495dfcc24b4be3899beda4a1dd7c4b6e672df6211c765658fd007acac068');
CREATE TABLE score_overrides (
	sequence INTEGER NOT NULL, 
	override_ref VARCHAR NOT NULL, 
	theme_code VARCHAR NOT NULL, 
	part_code VARCHAR NOT NULL, 
	automatic_score INTEGER, 
	override_score INTEGER NOT NULL, 
	reason_code VARCHAR NOT NULL, 
	rationale VARCHAR NOT NULL, 
	evidence_ref VARCHAR NOT NULL, 
	analyst VARCHAR NOT NULL, 
	made_at VARCHAR NOT NULL, 
	valid_to VARCHAR NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence), 
	CONSTRAINT scores_0_to_4 CHECK (override_score between 0 and 4 and automatic_score between 0 and 4), 
	CONSTRAINT known_reason_code CHECK (reason_code in ('not_supplied', 'under_recorded', 'intelligence', 'recent_change', 'indicator_misleads', 'entered')), 
	UNIQUE (override_ref), 
	UNIQUE (previous_hash), 
	UNIQUE (row_hash)
);
INSERT INTO "score_overrides" VALUES(1,'override-a494135e','T1','H1',1,2,'not_supplied','An invented rationale that is long enough to be read by somebody else later on. An invented rationale that is long enough to be read by somebody else later on. An invented rationale that is long enough to be read by somebody else later on.','invented minutes 4','invented analyst','2026-11-30T10:05:53.480545Z','2027-06-30','0000000000000000000000000000000000000000000000000000000000000000','e6ad73d6118c8ff5e62bbd262db7282bb393802b10c2017ebc46aafb8eaf5bbe');
CREATE INDEX decisions_of_pair ON link_decisions (person_key_l, person_key_r);
CREATE TRIGGER events_update before update on events begin select raise(abort, 'events is append-only'); end;
CREATE TRIGGER events_delete before delete on events begin select raise(abort, 'events is append-only'); end;
CREATE TRIGGER link_decisions_update before update on link_decisions begin select raise(abort, 'link_decisions is append-only'); end;
CREATE TRIGGER link_decisions_delete before delete on link_decisions begin select raise(abort, 'link_decisions is append-only'); end;
CREATE TRIGGER access_log_update before update on access_log begin select raise(abort, 'access_log is append-only'); end;
CREATE TRIGGER access_log_delete before delete on access_log begin select raise(abort, 'access_log is append-only'); end;
CREATE TRIGGER score_overrides_update before update on score_overrides begin select raise(abort, 'score_overrides is append-only'); end;
CREATE TRIGGER score_overrides_delete before delete on score_overrides begin select raise(abort, 'score_overrides is append-only'); end;
CREATE TRIGGER override_decisions_update before update on override_decisions begin select raise(abort, 'override_decisions is append-only'); end;
CREATE TRIGGER override_decisions_delete before delete on override_decisions begin select raise(abort, 'override_decisions is append-only'); end;
CREATE TRIGGER scheme_changes_update before update on scheme_changes begin select raise(abort, 'scheme_changes is append-only'); end;
CREATE TRIGGER scheme_changes_delete before delete on scheme_changes begin select raise(abort, 'scheme_changes is append-only'); end;
CREATE TRIGGER register_rows_update before update on register_rows begin select raise(abort, 'register_rows is append-only'); end;
CREATE TRIGGER register_rows_delete before delete on register_rows begin select raise(abort, 'register_rows is append-only'); end;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',13);
COMMIT;
