-- Who was another person last month: merges and splits, by day.
select
    run_number,
    changed_on,
    person_ref,
    change,
    other_ref,
    record_count,
    reason
from raw.person_ref_changes
