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
CREATE TABLE access_log_head (
	log_name VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (log_name)
);
INSERT INTO "access_log_head" VALUES('processing_log',49,'89fe101814e0b59346207cdbf4a10bb8c83d5fa9754ae0341949cf704dd2c5d0');
INSERT INTO "access_log_head" VALUES('score_overrides',1,'b6fbabe9a3b050549f949a8f5f51fd2380489b7be9803e5ce7a4f7dc2c9ea48c');
INSERT INTO "access_log_head" VALUES('override_decisions',1,'906df3cfa91743258e8f1196afba7a458ae6e4c26f591ac7e3760539313a6543');
INSERT INTO "access_log_head" VALUES('scheme_changes',1,'f63fbd01a39ec954b8b03e6f2569a037adbb25f925b12981a958da8fcd745391');
INSERT INTO "access_log_head" VALUES('account_changes',1,'d7186f7db1a5e3762d0fbd7797bee6b5c6c191709813fd19534ec9904511d7b5');
CREATE TABLE account_changes (
	sequence INTEGER NOT NULL, 
	identity VARCHAR NOT NULL, 
	roles VARCHAR NOT NULL, 
	is_disabled INTEGER NOT NULL, 
	ends_sign_ins INTEGER NOT NULL, 
	changed_by VARCHAR NOT NULL, 
	changed_at VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence), 
	UNIQUE (previous_hash), 
	UNIQUE (row_hash)
);
INSERT INTO "account_changes" VALUES(1,'an.analyst@force.invented','["analyst"]',0,0,'Invented Admin','2026-11-30T10:25:58.807777Z','joined','0000000000000000000000000000000000000000000000000000000000000000','d7186f7db1a5e3762d0fbd7797bee6b5c6c191709813fd19534ec9904511d7b5');
CREATE TABLE assessment_themes (
	assessment_ref VARCHAR NOT NULL, 
	theme_code VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	as_of_date VARCHAR NOT NULL, 
	scheme_version INTEGER NOT NULL, 
	scheme_hash VARCHAR NOT NULL, 
	manifest_hash VARCHAR NOT NULL, 
	risk DOUBLE NOT NULL, 
	rank INTEGER, 
	rank_low INTEGER, 
	rank_high INTEGER, 
	override_count INTEGER NOT NULL, 
	issued_at VARCHAR NOT NULL, 
	issued_by VARCHAR NOT NULL, 
	PRIMARY KEY (assessment_ref, theme_code)
);
CREATE TABLE audit_assignments (
	sample_ref VARCHAR NOT NULL, 
	rater_role VARCHAR NOT NULL, 
	rater_ref VARCHAR NOT NULL, 
	assigned_at VARCHAR NOT NULL, 
	PRIMARY KEY (sample_ref, rater_role), 
	CONSTRAINT known_rater_role CHECK (rater_role in ('first', 'second', 'fcr')), 
	FOREIGN KEY(sample_ref) REFERENCES audit_samples (sample_ref)
);
CREATE TABLE audit_cycles (
	cycle_ref VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	question VARCHAR NOT NULL, 
	period_from VARCHAR NOT NULL, 
	period_to VARCHAR NOT NULL, 
	registrar VARCHAR NOT NULL, 
	created_at VARCHAR NOT NULL, 
	created_by VARCHAR NOT NULL, 
	frame_hash VARCHAR, 
	frozen_at VARCHAR, 
	seed INTEGER, 
	drawn_at VARCHAR, 
	signed_off_at VARCHAR, 
	signed_off_by VARCHAR, 
	learning VARCHAR, 
	reaudit_due VARCHAR, 
	PRIMARY KEY (cycle_ref)
);
CREATE TABLE audit_drafts (
	sample_ref VARCHAR NOT NULL, 
	rater_role VARCHAR NOT NULL, 
	rater_ref VARCHAR NOT NULL, 
	answers VARCHAR NOT NULL, 
	PRIMARY KEY (sample_ref, rater_role, rater_ref), 
	CONSTRAINT known_rater_role CHECK (rater_role in ('first', 'second', 'fcr')), 
	FOREIGN KEY(sample_ref) REFERENCES audit_samples (sample_ref)
);
CREATE TABLE audit_estimates (
	cycle_ref VARCHAR NOT NULL, 
	round INTEGER NOT NULL, 
	metric VARCHAR NOT NULL, 
	stratum VARCHAR NOT NULL, 
	strata VARCHAR NOT NULL, 
	population INTEGER NOT NULL, 
	passed DOUBLE, 
	rated DOUBLE NOT NULL, 
	not_evaluable INTEGER NOT NULL, 
	share DOUBLE, 
	lower DOUBLE, 
	upper DOUBLE, 
	method VARCHAR NOT NULL, 
	caveat VARCHAR NOT NULL, 
	made_at VARCHAR NOT NULL, 
	PRIMARY KEY (cycle_ref, round, metric, stratum), 
	FOREIGN KEY(cycle_ref) REFERENCES audit_cycles (cycle_ref)
);
CREATE TABLE audit_findings (
	finding_ref VARCHAR NOT NULL, 
	sample_ref VARCHAR NOT NULL, 
	category VARCHAR NOT NULL, 
	rule_code VARCHAR NOT NULL, 
	severity VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	due_date VARCHAR NOT NULL, 
	words VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	fixed_at VARCHAR, 
	fixed_ref VARCHAR, 
	revision INTEGER NOT NULL, 
	PRIMARY KEY (finding_ref), 
	FOREIGN KEY(sample_ref) REFERENCES audit_samples (sample_ref)
);
CREATE TABLE audit_frames (
	cycle_ref VARCHAR NOT NULL, 
	unit_type VARCHAR NOT NULL, 
	unit_ref VARCHAR NOT NULL, 
	stratum VARCHAR NOT NULL, 
	report_ref VARCHAR NOT NULL, 
	month VARCHAR NOT NULL, 
	class_code VARCHAR, 
	ho_code VARCHAR, 
	linked_refs VARCHAR, 
	phrases VARCHAR, 
	recorded_outcome_code VARCHAR, 
	PRIMARY KEY (cycle_ref, unit_type, unit_ref), 
	CONSTRAINT known_unit_type CHECK (unit_type in ('crime', 'incident')), 
	FOREIGN KEY(cycle_ref) REFERENCES audit_cycles (cycle_ref)
);
CREATE TABLE audit_ratings (
	rating_ref VARCHAR NOT NULL, 
	sample_ref VARCHAR NOT NULL, 
	rater_ref VARCHAR NOT NULL, 
	rater_role VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	rated_at VARCHAR NOT NULL, 
	crimes_required INTEGER, 
	crimes_recorded INTEGER, 
	class_correct VARCHAR, 
	sub_offence_correct VARCHAR, 
	within_24h VARCHAR, 
	conduct_seen VARCHAR, 
	relationship_correct VARCHAR, 
	flags_correct VARCHAR, 
	risk_assessed VARCHAR, 
	victim_informed VARCHAR, 
	included_complete VARCHAR, 
	removal_right VARCHAR, 
	outcome_code_due VARCHAR, 
	outcome_correct VARCHAR, 
	evidence_note VARCHAR NOT NULL, 
	result VARCHAR NOT NULL, 
	PRIMARY KEY (rating_ref), 
	UNIQUE (sample_ref, rater_ref, rater_role, revision), 
	UNIQUE (sample_ref, rater_role, revision), 
	CONSTRAINT known_rater_role CHECK (rater_role in ('first', 'second', 'fcr')), 
	CONSTRAINT known_result CHECK (result in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_class_correct CHECK (class_correct in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_sub_offence_correct CHECK (sub_offence_correct in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_within_24h CHECK (within_24h in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_conduct_seen CHECK (conduct_seen in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_relationship_correct CHECK (relationship_correct in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_flags_correct CHECK (flags_correct in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_risk_assessed CHECK (risk_assessed in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_victim_informed CHECK (victim_informed in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_included_complete CHECK (included_complete in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	CONSTRAINT known_removal_right CHECK (removal_right in ('pass', 'fail', 'unsure', 'not_evaluable')), 
	FOREIGN KEY(sample_ref) REFERENCES audit_samples (sample_ref)
);
CREATE TABLE audit_samples (
	sample_ref VARCHAR NOT NULL, 
	cycle_ref VARCHAR NOT NULL, 
	stratum VARCHAR NOT NULL, 
	unit_type VARCHAR NOT NULL, 
	unit_ref VARCHAR NOT NULL, 
	draw_number INTEGER NOT NULL, 
	is_second_random INTEGER NOT NULL, 
	PRIMARY KEY (sample_ref), 
	UNIQUE (cycle_ref, unit_type, unit_ref), 
	FOREIGN KEY(cycle_ref) REFERENCES audit_cycles (cycle_ref)
);
CREATE TABLE audit_strata (
	cycle_ref VARCHAR NOT NULL, 
	stratum VARCHAR NOT NULL, 
	unit_count INTEGER NOT NULL, 
	expected_share DOUBLE, 
	wanted_margin DOUBLE, 
	required_count INTEGER, 
	drawn_count INTEGER, 
	PRIMARY KEY (cycle_ref, stratum), 
	FOREIGN KEY(cycle_ref) REFERENCES audit_cycles (cycle_ref)
);
CREATE TABLE digests (
	name VARCHAR NOT NULL, 
	sent_at VARCHAR NOT NULL, 
	lines VARCHAR NOT NULL, 
	PRIMARY KEY (name, sent_at)
);
CREATE TABLE events (
	event_number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	happened_at VARCHAR NOT NULL, 
	actor VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject_type VARCHAR NOT NULL, 
	subject_ref VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL
);
INSERT INTO "events" VALUES(1,'2026-11-30T10:25:58.159810Z','invented reader','pair taken','pair','INV-P00000000 INV-P00000001','{"role": "first"}');
INSERT INTO "events" VALUES(2,'2026-11-30T10:25:58.204267Z','invented reader','link decided','pair','4cc87daec8164d6e8f3076c542da4c25','{"pair": ["INV-P00000000", "INV-P00000001"], "reason": "numbers_agree", "revision": 1, "role": "first", "verdict": "same"}');
INSERT INTO "events" VALUES(3,'2026-11-30T10:25:58.255276Z','another reader','pair taken','pair','INV-P00000000 INV-P00000001','{"role": "second"}');
INSERT INTO "events" VALUES(4,'2026-11-30T10:25:58.270382Z','another reader','link decided','pair','70d9d24a119b42e3b12484afa2a73ff9','{"pair": ["INV-P00000000", "INV-P00000001"], "reason": "numbers_agree", "revision": 1, "role": "second", "verdict": "same"}');
INSERT INTO "events" VALUES(5,'2026-11-30T10:25:58.292276Z','invented reader','pair taken','pair','INV-P00000002 INV-P00000003','{"role": "first"}');
INSERT INTO "events" VALUES(6,'2026-11-30T10:25:58.312073Z','invented reader','link decided','pair','19c49d801df549989ac8a6d96c335a76','{"pair": ["INV-P00000002", "INV-P00000003"], "reason": "relatives", "revision": 1, "role": "first", "verdict": "different"}');
INSERT INTO "events" VALUES(7,'2026-11-30T10:25:58.342360Z','another reader','pair taken','pair','INV-P00000002 INV-P00000003','{"role": "second"}');
INSERT INTO "events" VALUES(8,'2026-11-30T10:25:58.356701Z','another reader','link decided','pair','e652459a399546a89fada8978368948e','{"pair": ["INV-P00000002", "INV-P00000003"], "reason": "relatives", "revision": 1, "role": "second", "verdict": "different"}');
INSERT INTO "events" VALUES(9,'2026-11-30T10:25:58.393513Z','invented analyst','override proposed','override','override-ee55561a','{"part": "H1", "theme": "T1"}');
INSERT INTO "events" VALUES(10,'2026-11-30T10:25:58.429939Z','invented chief','override approved','override','override-ee55561a','{"words": 16}');
INSERT INTO "events" VALUES(11,'2026-11-30T10:25:58.465855Z','invented chief','scheme changed','scheme version','2','{"key": "invented.key", "subject": "weight"}');
INSERT INTO "events" VALUES(12,'2026-11-30T10:25:58.508641Z','invented analyst','register entry kept','register entry','recommendations-95173251','{"register": "recommendations", "revision": 1}');
INSERT INTO "events" VALUES(13,'2026-11-30T10:25:58.535068Z','invented analyst','register entry kept','register entry','recommendations-95173251','{"register": "recommendations", "revision": 2}');
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
INSERT INTO "link_assignments" VALUES('INV-P00000000','INV-P00000001','first','invented reader','2026-11-30T10:25:58.144042Z');
INSERT INTO "link_assignments" VALUES('INV-P00000000','INV-P00000001','second','another reader','2026-11-30T10:25:58.254745Z');
INSERT INTO "link_assignments" VALUES('INV-P00000002','INV-P00000003','first','invented reader','2026-11-30T10:25:58.291844Z');
INSERT INTO "link_assignments" VALUES('INV-P00000002','INV-P00000003','second','another reader','2026-11-30T10:25:58.341979Z');
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
INSERT INTO "link_decisions" VALUES('4cc87daec8164d6e8f3076c542da4c25','INV-P00000000','INV-P00000001','invented reader','first',1,'2026-11-30T10:25:58.202552Z','same','numbers_agree',1);
INSERT INTO "link_decisions" VALUES('70d9d24a119b42e3b12484afa2a73ff9','INV-P00000000','INV-P00000001','another reader','second',1,'2026-11-30T10:25:58.269816Z','same','numbers_agree',1);
INSERT INTO "link_decisions" VALUES('19c49d801df549989ac8a6d96c335a76','INV-P00000002','INV-P00000003','invented reader','first',1,'2026-11-30T10:25:58.311611Z','different','relatives',1);
INSERT INTO "link_decisions" VALUES('e652459a399546a89fada8978368948e','INV-P00000002','INV-P00000003','another reader','second',1,'2026-11-30T10:25:58.356409Z','different','relatives',1);
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
INSERT INTO "override_decisions" VALUES(1,'override-ee55561a','approved','invented chief','agreed, invented','2026-11-30T10:25:58.415946Z','0000000000000000000000000000000000000000000000000000000000000000','906df3cfa91743258e8f1196afba7a458ae6e4c26f591ac7e3760539313a6543');
CREATE TABLE panel_actions (
	action_ref VARCHAR NOT NULL, 
	panel_ref VARCHAR NOT NULL, 
	case_ref VARCHAR NOT NULL, 
	finding VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	due_date VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	done_at VARCHAR, 
	done_words VARCHAR, 
	revision INTEGER NOT NULL, 
	PRIMARY KEY (action_ref), 
	FOREIGN KEY(panel_ref) REFERENCES panel_samples (panel_ref)
);
CREATE TABLE panel_answers (
	panel_ref VARCHAR NOT NULL, 
	case_ref VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	answers VARCHAR NOT NULL, 
	overall VARCHAR NOT NULL, 
	comment VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	PRIMARY KEY (panel_ref, case_ref, revision), 
	CONSTRAINT known_overall CHECK (overall in ('appropriate', 'observations', 'inconsistent', 'no_agreement'))
);
CREATE TABLE panel_cases (
	panel_ref VARCHAR NOT NULL, 
	case_ref VARCHAR NOT NULL, 
	crime_ref VARCHAR NOT NULL, 
	stratum VARCHAR NOT NULL, 
	draw_number INTEGER NOT NULL, 
	facts VARCHAR NOT NULL, 
	PRIMARY KEY (panel_ref, case_ref), 
	UNIQUE (panel_ref, crime_ref), 
	FOREIGN KEY(panel_ref) REFERENCES panel_samples (panel_ref)
);
CREATE TABLE panel_frames (
	panel_ref VARCHAR NOT NULL, 
	crime_ref VARCHAR NOT NULL, 
	stratum VARCHAR NOT NULL, 
	PRIMARY KEY (panel_ref, crime_ref), 
	FOREIGN KEY(panel_ref) REFERENCES panel_samples (panel_ref)
);
CREATE TABLE panel_samples (
	panel_ref VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	period_from VARCHAR NOT NULL, 
	period_to VARCHAR NOT NULL, 
	seed INTEGER NOT NULL, 
	frame_hash VARCHAR NOT NULL, 
	settings VARCHAR NOT NULL, 
	questions VARCHAR NOT NULL, 
	pseudonym_key VARCHAR NOT NULL, 
	drawn_at VARCHAR NOT NULL, 
	drawn_by VARCHAR NOT NULL, 
	PRIMARY KEY (panel_ref)
);
CREATE TABLE processing_log (
	sequence INTEGER NOT NULL, 
	logged_at VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	who VARCHAR NOT NULL, 
	who_kind VARCHAR NOT NULL, 
	audience VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	record_count INTEGER, 
	recipient VARCHAR NOT NULL, 
	purpose VARCHAR NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence), 
	CONSTRAINT known_kind CHECK (kind in ('collection', 'alteration', 'consultation', 'disclosure', 'combination', 'erasure')), 
	CONSTRAINT known_purpose CHECK (purpose in ('', 'investigation', 'management', 'audit', 'assessment', 'lawfulness', 'retention', 'administration')), 
	UNIQUE (previous_hash), 
	UNIQUE (row_hash)
);
INSERT INTO "processing_log" VALUES(1,'2026-11-30T10:21:04.143951Z','collection','command line; server account root','not signed in','integrity','stra build','referrals: commissioning/referrals.csv',1585,'','','0000000000000000000000000000000000000000000000000000000000000000','c5e9eafd187db4df317ad00f991609b68a616acd62e46966614332372d8ef78c');
INSERT INTO "processing_log" VALUES(2,'2026-11-30T10:21:04.197882Z','collection','command line; server account root','not signed in','integrity','stra build','allocation: force/allocation.csv',3000,'','','c5e9eafd187db4df317ad00f991609b68a616acd62e46966614332372d8ef78c','9b3e060425115b2a2e36791546203e244179f520da708ffc378d51c894847061');
INSERT INTO "processing_log" VALUES(3,'2026-11-30T10:21:04.200840Z','collection','command line; server account root','not signed in','integrity','stra build','bail: force/bail.csv',1652,'','','9b3e060425115b2a2e36791546203e244179f520da708ffc378d51c894847061','8a9d146e03fab43672c694b37f1f004cce991258911eb7e671126c67cc0d9d61');
INSERT INTO "processing_log" VALUES(4,'2026-11-30T10:21:04.450611Z','collection','command line; server account root','not signed in','integrity','stra build','case_file: force/case_file.csv',2440,'','','8a9d146e03fab43672c694b37f1f004cce991258911eb7e671126c67cc0d9d61','28066d179a66b419713d36f7f53b61d0c6d6d45684c062faa0951854daa8fa4d');
INSERT INTO "processing_log" VALUES(5,'2026-11-30T10:21:04.451438Z','collection','command line; server account root','not signed in','integrity','stra build','classification_history: force/classification_history.csv',64,'','','28066d179a66b419713d36f7f53b61d0c6d6d45684c062faa0951854daa8fa4d','2409f82ec329fe46d122bfaa5266867847707fe585d528a75187798c20675653');
INSERT INTO "processing_log" VALUES(6,'2026-11-30T10:21:04.452103Z','collection','command line; server account root','not signed in','integrity','stra build','cps_submission: force/cps_submission.csv',346,'','','2409f82ec329fe46d122bfaa5266867847707fe585d528a75187798c20675653','37929ba37576f71ba29bae748e66350c9b0c620c5806860e69e893be7b434225');
INSERT INTO "processing_log" VALUES(7,'2026-11-30T10:21:04.452787Z','collection','command line; server account root','not signed in','integrity','stra build','crime: force/crime.csv',3000,'','','37929ba37576f71ba29bae748e66350c9b0c620c5806860e69e893be7b434225','d3406885166de111b1b2c253e6ab984c672006087b0835a00c8c25cac3e9a028');
INSERT INTO "processing_log" VALUES(8,'2026-11-30T10:21:04.506560Z','collection','command line; server account root','not signed in','integrity','stra build','crime_flag: force/crime_flag.csv',2044,'','','d3406885166de111b1b2c253e6ab984c672006087b0835a00c8c25cac3e9a028','8b5547d68ab3c5e1d6aae2020fc0709330df602409e9c634ada182b589c6744b');
INSERT INTO "processing_log" VALUES(9,'2026-11-30T10:21:04.507513Z','collection','command line; server account root','not signed in','integrity','stra build','crime_link: force/crime_link.csv',4191,'','','8b5547d68ab3c5e1d6aae2020fc0709330df602409e9c634ada182b589c6744b','2503e5592742c4e3ed499b3a4b2a88efa04db903668c6ea786091886496f97e1');
INSERT INTO "processing_log" VALUES(10,'2026-11-30T10:21:04.508200Z','collection','command line; server account root','not signed in','integrity','stra build','custody: force/custody.csv',2738,'','','2503e5592742c4e3ed499b3a4b2a88efa04db903668c6ea786091886496f97e1','0e2604709598a3e8a130760184bc5249b7242559cbca634a2c3e31d048a2982e');
INSERT INTO "processing_log" VALUES(11,'2026-11-30T10:21:04.508878Z','collection','command line; server account root','not signed in','integrity','stra build','incident: force/incident.csv',3516,'','','0e2604709598a3e8a130760184bc5249b7242559cbca634a2c3e31d048a2982e','47a2d7394891e19a84f55025cf097fec0038d0b4e2b1186136f3f1462900301c');
INSERT INTO "processing_log" VALUES(12,'2026-11-30T10:21:04.570361Z','collection','command line; server account root','not signed in','integrity','stra build','included_classification: force/included_classification.csv',9,'','','47a2d7394891e19a84f55025cf097fec0038d0b4e2b1186136f3f1462900301c','c29bc30db02d2804599047f778da068f93f7ca9959fdff5d736295a5aa76f2d9');
INSERT INTO "processing_log" VALUES(13,'2026-11-30T10:21:04.571358Z','collection','command line; server account root','not signed in','integrity','stra build','investigator: force/investigator.csv',217,'','','c29bc30db02d2804599047f778da068f93f7ca9959fdff5d736295a5aa76f2d9','8ad1e36187729d71def5af0f611b50f52dce8676ee1f3989e0f837bd1dcbc96b');
INSERT INTO "processing_log" VALUES(14,'2026-11-30T10:21:04.572065Z','collection','command line; server account root','not signed in','integrity','stra build','investigator_absence: force/investigator_absence.csv',59,'','','8ad1e36187729d71def5af0f611b50f52dce8676ee1f3989e0f837bd1dcbc96b','4b3abb0c6d6eb5fc59ff57b0b69105ad8f31eb8afa382e03f390b5c7215e3350');
INSERT INTO "processing_log" VALUES(15,'2026-11-30T10:21:04.572718Z','collection','command line; server account root','not signed in','integrity','stra build','line_of_enquiry: force/line_of_enquiry.csv',3746,'','','4b3abb0c6d6eb5fc59ff57b0b69105ad8f31eb8afa382e03f390b5c7215e3350','867a39d7c436b867cc7bd895f6ccdef1f6ca91d4ce5469179d04b9b7c31c411e');
INSERT INTO "processing_log" VALUES(16,'2026-11-30T10:21:04.610013Z','collection','command line; server account root','not signed in','integrity','stra build','management: force/management.csv',160,'','','867a39d7c436b867cc7bd895f6ccdef1f6ca91d4ce5469179d04b9b7c31c411e','c240eb5009d69c078a1bec595e8996ffce447b9cecf57dd6e06683000d32fffc');
INSERT INTO "processing_log" VALUES(17,'2026-11-30T10:21:04.612809Z','collection','command line; server account root','not signed in','integrity','stra build','notice: force/notice.csv',9,'','','c240eb5009d69c078a1bec595e8996ffce447b9cecf57dd6e06683000d32fffc','f1334154a571662a6b26dc014078bc7a946d64501c7af7c174526c4550c6439a');
INSERT INTO "processing_log" VALUES(18,'2026-11-30T10:21:04.613644Z','collection','command line; server account root','not signed in','integrity','stra build','order_: force/order_.csv',842,'','','f1334154a571662a6b26dc014078bc7a946d64501c7af7c174526c4550c6439a','d257e423f1933a420032776dc8aef39fc1dd54920b0a637655823f078adbc45f');
INSERT INTO "processing_log" VALUES(19,'2026-11-30T10:21:04.614311Z','collection','command line; server account root','not signed in','integrity','stra build','order_breach: force/order_breach.csv',58,'','','d257e423f1933a420032776dc8aef39fc1dd54920b0a637655823f078adbc45f','03d59c8cf1133ac18fdacd0056cea1a2eee4b8da2806f2e3cb9af0339f0a06e6');
INSERT INTO "processing_log" VALUES(20,'2026-11-30T10:21:04.615416Z','collection','command line; server account root','not signed in','integrity','stra build','outcome: force/outcome.csv',5724,'','','03d59c8cf1133ac18fdacd0056cea1a2eee4b8da2806f2e3cb9af0339f0a06e6','20d8b7dc96d406de4c29c0d93fb101b8897eddd9cdff6a04301487adab1f38ba');
INSERT INTO "processing_log" VALUES(21,'2026-11-30T10:21:04.616137Z','collection','command line; server account root','not signed in','integrity','stra build','pair: force/pair.csv',2308,'','','20d8b7dc96d406de4c29c0d93fb101b8897eddd9cdff6a04301487adab1f38ba','ce86826d2dbfae84983e5a9cf5232ff72ac22aa5c90c4bda5f691d7898edffbb');
INSERT INTO "processing_log" VALUES(22,'2026-11-30T10:21:04.616799Z','collection','command line; server account root','not signed in','integrity','stra build','party_role: force/party_role.csv',6254,'','','ce86826d2dbfae84983e5a9cf5232ff72ac22aa5c90c4bda5f691d7898edffbb','219f5611ed9a890a57215c53e3a660295ab0611ee11d1b0109dcb657ce0d0122');
INSERT INTO "processing_log" VALUES(23,'2026-11-30T10:21:04.642098Z','collection','command line; server account root','not signed in','integrity','stra build','person: force/person.csv',4871,'','','219f5611ed9a890a57215c53e3a660295ab0611ee11d1b0109dcb657ce0d0122','86977060179d068c375a962cc6e34b9cc34c656c8d5898612e526febe65645d4');
INSERT INTO "processing_log" VALUES(24,'2026-11-30T10:21:04.663217Z','collection','command line; server account root','not signed in','integrity','stra build','referral: force/referral.csv',1585,'','','86977060179d068c375a962cc6e34b9cc34c656c8d5898612e526febe65645d4','8f6451ae030ada14412919ee1b91acf61b90dc09ff62c6e1a9f3c4bbffd87d57');
INSERT INTO "processing_log" VALUES(25,'2026-11-30T10:21:04.664587Z','collection','command line; server account root','not signed in','integrity','stra build','removal: force/removal.csv',65,'','','8f6451ae030ada14412919ee1b91acf61b90dc09ff62c6e1a9f3c4bbffd87d57','9e57528aa616b1a9dd7476d72dc7f95ee153b15e8166887635bee558bee546bf');
INSERT INTO "processing_log" VALUES(26,'2026-11-30T10:21:04.689322Z','collection','command line; server account root','not signed in','integrity','stra build','review: force/review.csv',8776,'','','9e57528aa616b1a9dd7476d72dc7f95ee153b15e8166887635bee558bee546bf','771600c640dc6c374452c9cb91dcdad4576a54a17986d64b2e7e78dde720de93');
INSERT INTO "processing_log" VALUES(27,'2026-11-30T10:21:04.690745Z','collection','command line; server account root','not signed in','integrity','stra build','risk_assessment: force/risk_assessment.csv',7632,'','','771600c640dc6c374452c9cb91dcdad4576a54a17986d64b2e7e78dde720de93','6d47a55c5980afa9770525715fcba656c0b43a8976416f555c4f760266c150f6');
INSERT INTO "processing_log" VALUES(28,'2026-11-30T10:21:04.691469Z','collection','command line; server account root','not signed in','integrity','stra build','risk_plan: force/risk_plan.csv',837,'','','6d47a55c5980afa9770525715fcba656c0b43a8976416f555c4f760266c150f6','a5be009384e29a77596d20ec4b2ba2fe47a9dac1821220651b05c39be9a7ab28');
INSERT INTO "processing_log" VALUES(29,'2026-11-30T10:21:04.692104Z','collection','command line; server account root','not signed in','integrity','stra build','victim_contact: force/victim_contact.csv',15155,'','','a5be009384e29a77596d20ec4b2ba2fe47a9dac1821220651b05c39be9a7ab28','cced8a1e7a8a62cfa39e0a5d4f1050d821bcf2973028160a424247fe16975aa9');
INSERT INTO "processing_log" VALUES(30,'2026-11-30T10:21:04.692736Z','collection','command line; server account root','not signed in','integrity','stra build','victim_engagement: force/victim_engagement.csv',1085,'','','cced8a1e7a8a62cfa39e0a5d4f1050d821bcf2973028160a424247fe16975aa9','1abfb1ba44c1aa2524cc96e3354d36b8e00c8b6a629f634caa730045271f9046');
INSERT INTO "processing_log" VALUES(31,'2026-11-30T10:21:13.441821Z','collection','command line; server account root','not signed in','integrity','stra build','person_identity: force/person_identity.csv',NULL,'','','1abfb1ba44c1aa2524cc96e3354d36b8e00c8b6a629f634caa730045271f9046','e64e85c1fa8d59e829997da8dec1dc765c5ee0768a0602734faee4f137c2fa8f');
INSERT INTO "processing_log" VALUES(32,'2026-11-30T10:22:32.745839Z','combination','command line; server account root','not signed in','integrity','stra build','linkage (full): records linked as 4589 people',4761,'','','e64e85c1fa8d59e829997da8dec1dc765c5ee0768a0602734faee4f137c2fa8f','424c7a93623b199283fec08d97f280c1fe4a3c2d49530f9d9e9733ce314dbcbe');
INSERT INTO "processing_log" VALUES(33,'2026-11-30T10:25:58.170255Z','alteration','invented reader','named in the decision','','casework','pair taken: pair INV-P00000000 INV-P00000001',NULL,'','','424c7a93623b199283fec08d97f280c1fe4a3c2d49530f9d9e9733ce314dbcbe','221c5988baa2b5ef9145ef045f613346b03256051dc6d38253c15d8b0d6c05ba');
INSERT INTO "processing_log" VALUES(34,'2026-11-30T10:25:58.204777Z','combination','invented reader','named in the decision','','casework','link decided: pair 4cc87daec8164d6e8f3076c542da4c25',NULL,'','','221c5988baa2b5ef9145ef045f613346b03256051dc6d38253c15d8b0d6c05ba','0925517ded339383b36f175d9f96d16664791a03f6152cd533bbb4112c20a0b7');
INSERT INTO "processing_log" VALUES(35,'2026-11-30T10:25:58.255720Z','alteration','another reader','named in the decision','','casework','pair taken: pair INV-P00000000 INV-P00000001',NULL,'','','0925517ded339383b36f175d9f96d16664791a03f6152cd533bbb4112c20a0b7','ca9b2b6b3c11fb7b85d27a5b6fa0e232b40a6d4098ff9562c45c449885ac895f');
INSERT INTO "processing_log" VALUES(36,'2026-11-30T10:25:58.270776Z','combination','another reader','named in the decision','','casework','link decided: pair 70d9d24a119b42e3b12484afa2a73ff9',NULL,'','','ca9b2b6b3c11fb7b85d27a5b6fa0e232b40a6d4098ff9562c45c449885ac895f','600f92510f373e86587195bb807698fdfba60f7cf1f323c97ed3cb839a4a9e86');
INSERT INTO "processing_log" VALUES(37,'2026-11-30T10:25:58.292684Z','alteration','invented reader','named in the decision','','casework','pair taken: pair INV-P00000002 INV-P00000003',NULL,'','','600f92510f373e86587195bb807698fdfba60f7cf1f323c97ed3cb839a4a9e86','2b2a6cad7f438c5f211399051569fed8b5e21951965d3f61a4476d48ba3b0629');
INSERT INTO "processing_log" VALUES(38,'2026-11-30T10:25:58.312436Z','combination','invented reader','named in the decision','','casework','link decided: pair 19c49d801df549989ac8a6d96c335a76',NULL,'','','2b2a6cad7f438c5f211399051569fed8b5e21951965d3f61a4476d48ba3b0629','7bcaaca7aa392ffcef30a4d13fbc1a6f08991d20d38108e2ae65caa4de47680c');
INSERT INTO "processing_log" VALUES(39,'2026-11-30T10:25:58.342759Z','alteration','another reader','named in the decision','','casework','pair taken: pair INV-P00000002 INV-P00000003',NULL,'','','7bcaaca7aa392ffcef30a4d13fbc1a6f08991d20d38108e2ae65caa4de47680c','622fa564f0f36ed412521b2d598f75a2965fff38ab0dce66ea3be3a70387bbd2');
INSERT INTO "processing_log" VALUES(40,'2026-11-30T10:25:58.356954Z','combination','another reader','named in the decision','','casework','link decided: pair e652459a399546a89fada8978368948e',NULL,'','','622fa564f0f36ed412521b2d598f75a2965fff38ab0dce66ea3be3a70387bbd2','043fc928fddea3ef17d229b5896048eff18e33ed2f97bbf2b061f8ddd8707f54');
INSERT INTO "processing_log" VALUES(41,'2026-11-30T10:25:58.393911Z','alteration','invented analyst','named in the decision','','casework','override proposed: override override-ee55561a',NULL,'','','043fc928fddea3ef17d229b5896048eff18e33ed2f97bbf2b061f8ddd8707f54','4bbbf8502447d298a70f4c1b5ec26a04dde869ad82a6c3193c56310dc7e46342');
INSERT INTO "processing_log" VALUES(42,'2026-11-30T10:25:58.430221Z','alteration','invented chief','named in the decision','','casework','override approved: override override-ee55561a',NULL,'','','4bbbf8502447d298a70f4c1b5ec26a04dde869ad82a6c3193c56310dc7e46342','803a026c4761d12fc306dc97db6b64ab95dbce695b1e2116a0fe61fa86a0c465');
INSERT INTO "processing_log" VALUES(43,'2026-11-30T10:25:58.466125Z','alteration','invented chief','named in the decision','','casework','scheme changed: scheme version 2',NULL,'','','803a026c4761d12fc306dc97db6b64ab95dbce695b1e2116a0fe61fa86a0c465','9b4bbfd8ec69985856174385ff54d6fb9bdf8dac8f42ef465e87ee1cb5cad675');
INSERT INTO "processing_log" VALUES(44,'2026-11-30T10:25:58.508895Z','alteration','invented analyst','named in the decision','','casework','register entry kept: register entry recommendations-95173251',NULL,'','','9b4bbfd8ec69985856174385ff54d6fb9bdf8dac8f42ef465e87ee1cb5cad675','d7cb7953afef92a480871e24c7b7fe109e81d339f570532e258082d5447e6d3d');
INSERT INTO "processing_log" VALUES(45,'2026-11-30T10:25:58.535273Z','alteration','invented analyst','named in the decision','','casework','register entry kept: register entry recommendations-95173251',NULL,'','','d7cb7953afef92a480871e24c7b7fe109e81d339f570532e258082d5447e6d3d','a702f18def951f3c2f40749eee809a993d9ee50b41062c9f82e0c48bbc8de8d7');
INSERT INTO "processing_log" VALUES(46,'2026-11-30T10:25:58.557830Z','consultation','Invented Viewer','signed in','integrity','people_to_look_at','person P1',1,'','','a702f18def951f3c2f40749eee809a993d9ee50b41062c9f82e0c48bbc8de8d7','305b6037fedae5ce864bffa10b4078aaa1f2efb767a33bb9018de4856ece08aa');
INSERT INTO "processing_log" VALUES(47,'2026-11-30T10:25:58.570002Z','consultation','Invented Viewer','signed in','integrity','people_to_look_at','person P2',1,'','','305b6037fedae5ce864bffa10b4078aaa1f2efb767a33bb9018de4856ece08aa','a15c54c09da3acee89a08a04c10b7d88f8751f30a08651c2b224e22fe252740a');
INSERT INTO "processing_log" VALUES(48,'2026-11-30T10:26:28.397632Z','collection','command line; server account root','not signed in','integrity','stra build','person_identity: force/person_identity.csv',NULL,'','','a15c54c09da3acee89a08a04c10b7d88f8751f30a08651c2b224e22fe252740a','79f3ff3057e8ce6cf809652944797d67530f30308d15297ab988eb8a74108261');
INSERT INTO "processing_log" VALUES(49,'2026-11-30T10:26:34.702907Z','combination','command line; server account root','not signed in','integrity','stra build','linkage (increment): records linked as 4588 people',4761,'','','79f3ff3057e8ce6cf809652944797d67530f30308d15297ab988eb8a74108261','89fe101814e0b59346207cdbf4a10bb8c83d5fa9754ae0341949cf704dd2c5d0');
CREATE TABLE record_corrections (
	rule_code VARCHAR NOT NULL, 
	record_type VARCHAR NOT NULL, 
	record_ref VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	due_date VARCHAR NOT NULL, 
	words VARCHAR NOT NULL, 
	changed_by VARCHAR NOT NULL, 
	changed_at VARCHAR NOT NULL, 
	PRIMARY KEY (rule_code, record_type, record_ref, revision), 
	CONSTRAINT known_status CHECK (status in ('assigned', 'disputed', 'corrected', 'accepted', 'open'))
);
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
INSERT INTO "register_rows" VALUES('recommendations','recommendations-95173251',1,'{"heading": "prevent", "status": "needs_decision", "title": "Invented words"}','invented analyst','2026-11-30T10:25:58.507920Z',0);
INSERT INTO "register_rows" VALUES('recommendations','recommendations-95173251',2,'{"heading": "prevent", "status": "needs_decision", "title": "Invented, revised"}','invented analyst','2026-11-30T10:25:58.534720Z',0);
CREATE TABLE schema_versions (
	version INTEGER NOT NULL, 
	created_at VARCHAR, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_versions" VALUES(8,'2026-11-30T10:21:04.070211Z');
CREATE TABLE scheme_changes (
	sequence INTEGER NOT NULL, 
	scheme_version INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	old_value DOUBLE, 
	new_value DOUBLE, 
	reason VARCHAR NOT NULL, 
	accepted_by VARCHAR NOT NULL, 
	accepted_at VARCHAR NOT NULL, 
	effect VARCHAR NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	row_hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence), 
	CONSTRAINT known_subject CHECK (subject in ('weight', 'cut_point', 'score_points', 'setting', 'definition')), 
	UNIQUE (scheme_version), 
	UNIQUE (previous_hash), 
	UNIQUE (row_hash)
);
INSERT INTO "scheme_changes" VALUES(1,2,'weight','invented.key',1.0,2.0,'an invented reason','invented chief','2026-11-30T10:25:58.456138Z','{"moves": "nothing"}','0000000000000000000000000000000000000000000000000000000000000000','f63fbd01a39ec954b8b03e6f2569a037adbb25f925b12981a958da8fcd745391');
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
INSERT INTO "score_overrides" VALUES(1,'override-ee55561a','T1','H1',1,2,'not_supplied','An invented rationale that is long enough to be read by somebody else later on. An invented rationale that is long enough to be read by somebody else later on. An invented rationale that is long enough to be read by somebody else later on.','invented minutes 4','invented analyst','2026-11-30T10:25:58.378424Z','2027-06-30','0000000000000000000000000000000000000000000000000000000000000000','b6fbabe9a3b050549f949a8f5f51fd2380489b7be9803e5ce7a4f7dc2c9ea48c');
CREATE TABLE sign_ins (
	sign_in_ref VARCHAR NOT NULL, 
	identity VARCHAR NOT NULL, 
	began_at VARCHAR NOT NULL, 
	last_used_at VARCHAR NOT NULL, 
	ended_at VARCHAR, 
	end_reason VARCHAR, 
	PRIMARY KEY (sign_in_ref)
);
CREATE INDEX decisions_of_pair ON link_decisions (person_key_l, person_key_r);
CREATE INDEX samples_of_cycle ON audit_samples (cycle_ref);
CREATE INDEX ratings_of_sample ON audit_ratings (sample_ref);
CREATE TRIGGER events_update before update on events begin select raise(abort, 'events is append-only'); end;
CREATE TRIGGER events_delete before delete on events begin select raise(abort, 'events is append-only'); end;
CREATE TRIGGER audit_ratings_update before update on audit_ratings begin select raise(abort, 'audit_ratings is append-only'); end;
CREATE TRIGGER audit_ratings_delete before delete on audit_ratings begin select raise(abort, 'audit_ratings is append-only'); end;
CREATE TRIGGER audit_estimates_update before update on audit_estimates begin select raise(abort, 'audit_estimates is append-only'); end;
CREATE TRIGGER audit_estimates_delete before delete on audit_estimates begin select raise(abort, 'audit_estimates is append-only'); end;
CREATE TRIGGER link_decisions_update before update on link_decisions begin select raise(abort, 'link_decisions is append-only'); end;
CREATE TRIGGER link_decisions_delete before delete on link_decisions begin select raise(abort, 'link_decisions is append-only'); end;
CREATE TRIGGER access_log_update before update on access_log begin select raise(abort, 'access_log is append-only'); end;
CREATE TRIGGER access_log_delete before delete on access_log begin select raise(abort, 'access_log is append-only'); end;
CREATE TRIGGER panel_answers_update before update on panel_answers begin select raise(abort, 'panel_answers is append-only'); end;
CREATE TRIGGER panel_answers_delete before delete on panel_answers begin select raise(abort, 'panel_answers is append-only'); end;
CREATE TRIGGER score_overrides_update before update on score_overrides begin select raise(abort, 'score_overrides is append-only'); end;
CREATE TRIGGER score_overrides_delete before delete on score_overrides begin select raise(abort, 'score_overrides is append-only'); end;
CREATE TRIGGER override_decisions_update before update on override_decisions begin select raise(abort, 'override_decisions is append-only'); end;
CREATE TRIGGER override_decisions_delete before delete on override_decisions begin select raise(abort, 'override_decisions is append-only'); end;
CREATE TRIGGER scheme_changes_update before update on scheme_changes begin select raise(abort, 'scheme_changes is append-only'); end;
CREATE TRIGGER scheme_changes_delete before delete on scheme_changes begin select raise(abort, 'scheme_changes is append-only'); end;
CREATE TRIGGER register_rows_update before update on register_rows begin select raise(abort, 'register_rows is append-only'); end;
CREATE TRIGGER register_rows_delete before delete on register_rows begin select raise(abort, 'register_rows is append-only'); end;
CREATE TRIGGER assessment_themes_update before update on assessment_themes begin select raise(abort, 'assessment_themes is append-only'); end;
CREATE TRIGGER assessment_themes_delete before delete on assessment_themes begin select raise(abort, 'assessment_themes is append-only'); end;
CREATE TRIGGER processing_log_update before update on processing_log begin select raise(abort, 'processing_log is append-only'); end;
CREATE TRIGGER processing_log_delete before delete on processing_log begin select raise(abort, 'processing_log is append-only'); end;
CREATE TRIGGER account_changes_update before update on account_changes begin select raise(abort, 'account_changes is append-only'); end;
CREATE TRIGGER account_changes_delete before delete on account_changes begin select raise(abort, 'account_changes is append-only'); end;
CREATE TRIGGER record_corrections_update before update on record_corrections begin select raise(abort, 'record_corrections is append-only'); end;
CREATE TRIGGER record_corrections_delete before delete on record_corrections begin select raise(abort, 'record_corrections is append-only'); end;
CREATE TRIGGER digests_update before update on digests begin select raise(abort, 'digests is append-only'); end;
CREATE TRIGGER digests_delete before delete on digests begin select raise(abort, 'digests is append-only'); end;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',13);
COMMIT;
