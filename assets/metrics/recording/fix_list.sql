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
