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
-- unit_name = ["varchar", "Unit of the officer in the case"]
-- rule_code = ["varchar", "Rule"]
-- record_type = ["varchar", "crime, incident or order"]
-- record_ref = ["varchar", "The record"]
-- rule_title = ["varchar", "What must be true"]
-- severity = ["varchar", "error or warn"]
-- is_escalated = ["boolean", "Goes to a supervisor at once"]
-- reason = ["varchar", "What is wrong with it, without words of the record"]
-- class_code = ["varchar", "Counting-rules class of the crime"]
-- month = ["date", "Month in which the crime was recorded, or the incident created"]
-- first_run_ref = ["varchar", "Build that found it first"]
-- first_seen_at = ["timestamp with time zone", "When that was", "UTC"]
-- is_new = ["boolean", "Found for the first time by the latest build"]
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
