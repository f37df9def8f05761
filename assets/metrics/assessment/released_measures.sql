-- /// card
-- description = """One row is a measure in a quarter, for the force or a part, by district or domestic abuse, as released to \
--     commissioners."""
-- grain = ["measure_code", "period_start", "breakdown", "breakdown_value"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """The definitions are those of metrics.measure_values. The numbers are after disclosure control: suppressed (*) or \
--     rounded, and also suppressed where they are of very few victims or of one suspect.""",
--     """Shares are of exact counts, to a whole point or two, and blank where the denominator may be below fifty, or \
--     where few are left. Parts need not add up to the force.""",
--     """A change is called one by the exact counts, as on the force's own pages. Of twenty measures that did not change, \
--     about one is called a change by chance. A count has the spread of the force's months.""",
--     "Duties without a time limit are not compared with a year before: cases of the later quarter can still be met.",
--     "Nothing is compared with a quarter before a change of recording that moved counts.",
-- ]
-- [columns]
-- measure_code = "metrics.released_figures"
-- period_type = ["varchar", "quarter"]
-- period_start = ["date", "First day of the quarter"]
-- breakdown = ["varchar", "none, district or domestic_abuse"]
-- breakdown_value = ["varchar", "Part of the breakdown; all for the force", "", "Part"]
-- numerator_text = ["varchar", "Counted, as released: number or token", "", "Counted"]
-- denominator_text = ["varchar", "Of these, as released: number or token; null for a count", "", "Of these"]
-- numerator = ["bigint", "Counted, rounded; null where it is not shown"]
-- denominator = ["bigint", "Of these, rounded; null where it is not shown, and for a count"]
-- value = ["double", "The count, or the share from exact counts; null where it is not shown", "", "Value"]
-- lower = ["double", "Lower 95% limit of a share (Wilson); null for a count", "0 to 1", "From (95%)"]
-- upper = ["double", "Upper 95% limit of a share (Wilson); null for a count", "0 to 1", "To (95%)"]
-- value_before = ["double", "The value of the same quarter a year before", "", "Year before"]
-- "change_lower, change_upper, change" = "metrics.released_figures"
-- ///

-- Only from what is released, so that no figure here reveals more than metrics.released_figures does.
select
    f.measure_code,
    'quarter' as period_type,
    cast(split_part(f.period_code, ' ', 2) as date) as period_start,
    case when f.breakdown = 'all' then 'none' else f.breakdown end as breakdown,
    case when f.breakdown = 'all' then 'all' else f.group_name end as breakdown_value,
    f.text as numerator_text,
    w.text as denominator_text,
    f.value as numerator,
    w.value as denominator,
    case when f.parent_ref is null then cast(f.value as double) else f.share end as value,
    f.share_lower as lower,
    f.share_upper as upper,
    case when f.parent_ref is null then cast(b.value as double) else b.share end as value_before,
    f.change_lower,
    f.change_upper,
    f.change
from metrics.released_figures as f
inner join reference.public_measures as p on f.measure_code = p.measure_code
left join metrics.released_figures as w on f.parent_ref = w.cell_ref
left join metrics.released_figures as b on f.before_ref = b.cell_ref
where f.period_code like 'quarter %'
