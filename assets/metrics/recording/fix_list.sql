-- /// card
-- description = "One row is a record for a unit to check, because it breaches a standard (error) or may do so (warn)."
-- grain = ["rule_code", "record_type", "record_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "References only: no free text and no names. Open the record in its own system.",
--     "Warnings are for the force crime registrar to decide; nobody corrects a record only because it is listed.",
--     "First seen is the first build on this computer that found the record, not the day of the error.",
-- ]
-- [columns]
-- "force_code, unit_name, rule_code, record_type, record_ref, rule_title" = "metrics.breach_records"
-- severity = ["varchar", "error or warn"]
-- is_escalated = "metrics.breach_records"
-- reason = ["varchar", "What is wrong with the record, without its own words", "", "What is wrong"]
-- "investigator_ref, class_code, month, first_run_ref, first_seen_at, is_new" = "metrics.breach_records"
-- ///

-- Current breaches for units to check, as references only.
select
    force_code,
    unit_name,
    rule_code,
    record_type,
    record_ref,
    rule_title,
    severity,
    is_escalated,
    -- the record's own words stay in its system: the user of the list opens the record there
    case when is_read_from_text then rule_title else reason end as reason,
    investigator_ref,
    class_code,
    month,
    first_run_ref,
    first_seen_at,
    is_new
from metrics.breach_records
where severity in ('error', 'warn')
