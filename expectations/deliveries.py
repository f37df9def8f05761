"""Rules on deliveries: are they complete and readable?"""

from __future__ import annotations

from typing import Any

from expectations.rule import Rule

_DELIVERY: dict[str, Any] = {"table": "raw.deliveries", "record_type": "delivery", "record_ref": "file_name"}

RULES = (
    Rule(
        code="DEL-01",
        title="No row is lost between file and table",
        description="For every delivery the rows read equal the rows loaded and the rows quarantined.",
        authority="recording-standards DEL-01; our own check, no national source",
        dimension="integrity",
        severity="error",
        arguments={"column": "rows_lost", "value_set": [0]},
        detail="'read ' || rows_read || ', loaded ' || rows_loaded || ', quarantined ' || rows_quarantined",
        **_DELIVERY,
    ),
    Rule(
        code="DEL-02",
        title="Every recognised file could be read",
        description="A file that is broken, misnamed or of another kind is refused whole and kept in quarantine.",
        authority="recording-standards DEL-02; our own check, no national source",
        dimension="conformity",
        expectation="ExpectColumnValuesToNotBeInSet",
        arguments={"column": "status", "value_set": ["refused"]},
        detail="reason",
        **_DELIVERY,
    ),
    Rule(
        code="DEL-03",
        title="Every row of a delivery is usable",
        description="Rows that cannot be used are kept in quarantine with their place and reason.",
        authority="recording-standards DEL-03; our own check, no national source",
        dimension="conformity",
        applies="status <> 'refused'",
        arguments={"column": "rows_quarantined", "value_set": [0]},
        detail="rows_quarantined || ' of ' || rows_read || ' rows are in quarantine'",
        **_DELIVERY,
    ),
    Rule(
        code="DEL-04",
        title="Everything in a delivery is known",
        description="Columns, sheets, encodings, values and placeholders for keys that the reader does not expect are "
        "reported, not dropped.",
        authority="recording-standards DEL-04, 4.3 (fail on an unmapped header); our own check, no national source",
        dimension="conformity",
        severity="info",
        applies="status <> 'refused'",
        arguments={"column": "notice_count", "value_set": [0]},
        detail="notices",
        **_DELIVERY,
    ),
    Rule(
        code="DEL-05",
        title="One current file for each period",
        description="Two undated files for one force and month contradict each other: the one received last is used. "
        "Put the older one into a folder whose name carries its date.",
        authority="recording-standards DEL-05; settled points, deliveries; our own check, no national source",
        dimension="duplication",
        table="core.current_periods",
        record_type="series",
        record_ref="source || ' ' || period",
        arguments={"column": "undated_count", "value_set": [0, 1]},
        detail="undated_count || ' files without a date in their folder hold this period'",
    ),
    Rule(
        code="DEL-06",
        title="Every force and offence class in a table is known",
        description="An unknown name is in no figure by force or class: add the name to reference.force_names, or "
        "the class to reference.offence_classes.",
        authority="recording-standards DEL-06, 4.3, 6.1 (STR-16); our own check, no national source",
        dimension="conformity",
        severity="error",
        table="core.published_labels",
        record_type="row",
        record_ref="delivery_ref || ':' || first_line_number",
        arguments={"column": "is_known", "value_set": [True]},
        detail="label_type || ' ' || coalesce(label, 'blank') || ' is unknown, in ' || row_count || ' rows'",
    ),
)
