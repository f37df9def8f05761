-- /// card
-- description = "One row is a review of a crime."
-- grain = ["review_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- review_ref = ["varchar", "Review"]
-- crime_ref = "columns"
-- reviewed_at = ["timestamp with time zone", "When", "UTC"]
-- review_level = ["varchar", "Role of the reviewer: supervisor, manager, dci or peer"]
-- reviewer_ref = ["varchar", "Reviewer"]
-- offence_check = "raw.review"
-- victims_code_check = ["varchar", "Whether the Victims' Code is met"]
-- has_prior_reports_linked = ["boolean", "Previous reports are linked"]
-- next_due_date = ["date", "When the next review is due"]
-- ///

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
