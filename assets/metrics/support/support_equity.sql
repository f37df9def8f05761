-- /// card
-- description = """One row is a group of victims in the current year: its share that reaches a step of support, and \
--     the ratio to the largest group."""
-- grain = ["measure_code", "breakdown", "group_code"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """From released shares, with 95% intervals of the rounded numbers (Wilson; Katz and others 1978).""",
--     """About one in twenty intervals misses its true value by chance alone. Groups differ in age, kind of crime and \
--     much else.""",
--     "Values that are not recorded may hide a difference, or create one.",
-- ]
-- [columns]
-- measure_code = ["varchar", """offered (of known), consented or accepted (of offered), engaged or completed (of \
--     accepted)"""]
-- breakdown = ["varchar", "sex, age, ethnicity, disability, sexual_orientation, religion or area"]
-- "group_code, group_name, place" = "metrics.released_figures"
-- text = ["varchar", "Victims who reach the step, as released", "", "Reach this step"]
-- whole_text = ["varchar", "Victims of the step before, as released", "", "Victims of the step before"]
-- share = ["double", "Share of these; null where not released", "0 to 1"]
-- "share_lower, share_upper" = "metrics.released_figures"
-- reference_group = ["varchar", "Largest group, the reference for the ratio"]
-- rate_ratio = ["double", "Share divided by that of the largest group", "ratio"]
-- ratio_lower = ["double", "Lower end of the 95% interval", "ratio"]
-- ratio_upper = ["double", "Upper end of the 95% interval", "ratio"]
-- not_recorded_share = ["double", "Share of the victims of the step before whose group is not recorded", "0 to 1"]
-- ///

-- Ratios to the largest group with the limits of Katz and others (1978). Only released shares and counts are used.
with current_period as (
    select period_code
    from core.support_periods
    where period_type = 'current'
),

steps as (
    select f.measure_code, f.breakdown, f.group_code, f.group_name, f.place, f.value as part, w.value as whole, f.share,
        f.share_lower, f.share_upper, f.text, w.text as whole_text, f.period_code
    from metrics.released_figures as f
    inner join current_period as p on f.period_code = p.period_code
    inner join metrics.released_figures as w on f.parent_ref = w.cell_ref
    where
        f.measure_code in ('offered', 'consented', 'accepted', 'engaged', 'completed')
        and f.breakdown in ('sex', 'age', 'ethnicity', 'disability', 'sexual_orientation', 'religion', 'area')
),

largest as (
    select
        measure_code,
        breakdown,
        group_code,
        row_number() over (partition by measure_code, breakdown order by whole desc, group_code) as size_place
    from steps
    where share is not null and part > 0 and group_code not in ('not recorded', 'Other value')
),

reference_groups as (
    select s.measure_code, s.breakdown, s.group_name, s.part, s.whole, s.share
    from steps as s
    inner join largest as l
        on s.measure_code = l.measure_code
        and s.breakdown = l.breakdown
        and s.group_code = l.group_code
        and l.size_place = 1
),

unknown as (
    -- a group without a row is empty; where its number is not released, neither is its share
    select
        measure_code,
        breakdown,
        case
            when count(*) filter (where group_code = 'not recorded') = 0 then 0
            else max(case when group_code = 'not recorded' then whole end)
        end as not_recorded_count
    from steps
    group by measure_code, breakdown
),

totals as (
    select f.measure_code, w.value as whole
    from metrics.released_figures as f
    inner join current_period as p on f.period_code = p.period_code
    inner join metrics.released_figures as w on f.parent_ref = w.cell_ref
    where f.breakdown = 'all'
),

settings as (
    select intervals_z as z
    from core.settings
),

compared as (
    select
        s.measure_code,
        s.breakdown,
        s.group_code,
        s.group_name,
        s.place,
        s.text,
        s.whole_text,
        s.share,
        s.share_lower,
        s.share_upper,
        r.group_name as reference_group,
        case
            when s.part > 0
                and s.share is not null
                and s.group_name <> r.group_name
                and s.group_code not in ('not recorded', 'Other value')
                -- where all of a group reach the step there is no error to compute limits from
                and s.share < 1
                and r.share < 1
                then s.share / r.share
        end as rate_ratio,
        sqrt((1 - s.share) / nullif(s.share * s.whole, 0) + (1 - r.share) / (r.share * r.whole)) as log_error,
        u.not_recorded_count / cast(nullif(t.whole, 0) as double) as not_recorded_share,
        x.z
    from steps as s
    cross join settings as x
    left join reference_groups as r on s.measure_code = r.measure_code and s.breakdown = r.breakdown
    left join unknown as u on s.measure_code = u.measure_code and s.breakdown = u.breakdown
    left join totals as t on s.measure_code = t.measure_code
)

select
    measure_code,
    breakdown,
    group_code,
    group_name,
    place,
    text,
    whole_text,
    share,
    share_lower,
    share_upper,
    reference_group,
    rate_ratio,
    rate_ratio * exp(-z * log_error) as ratio_lower,
    rate_ratio * exp(z * log_error) as ratio_upper,
    not_recorded_share
from compared
