-- /// card
-- description = """One row is what a right of the Victims' Code asks for, with the share in which the record shows that \
--     it was done. No person can be identified."""
-- grain = ["place"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Of duties that were due and can be assessed, over the whole extract. What no field says is not measured.",
--     """Informed of arrest and release: where the extract does not say what a contact was about, any contact counts, \
--     so the share is an upper limit.""",
--     "Hearings and results of courts are one measure: the figure beside both is that of both.",
-- ]
-- [columns]
-- "place, right_number, right_name, duty, time_words, measure_code, rule_code" = "reference.victim_rights"
-- "missing_field, authority" = "reference.victim_rights"
-- status = ["varchar", "As in metrics.protection_measures; no field where the extract has none"]
-- reason = "metrics.protection_measures"
-- met_count = ["bigint", "Done, in time where there is a time limit", "duties"]
-- due_count = ["bigint", "Due and assessed", "duties"]
-- met_share = ["double", "Met, as a share of due", "share"]
-- share_lower = ["double", "Lower end of the 95% interval", "share"]
-- share_upper = ["double", "Upper end of the 95% interval", "share"]
-- ///

-- The figures are those of the measures and standards: none is counted twice.
select
    r.place,
    r.right_number,
    r.right_name,
    r.duty,
    r.time_words,
    r.measure_code,
    r.rule_code,
    r.missing_field,
    r.authority,
    case
        when r.measure_code is null and r.rule_code is null then 'no field'
        when m.status is not null then m.status
        when c.kept_share is not null then 'measured'
        else 'not measured'
    end as status,
    m.reason,
    coalesce(m.met_count, c.kept_count) as met_count,
    coalesce(m.due_count, c.kept_count + c.breach_count) as due_count,
    coalesce(m.met_share, c.kept_share) as met_share,
    coalesce(m.share_lower, c.kept_lower) as share_lower,
    coalesce(m.share_upper, c.kept_upper) as share_upper
from reference.victim_rights as r
left join metrics.protection_measures as m on r.measure_code = m.measure_code
left join metrics.rule_compliance as c on r.rule_code = c.rule_code and c.breakdown = 'all'
