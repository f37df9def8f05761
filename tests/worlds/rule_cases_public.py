"""Cases of the delivery and open data rules."""

from typing import Any

DELIVERY = {"file_name": "2025-01-kent-street.csv", "status": "loaded", "rows_read": 10, "rows_loaded": 10,
            "rows_quarantined": 0, "rows_lost": 0, "reason": "", "notices": "", "notice_count": 0}  # fmt: skip
STREET = {"delivery_ref": "d1", "line_number": 2, "month": "2025-01-01", "force_code": "E23000032",
          "reported_by": "Kent Police", "crime_type": "Burglary", "outcome_type": "Under investigation",
          "longitude": 0.5, "latitude": 51.2, "lsoa_code": "E01000001",
          "crime_ref": "00000000-0000-0000-0000-000000000001", "is_in_published_lists": True,
          "is_crime_id_as_expected": True, "is_location_plausible": True, "is_lsoa_of_vintage": True}  # fmt: skip
OUTCOME = {"delivery_ref": "d1", "line_number": 2, "outcome_type": "Suspect charged", "is_in_published_lists": True}
COVERAGE = {"source": "police_uk_street", "force_code": "E23000032", "month": "2025-01-01", "is_supplied": True,
            "is_expected": True}  # fmt: skip
PERIOD = {"source": "police_uk_street", "period": "Kent Police|2025-01", "undated_count": 1}
TOTAL = {"check_ref": "c", "title": "printed total", "area_name": "England and Wales", "value_a": 100, "value_b": 100,
         "agrees": True, "is_published_total": True}  # fmt: skip
LABEL = {"delivery_ref": "d1", "label_type": "force", "label": "Kent", "first_line_number": 2, "row_count": 4,
         "is_known": True}  # fmt: skip
_DELIVERIES = "raw.deliveries"
_RECORDED_CRIMES = "core.recorded_crimes"

CASES: dict[tuple[str, str], Any] = {
    ("DEL-01", _DELIVERIES): (DELIVERY, {"rows_loaded": 9, "rows_lost": 1}, "read 10, loaded 9"),
    ("DEL-02", _DELIVERIES): (DELIVERY, {"status": "refused", "reason": "line 1: a web page"}, "a web page", None),
    ("DEL-03", _DELIVERIES): (DELIVERY, {"rows_loaded": 8, "rows_quarantined": 2}, "2 of 10 rows", None),
    ("DEL-04", _DELIVERIES): (
        DELIVERY, {"notice_count": 1, "notices": "line 1: unknown column 'Extra'"}, "Extra", None
    ),
    ("DEL-05", "core.current_periods"): (PERIOD, {"undated_count": 2}, "2 files without a date"),
    ("DEL-06", "core.published_labels"): (
        LABEL, {"label": "Ruritania", "is_known": False}, "force Ruritania is unknown, in 4 rows"
    ),
    ("PUB-01", _RECORDED_CRIMES): (
        STREET, {"crime_type": "Witchcraft", "is_in_published_lists": False}, "Witchcraft", None
    ),
    ("PUB-01", "core.crime_outcomes"): (
        OUTCOME, {"outcome_type": "Shrug", "is_in_published_lists": False}, "Shrug", None
    ),
    ("PUB-02", _RECORDED_CRIMES): (
        STREET, {"crime_ref": None, "is_crime_id_as_expected": False}, "blank or malformed for Burglary"
    ),
    ("PUB-03", "core.coverage"): (COVERAGE, {"is_supplied": False}, "no file", None),
    ("PUB-04", _RECORDED_CRIMES): (
        STREET, {"longitude": 151.2, "is_location_plausible": False}, "longitude 151.2",
        {"latitude": None, "is_location_plausible": None},
    ),
    ("PUB-04-LSOA", _RECORDED_CRIMES): (STREET, {"is_lsoa_of_vintage": False}, "LSOA E01000001 in 2025-01"),
    ("STR-16", _RECORDED_CRIMES): (STREET, {"force_code": None, "reported_by": "Ruritania Police"}, "Ruritania", None),
    ("PUB-06", "metrics.reconciliations"): (TOTAL, {"value_b": 101, "agrees": False}, "100 against 101"),
    ("PUB-06-CROSS", "metrics.reconciliations"): (
        {**TOTAL, "is_published_total": False}, {"value_b": 101, "agrees": False}, "100 against 101"
    ),
}
