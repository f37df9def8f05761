"""Three invented exports of one invented extract, in the manner of names of three record systems.

None of these headers is from a real system: Niche-like names run together with capitals, Athena-like ones are in
capitals with underscores, CONNECT-like ones have blanks. Columns stand in the order of our fields; None: not exported.
"""

from __future__ import annotations

Export = dict[str, tuple[str, list[str | None]]]  # our table -> the file's name and its columns

NICHE: Export = {
    "incident": ("GIncidentLog", [
        "IncidentId", "ForceCode", "CreatedDTTM", "ClosedDTTM", "CallChannel", "CallerRole", "OpeningCode",
        "ClosingCode", "ResponseGrade", "LogText", "AttendedDTTM", "DAFlag", "IsCrimeRelated", "NoCrimeRationale",
        "DecisionBy", "DecisionDTTM",
    ]),
    "crime": ("GOccurrence", [
        "OccurrenceId", "OccurrenceRef", "ForceCode", "IncidentId", "ReportGroupId", "ReportedDTTM", "RecordedDTTM",
        "OffenceStartDTTM", "OffenceEndDTTM", "HOCodeRaw", "HOCode", "HOClassCode", "CJSCode", "ClassDescription",
        "MOText", "HarassmentOnlyRationale", "CourseOfConductCount", "CourseOfConduct", "TwoOrMoreVictims",
        "OccurrenceStatus", "LocationType", "PostcodeSector", "Latitude", "Longitude", "LSOA21", "RecordingCollarNo",
        "SupervisingCollarNo", "OICId", "EnhancedVictim", "NeedsAssessmentDTTM", "VPSOfferedDTTM", "DMMFlag",
    ]),
    "classification_history": ("GOccClassificationHistory", [
        "OccurrenceId", "SequenceNo", "HOCode", "HOClassCode", "ChangedDTTM", "ChangedBy", "ChangeReason",
        "SecondCheckBy",
    ]),
    "removal": ("GOccCancellation", [
        "OccurrenceId", "CancellationCode", "CancelledDTTM", "AuthoriserId", "AuthoriserRole", "AVIText", "VerifiedBy",
        "ReceivingForce", "ReceivingForceRef", "AcceptedDTTM", "ParentOccurrenceRef", "VictimInformedDTTM",
    ]),
    "party_role": ("GOccPersonInvolvement", [
        "OccurrenceId", "PersonId", "InvolvementType", "IsNamed", "RelationshipToVictim", "Vulnerability",
        "AgeAtOffence", "AgeAtDisposal", "FirstAddedDTTM", "EliminatedDTTM", "SupportsProsecution",
    ]),
    "outcome": ("GOccOutcome", [
        "OutcomeId", "OccurrenceId", "SequenceNo", "OutcomeCode", "OutcomeDescription", "OutcomeDTTM", "AuthoriserId",
        "AuthoriserRank", "OutcomeRationale", "AlternateHOCode", "OtherBody", "VictimInformedDTTM", "IsCurrent",
    ]),
    "crime_flag": ("GOccFlag", ["OccurrenceId", "FlagType", "SetDTTM", "SetBy"]),
    "person": ("GPerson", ["PersonId", "BirthYearMonth", "Gender", "SelfDefinedEthnicity", "PNCIdHash", "DateOfDeath"]),
}  # fmt: skip

ATHENA: Export = {
    "incident": ("CAD_EVENT", [
        "EVENT_ID", "FORCE", "CREATED_DATE_TIME", "CLOSED_DATE_TIME", "CONTACT_METHOD", "CALLER_TYPE", "INITIAL_CLASS",
        "FINAL_CLASS", "GRADE", "EVENT_TEXT", "ARRIVED_DATE_TIME", "DA_MARKER", "CRIME_RELATED_IND",
        "NON_CRIME_REASON", "DECISION_OFFICER", "DECISION_DATE_TIME",
    ]),
    "crime": ("INVESTIGATION", [
        "INVESTIGATION_ID", "INVESTIGATION_REF_NO", "FORCE", "EVENT_ID", "REPORT_GROUP", "REPORTED_DATE_TIME",
        "RECORDED_DATE_TIME", "COMMITTED_FROM_DATE_TIME", "COMMITTED_TO_DATE_TIME", "HO_CODE_AS_KEYED", "HO_CODE",
        "HO_CLASS", "CJS_OFFENCE_CODE", "OFFENCE_CLASS_NAME", "MODUS_OPERANDI", "HARASSMENT_ONLY_REASON",
        "NO_OF_OCCASIONS", "COURSE_OF_CONDUCT_IND", "AGAINST_TWO_OR_MORE_IND", "INVESTIGATION_STATUS", "LOCATION_TYPE",
        "POSTCODE_SECTOR", "LATITUDE", "LONGITUDE", "LSOA_2021", "RECORDING_OFFICER_COLLAR",
        "SUPERVISING_OFFICER_COLLAR", "OIC", "ENHANCED_RIGHTS_IND", "NEEDS_ASSESSED_DATE_TIME",
        "VPS_OFFERED_DATE_TIME", "DAILY_MEETING_IND",
    ]),
    "classification_history": ("INVESTIGATION_RECLASSIFICATION", [
        "INVESTIGATION_ID", "SEQ_NO", "HO_CODE", "HO_CLASS", "CHANGED_DATE_TIME", "CHANGED_BY_OFFICER",
        "REASON_FOR_CHANGE", "SECOND_CHECK_OFFICER",
    ]),
    "removal": ("INVESTIGATION_NO_CRIME", [
        "INVESTIGATION_ID", "NO_CRIME_CODE", "NO_CRIME_DATE_TIME", "AUTHORISING_OFFICER", "AUTHORISING_ROLE",
        "ADDITIONAL_VERIFIABLE_INFO", "VERIFYING_OFFICER", "TRANSFER_FORCE", "TRANSFER_REF_NO", "ACCEPTED_DATE_TIME",
        "PARENT_INVESTIGATION_REF_NO", "VICTIM_INFORMED_DATE_TIME",
    ]),
    "party_role": ("INVESTIGATION_NOMINAL", [
        "INVESTIGATION_ID", "NOMINAL_ID", "NOMINAL_ROLE", "NAMED_IND", "VICTIM_RELATIONSHIP", "VULNERABLE_REASON",
        "AGE_AT_OFFENCE", "AGE_AT_DISPOSAL", "FIRST_LINKED_DATE_TIME", "ELIMINATED_DATE_TIME", "VICTIM_SUPPORTS_IND",
    ]),
    "outcome": ("INVESTIGATION_DISPOSAL", [
        "DISPOSAL_ID", "INVESTIGATION_ID", "SEQ_NO", "DISPOSAL_CODE", "DISPOSAL_DESC", "DISPOSAL_DATE_TIME",
        "AUTHORISING_OFFICER", "AUTHORISING_OFFICER_RANK", "RATIONALE", "ALTERNATIVE_HO_CODE", "OTHER_AGENCY",
        "VICTIM_INFORMED_DATE_TIME", "CURRENT_IND",
    ]),
    "crime_flag": ("INVESTIGATION_MARKER", ["INVESTIGATION_ID", "MARKER", "ADDED_DATE_TIME", "ADDED_BY_OFFICER"]),
    "person": ("NOMINAL", [
        "NOMINAL_ID", "MONTH_OF_BIRTH", "SEX", "ETHNICITY_SELF_DEFINED", "PNC_ID_HASH", "DEATH_DATE",
    ]),
}  # fmt: skip

CONNECT: Export = {
    "incident": ("Incident Report", [
        "Incident Number", "Force Code", "Date Time Logged", "Date Time Closed", "Method of Contact", "Role of Caller",
        "Opening NSIR", "Closing NSIR", "Priority", "Log Narrative", "Date Time Attended", "Domestic Abuse",
        "Crime Related",
        "Reason No Crime", "Decision Maker", "Date Time of Decision",
    ]),
    "crime": ("Crime Report", [
        "Crime Id", "Crime Number", "Force Code", "Incident Number", "Report Group", "Date Time Reported",
        "Date Time Recorded", "Offence Date Time From", "Offence Date Time To", "Home Office Code Entered",
        "Home Office Code", "Home Office Class", "CJS Code", "Class Description", "MO", "Harassment Only Rationale",
        "Number of Occasions", "Course of Conduct", "Two or More Persons", "Crime Status", "Type of Location",
        "Postcode Sector",
        "Lat", "Long", "LSOA 21", "Recording Officer Shoulder Number", "Supervising Officer Shoulder Number",
        "Officer in Case", "Victims Code Enhanced", "Date Time Needs Assessment",
        "Date Time Personal Statement Offered",
        "Daily Management Meeting",
    ]),
    "classification_history": ("Crime Classification Changes", [
        "Crime Id", "Sequence", "Home Office Code", "Home Office Class", "Date Time Changed", "Changed By", "Reason",
        "Second Check",
    ]),
    "removal": ("Crime Removals", [
        "Crime Id", "Removal Code", "Date Time Removed", "Authorised By", "Role of Authoriser", "AVI", "Verifier",
        "Receiving Force", "Receiving Reference", "Date Time Accepted", "Parent Crime Number",
        "Date Time Victim Informed",
    ]),
    "party_role": ("Crime Person Links", [
        "Crime Id", "Person URN", "Role", "Named", "Relationship", "Vulnerability", "Age When Offence Committed",
        "Age at Disposal",
        "Date Time First Added", "Date Time Eliminated", "Victim Support for Prosecution",
    ]),
    "outcome": ("Crime Outcomes", [
        "Outcome Id", "Crime Id", "Sequence", "Outcome Code", "Outcome Label", "Date Time of Outcome", "Authorised By",
        "Rank of Authoriser", "Rationale", "Alternative Home Office Code", "Other Body",
        "Date Time Victim Informed", "Current",
    ]),
    "crime_flag": ("Crime Flags", ["Crime Id", "Flag", "Date Time Set", "Set By"]),
    "person": ("Person Record", [
        "Person URN", "Month of Birth", "Sex", "Self Defined Ethnicity", "PNC Hash", "Date of Death",
    ]),
}  # fmt: skip

EXPORTS = {"niche": NICHE, "athena": ATHENA, "connect": CONNECT}
# what these systems write for our codes: our set -> our code -> theirs
CODES = {
    "status": {"open": "Under Investigation", "closed": "Filed"},
    "role": {"victim": "Injured Party", "reporting_person": "Reporting Person"},
    "relationship": {"ex_partner": "Ex-Partner", "ex_spouse": "Former Spouse", "unknown": "Not Known"},
    "channel": {"front_counter": "Front Counter", "999": "999 Call"},
}
