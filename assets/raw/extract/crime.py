# /// card
# description = "One row is a recorded crime."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Personal data of the force: it stays in the warehouse and is published only through the tables made from it.",
# ]
# publisher = "The force whose extract it is"
# licence = "Not licensed for publication"
# published = "with each extract"
# [columns]
# crime_id = ["varchar", "Crime, unique in the extract"]
# crime_ref = ["varchar", "Crime reference number, unique within a force"]
# force_code = "columns"
# incident_id = ["varchar", "Incident it was recorded from"]
# report_group_id = ["varchar", "One report that led to several crimes"]
# reported_ts = ["varchar", "When it was first reported to police", "UTC"]
# recorded_ts = ["varchar", "When the crime record was made", "UTC"]
# offence_from_ts = ["varchar", "First moment of the offence", "UTC"]
# offence_to_ts = ["varchar", "Last moment of the offence", "UTC"]
# ho_code_raw = ["varchar", "Home Office code as recorded in the record system"]
# ho_code = ["varchar", "Home Office code, class and sub-class"]
# class_code = "columns"
# cjs_code = ["varchar", "CJS offence code"]
# class_label = ["varchar", "Name of the class"]
# mo_text = ["varchar", "Modus operandi, free text"]
# harassment_only_rationale = ["varchar", "Why conduct by a former partner is harassment in law only"]
# coc_count = ["varchar", "Occasions in the course of conduct"]
# course_of_conduct = ["varchar", "A course of conduct was found"]
# s1_1a = ["varchar", "Conduct against two or more people, section 1(1A)"]
# status = ["varchar", "State of the investigation"]
# location_type = ["varchar", "Kind of place"]
# postcode_sector = ["varchar", "Postcode sector"]
# lat = ["varchar", "Latitude"]
# lon = ["varchar", "Longitude"]
# lsoa21 = ["varchar", "Lower layer super output area of 2021"]
# recording_collar = ["varchar", "Collar number of the recording officer"]
# supervising_collar = ["varchar", "Collar number of the supervising officer"]
# oic_id = ["varchar", "Officer in the case"]
# vcop_enhanced = ["varchar", "Victim marked for enhanced rights under the Victims' Code"]
# needs_assessment_ts = ["varchar", "When the victim's needs assessment was recorded", "UTC"]
# vps_offered_ts = ["varchar", "When a victim personal statement was offered", "UTC"]
# dmm_flag = ["varchar", "Discussed in the daily management meeting"]
# ///

"""Force extract, table `crime` of recording-standards 7: a recorded crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "crime",
    ("recorded_ts",),
    ("class_code", "ho_code"),  # an ho_code that is missing is taken from ho_code_raw
    crime_id="key",
    crime_ref="text",
    force_code="text",
    incident_id="text?",
    report_group_id="text?",
    reported_ts="ts",
    recorded_ts="ts",
    offence_from_ts="ts",
    offence_to_ts="ts?",
    ho_code_raw="text",
    ho_code="ho",
    class_code="class",
    cjs_code="text?",
    class_label="text",
    mo_text="free",
    harassment_only_rationale="free?",
    coc_count="int?",
    course_of_conduct="bool?",
    s1_1a="bool",
    status="set:crime_status",
    location_type="text",
    postcode_sector="text?",
    lat="num?",
    lon="num?",
    lsoa21="text?",
    recording_collar="text",
    supervising_collar="text",
    oic_id="text?",
    vcop_enhanced="bool?",
    needs_assessment_ts="ts?",
    vps_offered_ts="ts?",
    dmm_flag="bool?",
)
