select
    t.review_id as review_ref,
    t.crime_id as crime_ref,
    cast(t.ts as timestamptz) as reviewed_at,
    t.level as review_level,
    t.by_id as reviewer_ref,
    t.offence_check,
    t.vcop_check as victims_code_check,
    cast(t.prior_linked as boolean) as has_prior_reports_linked,
    cast(t.next_due as date) as next_due_date
from raw.review as t
inner join core.current_periods as p
    on p.source = 'review' and t.delivery_ref = p.delivery_ref and t.period = p.period
