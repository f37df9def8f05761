-- /// card
-- description = "One row is a record that a unit has to look at, because it breaks a standard (error) or may (warn)."
-- grain = ["rule_code", "record_type", "record_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "References only: no free text and no person. Open the record in its own system.",
--     "A warn is for the force crime registrar to decide; nobody corrects a record because a list says so.",
--     "First seen is the first build of this home that found it, not the day on which the record went wrong.",
-- ]
-- [columns]
-- "unit_name, rule_code, record_type, record_ref, rule_title" = "metrics.breach_records"
-- severity = ["varchar", "error or warn"]
-- is_escalated = "metrics.breach_records"
-- reason = ["varchar", "What is wrong with it, without words of the record"]
-- "class_code, month, first_run_ref, first_seen_at, is_new" = "metrics.breach_records"
-- ///

-- What a unit has to look at: breaches of errors and warnings that still stand, references only.
select
    unit_name,
    rule_code,
    record_type,
    record_ref,
    rule_title,
    severity,
    is_escalated,
    -- words of the record stay where they are: who works the list opens the record
    case when is_read_from_text then rule_title else reason end as reason,
    class_code,
    month,
    first_run_ref,
    first_seen_at,
    is_new
from metrics.breach_records
where severity in ('error', 'warn')
