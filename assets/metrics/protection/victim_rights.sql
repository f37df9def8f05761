-- /// card
-- description = """One row is what a right of the Victims' Code asks for, with the share in which the record shows that \
--     it was done. No person can be identified."""
-- grain = ["place"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Of duties that were due and can be assessed, in the latest twelve months that are whole. What no field says is not measured.",
--     """Informed of arrest and release: where the extract does not say what a contact was about, any contact counts, \
--     so the share is an upper limit.""",
--     "Hearings and results of courts are one measure: the figure beside both is that of both.",
-- ]
-- [columns]
-- "place, right_number, right_name, duty, time_words, measure_code, rule_code" = "reference.victim_rights"
-- "missing_field, authority" = "reference.victim_rights"
-- period_start = ["date", "First month of what is counted; null if nothing is", "", "From"]
-- period_end = ["date", "Last month of what is counted, as its first day; null if nothing is", "", "To"]
-- status = ["varchar", "As in metrics.protection_measures; no field where the extract has none"]
-- reason = "metrics.protection_measures"
-- met_count = ["bigint", "Done, in time where there is a time limit", "duties"]
-- due_count = ["bigint", "Due and assessed", "duties"]
-- met_share = ["double", "Met, as a share of due", "share"]
-- share_lower = ["double", "Lower end of the 95% interval", "share"]
-- share_upper = ["double", "Upper end of the 95% interval", "share"]
-- ///

-- The figures are those of the measures and standards: none is counted twice.
-- of a standard the latest year in which each case had its time, else all months
with standards as (
    select measure_code, period_start, period_end, numerator, denominator, value, lower, upper
    from metrics.measure_values
    where breakdown = 'none' and (period_type = 'rolling_12' and is_drawn or period_type = 'to_date')
    qualify row_number() over (partition by measure_code order by period_type = 'to_date', period_end desc) = 1
)

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
    coalesce(m.period_start, v.period_start) as period_start,
    coalesce(m.period_end, v.period_end) as period_end,
    case
        when r.measure_code is null and r.rule_code is null then 'no field'
        when m.status is not null then m.status
        when v.value is not null then 'measured'
        else 'not measured'
    end as status,
    m.reason,
    coalesce(m.met_count, v.numerator) as met_count,
    coalesce(m.due_count, v.denominator) as due_count,
    coalesce(m.met_share, v.value) as met_share,
    coalesce(m.share_lower, v.lower) as share_lower,
    coalesce(m.share_upper, v.upper) as share_upper
from reference.victim_rights as r
left join metrics.protection_measures as m on r.measure_code = m.measure_code
left join standards as v on r.rule_code = v.measure_code
