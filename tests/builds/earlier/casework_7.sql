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
INSERT INTO "access_log_head" VALUES('processing_log',49,'29161128b72af11fe7fd57c53930c2b3378b54adcb0f90a50bb45b990c54cbf2');
INSERT INTO "access_log_head" VALUES('score_overrides',1,'296eb705edcc806859203c3ce4bcb817c8a1eb5458017d0268d8a5a6969d82fe');
INSERT INTO "access_log_head" VALUES('override_decisions',1,'1d0f429902b53e3c3cd379ff4ecb62d92241f487d2343255dfb68f4ebbe273b0');
INSERT INTO "access_log_head" VALUES('scheme_changes',1,'8c8d9fd65ab9a23e498e5a5dd81b81f1b2b4d5856e84600f6d06affd4bfac98d');
INSERT INTO "access_log_head" VALUES('account_changes',1,'e3ee6c59413932f03d8e81891f30fea95b7fc104bc95d6efbb00f846d3c66567');
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
INSERT INTO "account_changes" VALUES(1,'an.analyst@force.invented','["analyst"]',0,0,'Invented Admin','2026-11-30T10:16:57.732929Z','joined','0000000000000000000000000000000000000000000000000000000000000000','e3ee6c59413932f03d8e81891f30fea95b7fc104bc95d6efbb00f846d3c66567');
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
CREATE TABLE events (
	event_number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	happened_at VARCHAR NOT NULL, 
	actor VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject_type VARCHAR NOT NULL, 
	subject_ref VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL
);
INSERT INTO "events" VALUES(1,'2026-11-30T10:16:57.471708Z','invented reader','pair taken','pair','INV-P00000000 INV-P00000001','{"role": "first"}');
INSERT INTO "events" VALUES(2,'2026-11-30T10:16:57.476927Z','invented reader','link decided','pair','8eece2276899425eb46be8b46eadc8d6','{"pair": ["INV-P00000000", "INV-P00000001"], "reason": "numbers_agree", "revision": 1, "role": "first", "verdict": "same"}');
INSERT INTO "events" VALUES(3,'2026-11-30T10:16:57.492066Z','another reader','pair taken','pair','INV-P00000000 INV-P00000001','{"role": "second"}');
INSERT INTO "events" VALUES(4,'2026-11-30T10:16:57.500512Z','another reader','link decided','pair','43bf3fb052ac450abfaed5fedee103ca','{"pair": ["INV-P00000000", "INV-P00000001"], "reason": "numbers_agree", "revision": 1, "role": "second", "verdict": "same"}');
INSERT INTO "events" VALUES(5,'2026-11-30T10:16:57.519427Z','invented reader','pair taken','pair','INV-P00000002 INV-P00000003','{"role": "first"}');
INSERT INTO "events" VALUES(6,'2026-11-30T10:16:57.520644Z','invented reader','link decided','pair','92d5f10a39b940ddb987885877f17128','{"pair": ["INV-P00000002", "INV-P00000003"], "reason": "relatives", "revision": 1, "role": "first", "verdict": "different"}');
INSERT INTO "events" VALUES(7,'2026-11-30T10:16:57.543266Z','another reader','pair taken','pair','INV-P00000002 INV-P00000003','{"role": "second"}');
INSERT INTO "events" VALUES(8,'2026-11-30T10:16:57.544523Z','another reader','link decided','pair','d1db2e791326468eba7d42f97828cbdc','{"pair": ["INV-P00000002", "INV-P00000003"], "reason": "relatives", "revision": 1, "role": "second", "verdict": "different"}');
INSERT INTO "events" VALUES(9,'2026-11-30T10:16:57.577085Z','invented analyst','override proposed','override','override-abe7473c','{"part": "H1", "theme": "T1"}');
INSERT INTO "events" VALUES(10,'2026-11-30T10:16:57.592935Z','invented chief','override approved','override','override-abe7473c','{"words": 16}');
INSERT INTO "events" VALUES(11,'2026-11-30T10:16:57.629991Z','invented chief','scheme changed','scheme version','2','{"key": "invented.key", "subject": "weight"}');
INSERT INTO "events" VALUES(12,'2026-11-30T10:16:57.640205Z','invented analyst','register entry kept','register entry','recommendations-8263e420','{"register": "recommendations", "revision": 1}');
INSERT INTO "events" VALUES(13,'2026-11-30T10:16:57.670437Z','invented analyst','register entry kept','register entry','recommendations-8263e420','{"register": "recommendations", "revision": 2}');
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
INSERT INTO "link_assignments" VALUES('INV-P00000000','INV-P00000001','first','invented reader','2026-11-30T10:16:57.470658Z');
INSERT INTO "link_assignments" VALUES('INV-P00000000','INV-P00000001','second','another reader','2026-11-30T10:16:57.491818Z');
INSERT INTO "link_assignments" VALUES('INV-P00000002','INV-P00000003','first','invented reader','2026-11-30T10:16:57.519192Z');
INSERT INTO "link_assignments" VALUES('INV-P00000002','INV-P00000003','second','another reader','2026-11-30T10:16:57.543024Z');
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
INSERT INTO "link_decisions" VALUES('8eece2276899425eb46be8b46eadc8d6','INV-P00000000','INV-P00000001','invented reader','first',1,'2026-11-30T10:16:57.476107Z','same','numbers_agree',1);
INSERT INTO "link_decisions" VALUES('43bf3fb052ac450abfaed5fedee103ca','INV-P00000000','INV-P00000001','another reader','second',1,'2026-11-30T10:16:57.493048Z','same','numbers_agree',1);
INSERT INTO "link_decisions" VALUES('92d5f10a39b940ddb987885877f17128','INV-P00000002','INV-P00000003','invented reader','first',1,'2026-11-30T10:16:57.520419Z','different','relatives',1);
INSERT INTO "link_decisions" VALUES('d1db2e791326468eba7d42f97828cbdc','INV-P00000002','INV-P00000003','another reader','second',1,'2026-11-30T10:16:57.544279Z','different','relatives',1);
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
INSERT INTO "override_decisions" VALUES(1,'override-abe7473c','approved','invented chief','agreed, invented','2026-11-30T10:16:57.591846Z','0000000000000000000000000000000000000000000000000000000000000000','1d0f429902b53e3c3cd379ff4ecb62d92241f487d2343255dfb68f4ebbe273b0');
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
INSERT INTO "processing_log" VALUES(1,'2026-11-30T10:11:27.514938Z','collection','command line; server account root','not signed in','integrity','stra build','referrals: commissioning/referrals.csv',1585,'','','0000000000000000000000000000000000000000000000000000000000000000','f2f04178f6065ce6e1d24ebb9a93dd21bbdb015bed6b51a7c2c85cf77960e26b');
INSERT INTO "processing_log" VALUES(2,'2026-11-30T10:11:27.523966Z','collection','command line; server account root','not signed in','integrity','stra build','allocation: force/allocation.csv',3000,'','','f2f04178f6065ce6e1d24ebb9a93dd21bbdb015bed6b51a7c2c85cf77960e26b','18ea911f0324b835548c751a2c2bbb5fb7e4a07d2b577a0234b2a3542f9687ff');
INSERT INTO "processing_log" VALUES(3,'2026-11-30T10:11:27.534655Z','collection','command line; server account root','not signed in','integrity','stra build','bail: force/bail.csv',1652,'','','18ea911f0324b835548c751a2c2bbb5fb7e4a07d2b577a0234b2a3542f9687ff','7c76f8a51b0ccc11980457b42a2350bfab0bceb8b22c6a574b044347d8afcd21');
INSERT INTO "processing_log" VALUES(4,'2026-11-30T10:11:27.576471Z','collection','command line; server account root','not signed in','integrity','stra build','case_file: force/case_file.csv',2440,'','','7c76f8a51b0ccc11980457b42a2350bfab0bceb8b22c6a574b044347d8afcd21','e653c1c2f8e03358d5dafd1d7022cd1a942b16014e03aee246e107757e2b9fbe');
INSERT INTO "processing_log" VALUES(5,'2026-11-30T10:11:27.591779Z','collection','command line; server account root','not signed in','integrity','stra build','classification_history: force/classification_history.csv',64,'','','e653c1c2f8e03358d5dafd1d7022cd1a942b16014e03aee246e107757e2b9fbe','2ff583309a7e1c07b0635e35ea3cb678d870a04ccc0b51b246c8422353ef8739');
INSERT INTO "processing_log" VALUES(6,'2026-11-30T10:11:27.641954Z','collection','command line; server account root','not signed in','integrity','stra build','cps_submission: force/cps_submission.csv',346,'','','2ff583309a7e1c07b0635e35ea3cb678d870a04ccc0b51b246c8422353ef8739','d4b88079ce97c90011ea8fb52a2542a56a12d9cb5fa964524bd254aab2a1b25d');
INSERT INTO "processing_log" VALUES(7,'2026-11-30T10:11:27.642972Z','collection','command line; server account root','not signed in','integrity','stra build','crime: force/crime.csv',3000,'','','d4b88079ce97c90011ea8fb52a2542a56a12d9cb5fa964524bd254aab2a1b25d','90fe18c431ce9fa518dbb2ba70975960615f65fb01083df8550443e9a2110c7a');
INSERT INTO "processing_log" VALUES(8,'2026-11-30T10:11:27.643641Z','collection','command line; server account root','not signed in','integrity','stra build','crime_flag: force/crime_flag.csv',2044,'','','90fe18c431ce9fa518dbb2ba70975960615f65fb01083df8550443e9a2110c7a','2431f75f59d368076514719023f0482d95065ebe4a16e7889bbba4fe715571ee');
INSERT INTO "processing_log" VALUES(9,'2026-11-30T10:11:27.644369Z','collection','command line; server account root','not signed in','integrity','stra build','crime_link: force/crime_link.csv',4191,'','','2431f75f59d368076514719023f0482d95065ebe4a16e7889bbba4fe715571ee','1ec4bf182e07fed27d13b96580a60d2d747ada47bfb2208565b0ed2d9cf1434d');
INSERT INTO "processing_log" VALUES(10,'2026-11-30T10:11:27.645047Z','collection','command line; server account root','not signed in','integrity','stra build','custody: force/custody.csv',2738,'','','1ec4bf182e07fed27d13b96580a60d2d747ada47bfb2208565b0ed2d9cf1434d','221eed9c6af3a3030e23cf6d983b2c06625293a1503cf5dec019eef2c5c72af8');
INSERT INTO "processing_log" VALUES(11,'2026-11-30T10:11:27.690455Z','collection','command line; server account root','not signed in','integrity','stra build','incident: force/incident.csv',3516,'','','221eed9c6af3a3030e23cf6d983b2c06625293a1503cf5dec019eef2c5c72af8','d9af4df4760bec64fea3ded512aaee48d608baecc7ebf7f843f59132886f821a');
INSERT INTO "processing_log" VALUES(12,'2026-11-30T10:11:27.691232Z','collection','command line; server account root','not signed in','integrity','stra build','included_classification: force/included_classification.csv',9,'','','d9af4df4760bec64fea3ded512aaee48d608baecc7ebf7f843f59132886f821a','d9a89211ba0ec5341383b8e757b628d45110eabefd93a57cf3619186e16c6859');
INSERT INTO "processing_log" VALUES(13,'2026-11-30T10:11:27.691892Z','collection','command line; server account root','not signed in','integrity','stra build','investigator: force/investigator.csv',217,'','','d9a89211ba0ec5341383b8e757b628d45110eabefd93a57cf3619186e16c6859','9b7dda466488eeb69e51e86e7b6277a88ed651024eaebb9af1c7603d39399ae4');
INSERT INTO "processing_log" VALUES(14,'2026-11-30T10:11:27.692559Z','collection','command line; server account root','not signed in','integrity','stra build','investigator_absence: force/investigator_absence.csv',59,'','','9b7dda466488eeb69e51e86e7b6277a88ed651024eaebb9af1c7603d39399ae4','b95786169b5b4f1daf00c4aad0cbe441257a4caa74f9ee7c08e9baa2690943fb');
INSERT INTO "processing_log" VALUES(15,'2026-11-30T10:11:27.737858Z','collection','command line; server account root','not signed in','integrity','stra build','line_of_enquiry: force/line_of_enquiry.csv',3746,'','','b95786169b5b4f1daf00c4aad0cbe441257a4caa74f9ee7c08e9baa2690943fb','7143875d0d79997e1511373543fda6ef4f98a94798d8488dc5176ff6d6481888');
INSERT INTO "processing_log" VALUES(16,'2026-11-30T10:11:27.739176Z','collection','command line; server account root','not signed in','integrity','stra build','management: force/management.csv',160,'','','7143875d0d79997e1511373543fda6ef4f98a94798d8488dc5176ff6d6481888','97f6e42b71b9fd9dbc6f0f61e747cf9971f96bf571ec9fa332841001967f87dd');
INSERT INTO "processing_log" VALUES(17,'2026-11-30T10:11:27.740117Z','collection','command line; server account root','not signed in','integrity','stra build','notice: force/notice.csv',9,'','','97f6e42b71b9fd9dbc6f0f61e747cf9971f96bf571ec9fa332841001967f87dd','f27cdb9696c41e1507e95d2e4bec93562db4119363163a14e3178271b943e379');
INSERT INTO "processing_log" VALUES(18,'2026-11-30T10:11:27.758156Z','collection','command line; server account root','not signed in','integrity','stra build','order_: force/order_.csv',842,'','','f27cdb9696c41e1507e95d2e4bec93562db4119363163a14e3178271b943e379','c4cbd08f4f7837e4c21931c5ee34ee504a541b02d84a331a259d9da523fd5871');
INSERT INTO "processing_log" VALUES(19,'2026-11-30T10:11:27.762202Z','collection','command line; server account root','not signed in','integrity','stra build','order_breach: force/order_breach.csv',58,'','','c4cbd08f4f7837e4c21931c5ee34ee504a541b02d84a331a259d9da523fd5871','54a4a540882ec420f5df8bcfe9faf11435652b2506dfa47e8b28942c0bc065fe');
INSERT INTO "processing_log" VALUES(20,'2026-11-30T10:11:27.763097Z','collection','command line; server account root','not signed in','integrity','stra build','outcome: force/outcome.csv',5724,'','','54a4a540882ec420f5df8bcfe9faf11435652b2506dfa47e8b28942c0bc065fe','44134c7f2d58fbb6a1ffc997cc3f920610a86015cd9607c1247a2cce5c51f058');
INSERT INTO "processing_log" VALUES(21,'2026-11-30T10:11:27.763789Z','collection','command line; server account root','not signed in','integrity','stra build','pair: force/pair.csv',2308,'','','44134c7f2d58fbb6a1ffc997cc3f920610a86015cd9607c1247a2cce5c51f058','ef3f932346b19333d31bcc2635f14a1a37873c6a2722b60bfcf10dce98a3f5a3');
INSERT INTO "processing_log" VALUES(22,'2026-11-30T10:11:27.764477Z','collection','command line; server account root','not signed in','integrity','stra build','party_role: force/party_role.csv',6254,'','','ef3f932346b19333d31bcc2635f14a1a37873c6a2722b60bfcf10dce98a3f5a3','0d2ce48a030349bfd3d8d54cf24cb3e0222295e02fbc5e3a55091c695e2e876d');
INSERT INTO "processing_log" VALUES(23,'2026-11-30T10:11:27.804967Z','collection','command line; server account root','not signed in','integrity','stra build','person: force/person.csv',4871,'','','0d2ce48a030349bfd3d8d54cf24cb3e0222295e02fbc5e3a55091c695e2e876d','fe0a3a86f9a0cf989d801acf934a0e8ce021620488980ba710e0496d0fe5cd02');
INSERT INTO "processing_log" VALUES(24,'2026-11-30T10:11:27.806215Z','collection','command line; server account root','not signed in','integrity','stra build','referral: force/referral.csv',1585,'','','fe0a3a86f9a0cf989d801acf934a0e8ce021620488980ba710e0496d0fe5cd02','2c135206f52cd007e1cae5f7ec26096e3626432ff74588c3bd029750b2f16691');
INSERT INTO "processing_log" VALUES(25,'2026-11-30T10:11:27.806973Z','collection','command line; server account root','not signed in','integrity','stra build','removal: force/removal.csv',65,'','','2c135206f52cd007e1cae5f7ec26096e3626432ff74588c3bd029750b2f16691','a96bc6939bbd3aa30b35d79c00d76ced0316949b0dab3321eb2dbe96b9022b13');
INSERT INTO "processing_log" VALUES(26,'2026-11-30T10:11:27.807657Z','collection','command line; server account root','not signed in','integrity','stra build','review: force/review.csv',8776,'','','a96bc6939bbd3aa30b35d79c00d76ced0316949b0dab3321eb2dbe96b9022b13','571cf2a9da7824b0003771f8f0022de01a1220232ce58306b27c0fbae6f3a621');
INSERT INTO "processing_log" VALUES(27,'2026-11-30T10:11:27.808367Z','collection','command line; server account root','not signed in','integrity','stra build','risk_assessment: force/risk_assessment.csv',7632,'','','571cf2a9da7824b0003771f8f0022de01a1220232ce58306b27c0fbae6f3a621','053f65f703f4ed011bc80f95cf2807f0aca6d93356919d780ea353e0f6a26b9b');
INSERT INTO "processing_log" VALUES(28,'2026-11-30T10:11:27.809052Z','collection','command line; server account root','not signed in','integrity','stra build','risk_plan: force/risk_plan.csv',837,'','','053f65f703f4ed011bc80f95cf2807f0aca6d93356919d780ea353e0f6a26b9b','b8306ae5ec6e6acdeee8e65bd0958d7db499550cfb658db44528bbb76bce74e3');
INSERT INTO "processing_log" VALUES(29,'2026-11-30T10:11:27.878560Z','collection','command line; server account root','not signed in','integrity','stra build','victim_contact: force/victim_contact.csv',15155,'','','b8306ae5ec6e6acdeee8e65bd0958d7db499550cfb658db44528bbb76bce74e3','4a6719c3fdbf2a2a8da1cd8f4d55f18583eec467be8a5eacd70d72441c092a04');
INSERT INTO "processing_log" VALUES(30,'2026-11-30T10:11:27.879369Z','collection','command line; server account root','not signed in','integrity','stra build','victim_engagement: force/victim_engagement.csv',1085,'','','4a6719c3fdbf2a2a8da1cd8f4d55f18583eec467be8a5eacd70d72441c092a04','844889cc712c9e054dc7a01a8633b6a6093ce681bac7b47bbeb6ad0e01d25ce7');
INSERT INTO "processing_log" VALUES(31,'2026-11-30T10:11:32.441280Z','collection','command line; server account root','not signed in','integrity','stra build','person_identity: force/person_identity.csv',NULL,'','','844889cc712c9e054dc7a01a8633b6a6093ce681bac7b47bbeb6ad0e01d25ce7','fcbacec2cddf7695d5bd730fa5ddb4c491b31a1e4696fdff93950df239e9859a');
INSERT INTO "processing_log" VALUES(32,'2026-11-30T10:13:38.982392Z','combination','command line; server account root','not signed in','integrity','stra build','linkage (full): records linked as 4589 people',4761,'','','fcbacec2cddf7695d5bd730fa5ddb4c491b31a1e4696fdff93950df239e9859a','71a8d4576198c8bdea3c970b3e6e8fc9789c808610a0946472c6777b5fdede15');
INSERT INTO "processing_log" VALUES(33,'2026-11-30T10:16:57.472679Z','alteration','invented reader','named in the decision','','casework','pair taken: pair INV-P00000000 INV-P00000001',NULL,'','','71a8d4576198c8bdea3c970b3e6e8fc9789c808610a0946472c6777b5fdede15','d68fdf757627e69a547e99df2172e622d00bae24f2227b2124f98f6729258641');
INSERT INTO "processing_log" VALUES(34,'2026-11-30T10:16:57.477449Z','combination','invented reader','named in the decision','','casework','link decided: pair 8eece2276899425eb46be8b46eadc8d6',NULL,'','','d68fdf757627e69a547e99df2172e622d00bae24f2227b2124f98f6729258641','6b03d8af605b8320bffb08f7128d745449fd21bb7d34a6d98b38ba29b6bb118c');
INSERT INTO "processing_log" VALUES(35,'2026-11-30T10:16:57.492276Z','alteration','another reader','named in the decision','','casework','pair taken: pair INV-P00000000 INV-P00000001',NULL,'','','6b03d8af605b8320bffb08f7128d745449fd21bb7d34a6d98b38ba29b6bb118c','5780835c82b77882c9b49fcfac3e049a8348ac6cd1ad2bda249486853c08bcab');
INSERT INTO "processing_log" VALUES(36,'2026-11-30T10:16:57.500776Z','combination','another reader','named in the decision','','casework','link decided: pair 43bf3fb052ac450abfaed5fedee103ca',NULL,'','','5780835c82b77882c9b49fcfac3e049a8348ac6cd1ad2bda249486853c08bcab','4cc52733ddb141cae6939a530140d0361cbac0bea5b4ec3ebfb081f3b431c698');
INSERT INTO "processing_log" VALUES(37,'2026-11-30T10:16:57.519633Z','alteration','invented reader','named in the decision','','casework','pair taken: pair INV-P00000002 INV-P00000003',NULL,'','','4cc52733ddb141cae6939a530140d0361cbac0bea5b4ec3ebfb081f3b431c698','72cdfb0deb5dfefeebaf4a8b409229d69e6ea05a8e5e16557fec18372414e7d5');
INSERT INTO "processing_log" VALUES(38,'2026-11-30T10:16:57.520814Z','combination','invented reader','named in the decision','','casework','link decided: pair 92d5f10a39b940ddb987885877f17128',NULL,'','','72cdfb0deb5dfefeebaf4a8b409229d69e6ea05a8e5e16557fec18372414e7d5','97034bf2ea22c7b18c04f10f5994a9f3fc09df781947d3c826ea5f0f1d148bc3');
INSERT INTO "processing_log" VALUES(39,'2026-11-30T10:16:57.543471Z','alteration','another reader','named in the decision','','casework','pair taken: pair INV-P00000002 INV-P00000003',NULL,'','','97034bf2ea22c7b18c04f10f5994a9f3fc09df781947d3c826ea5f0f1d148bc3','c08eb37c1e46cda8c53d44616c6c01167b839b681adf7a8513600ec1e1b3828a');
INSERT INTO "processing_log" VALUES(40,'2026-11-30T10:16:57.544699Z','combination','another reader','named in the decision','','casework','link decided: pair d1db2e791326468eba7d42f97828cbdc',NULL,'','','c08eb37c1e46cda8c53d44616c6c01167b839b681adf7a8513600ec1e1b3828a','ce7db505fd9747fb7710bbdd09e49c28cdf02279abb54663595e862e8e05a66f');
INSERT INTO "processing_log" VALUES(41,'2026-11-30T10:16:57.577393Z','alteration','invented analyst','named in the decision','','casework','override proposed: override override-abe7473c',NULL,'','','ce7db505fd9747fb7710bbdd09e49c28cdf02279abb54663595e862e8e05a66f','2d6e189572506e3deafb0a57aba752e5154ad2a56e9fa5c8ca1c83b58a24f92e');
INSERT INTO "processing_log" VALUES(42,'2026-11-30T10:16:57.602845Z','alteration','invented chief','named in the decision','','casework','override approved: override override-abe7473c',NULL,'','','2d6e189572506e3deafb0a57aba752e5154ad2a56e9fa5c8ca1c83b58a24f92e','7462ade4aa99b0c346c60cba89ab1e7393f082696fbbe43f0c565e36131baea5');
INSERT INTO "processing_log" VALUES(43,'2026-11-30T10:16:57.630330Z','alteration','invented chief','named in the decision','','casework','scheme changed: scheme version 2',NULL,'','','7462ade4aa99b0c346c60cba89ab1e7393f082696fbbe43f0c565e36131baea5','3db8c893e4c582c9a4d6f3b1bcc89c1acb0fd4bba5ea0b6781e0e648e85cbdda');
INSERT INTO "processing_log" VALUES(44,'2026-11-30T10:16:57.640524Z','alteration','invented analyst','named in the decision','','casework','register entry kept: register entry recommendations-8263e420',NULL,'','','3db8c893e4c582c9a4d6f3b1bcc89c1acb0fd4bba5ea0b6781e0e648e85cbdda','b6c076ff1d95b36b14aff8ecff152d24a8119e7adbeadefa0a6457350378f66f');
INSERT INTO "processing_log" VALUES(45,'2026-11-30T10:16:57.670634Z','alteration','invented analyst','named in the decision','','casework','register entry kept: register entry recommendations-8263e420',NULL,'','','b6c076ff1d95b36b14aff8ecff152d24a8119e7adbeadefa0a6457350378f66f','21b6c3e399eec151187f3765d5f398cd3aaf66ef5f885c217dc32c32de8a0d91');
INSERT INTO "processing_log" VALUES(46,'2026-11-30T10:16:57.693812Z','consultation','Invented Viewer','signed in','integrity','people_to_look_at','person P1',1,'','','21b6c3e399eec151187f3765d5f398cd3aaf66ef5f885c217dc32c32de8a0d91','be8af747f9e07776ece98b01ca1303fac06286197e608e6b6e9318bf319aae8e');
INSERT INTO "processing_log" VALUES(47,'2026-11-30T10:16:57.710955Z','consultation','Invented Viewer','signed in','integrity','people_to_look_at','person P2',1,'','','be8af747f9e07776ece98b01ca1303fac06286197e608e6b6e9318bf319aae8e','38aba509f303ffc4983f24eaa333a438b86bf3288952374f92951615ab16ff54');
INSERT INTO "processing_log" VALUES(48,'2026-11-30T10:17:10.518989Z','collection','command line; server account root','not signed in','integrity','stra build','person_identity: force/person_identity.csv',NULL,'','','38aba509f303ffc4983f24eaa333a438b86bf3288952374f92951615ab16ff54','098ad8a3fb047cca8cc301f4669f27438841efadd3913699ca11fa1b088d7e2b');
INSERT INTO "processing_log" VALUES(49,'2026-11-30T10:17:13.254727Z','combination','command line; server account root','not signed in','integrity','stra build','linkage (increment): records linked as 4588 people',4761,'','','098ad8a3fb047cca8cc301f4669f27438841efadd3913699ca11fa1b088d7e2b','29161128b72af11fe7fd57c53930c2b3378b54adcb0f90a50bb45b990c54cbf2');
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
INSERT INTO "register_rows" VALUES('recommendations','recommendations-8263e420',1,'{"heading": "prevent", "status": "needs_decision", "title": "Invented words"}','invented analyst','2026-11-30T10:16:57.639537Z',0);
INSERT INTO "register_rows" VALUES('recommendations','recommendations-8263e420',2,'{"heading": "prevent", "status": "needs_decision", "title": "Invented, revised"}','invented analyst','2026-11-30T10:16:57.670131Z',0);
CREATE TABLE schema_versions (
	version INTEGER NOT NULL, 
	created_at VARCHAR, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_versions" VALUES(7,'2026-11-30T10:11:27.431549Z');
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
INSERT INTO "scheme_changes" VALUES(1,2,'weight','invented.key',1.0,2.0,'an invented reason','invented chief','2026-11-30T10:16:57.623793Z','{"moves": "nothing"}','0000000000000000000000000000000000000000000000000000000000000000','8c8d9fd65ab9a23e498e5a5dd81b81f1b2b4d5856e84600f6d06affd4bfac98d');
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
INSERT INTO "score_overrides" VALUES(1,'override-abe7473c','T1','H1',1,2,'not_supplied','An invented rationale that is long enough to be read by somebody else later on. An invented rationale that is long enough to be read by somebody else later on. An invented rationale that is long enough to be read by somebody else later on.','invented minutes 4','invented analyst','2026-11-30T10:16:57.560613Z','2027-06-30','0000000000000000000000000000000000000000000000000000000000000000','296eb705edcc806859203c3ce4bcb817c8a1eb5458017d0268d8a5a6969d82fe');
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',13);
COMMIT;
