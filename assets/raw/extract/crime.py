"""Force extract, table `crime` of recording-standards 7: a recorded crime."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "crime",
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
    class_code="text",
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
