-- /// card
-- description = """One row is a district with the stalking (8Q), or the other stalking and harassment, expected there in \
--     the months ahead together."""
-- grain = ["force_code", "district", "part"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """Districts share the force's forecast as they shared its crimes in the last twelve months. So they add up to it, \
--     and a district that grows faster than others is expected too low.""",
--     "District is the local authority where the crime was committed; one that is not known is a row of its own.",
--     """Earlier totals overlap, and those of districts move together: they give less evidence than their number \
--     suggests.""",
-- ]
-- [columns]
-- force_code = "metrics.reconciled_forecasts"
-- district = ["varchar", "Local authority or partnership of the offence, by its small area", "", "District"]
-- part = ["varchar", "stalking (8Q) or other classes", "", "Offence"]
-- month_count = ["bigint", "Months ahead", "months"]
-- first_month = ["date", "First of these months"]
-- recorded_count = ["bigint", "Crimes recorded in the last twelve months", "crimes", "Last twelve months"]
-- expected_count = ["double", "Expected recorded crimes in the months ahead", "crimes", "Expected"]
-- lower_80 = ["double", "Lower 80% limit of the months together", "crimes", "Lower 80% limit"]
-- upper_80 = ["double", "Upper 80% limit of the months together", "crimes", "Upper 80% limit"]
-- lower_95 = ["double", "Lower 95% limit of the months together", "crimes", "Lower 95% limit"]
-- upper_95 = ["double", "Upper 95% limit of the months together", "crimes", "Upper 95% limit"]
-- test_count = ["bigint", "Earlier totals of one to twelve months compared with the recorded number", "totals"]
-- held_80_count = ["bigint", "Of these, totals within the 80% limits", "totals"]
-- held_95_count = ["bigint", "Of these, totals within the 95% limits", "totals"]
-- ///

-- Stalking in a district is often fewer than five crimes a month, so it is given for the months ahead together.
with settings as (
    -- quantiles of the normal distribution
    select intervals_z as z_95, intervals_z_80 as z_80
    from core.settings
),

monthly as (
    select
        force_code,
        origin_month,
        is_current,
        month,
        case when offence_code = '8Q' then 'stalking (8Q)' else 'other classes' end as part,
        -- sums of decimals are the same in every order, and so on every machine
        sum(cast(expected_count as decimal(28, 9))) as mean,
        sum(actual) as actual,
        count(*) = count(actual) as is_followed,
        -- what the force's forecast may miss beyond chance; errors of classes do not go together, those of months do
        sqrt(cast(sum(cast(
            greatest(power((upper_80 - lower_80) / (2 * s.z_80), 2) - expected_count, 0) as decimal(28, 9)
        )) as double)) as excess
    from metrics.reconciled_forecasts
    cross join settings as s
    where source = 'extract' and offence_code <> 'S&H' and is_reconciled
    group by
        force_code, origin_month, is_current, month, case when offence_code = '8Q' then 'stalking (8Q)' else 'other classes' end
),

ahead as (
    select
        force_code,
        origin_month,
        is_current,
        part,
        count(*) as month_count,
        min(month) as first_month,
        max(month) as last_month,
        cast(sum(mean) as double) as mean,
        cast(sum(cast(excess as decimal(28, 9))) as double) as excess
    from monthly
    where is_current or is_followed
    group by force_code, origin_month, is_current, part
),

recorded as (
    select
        force_code,
        period_start as month,
        breakdown_value as district,
        case when second_value = '8Q' then 'stalking (8Q)' else 'other classes' end as part,
        sum(numerator) as crime_count
    from metrics.measure_pairs
    where measure_code = 'recorded' and period_type = 'month' and breakdown = 'district' and second_breakdown = 'class'
    group by
        force_code, period_start, breakdown_value, case when second_value = '8Q' then 'stalking (8Q)' else 'other classes' end
),

districts as (
    select distinct force_code, district
    from recorded
),

counted as (
    select
        a.force_code,
        a.origin_month,
        a.is_current,
        a.part,
        d.district,
        -- a month without a row has none
        coalesce(sum(r.crime_count) filter (where r.month <= a.origin_month), 0) as before_count,
        coalesce(sum(r.crime_count) filter (where r.month > a.origin_month), 0) as after_count
    from ahead as a
    inner join districts as d on a.force_code = d.force_code
    left join recorded as r
        on a.force_code = r.force_code
        and a.part = r.part
        and d.district = r.district
        and r.month > a.origin_month - interval 12 month
        and r.month <= a.last_month
    group by a.force_code, a.origin_month, a.is_current, a.part, d.district
),

shared as (
    select
        c.*,
        a.month_count,
        a.first_month,
        a.mean,
        a.excess,
        sum(c.before_count) over (partition by c.force_code, c.origin_month, c.is_current, c.part) as whole_count
    from counted as c
    inner join ahead as a
        on c.force_code = a.force_code and c.origin_month = a.origin_month and c.is_current = a.is_current and c.part = a.part
),

-- chance in the months ahead, what the force's forecast may miss, and chance in the share
spread as (
    select
        *,
        mean * before_count / whole_count as expected_count,
        mean * before_count / whole_count
        + power(excess * before_count / whole_count, 2)
        + power(mean, 2) * before_count * (whole_count - before_count) / power(whole_count, 3) as variance
    from shared
    where whole_count > 0
),

-- on the scale of square roots, as in assets/methods/forecast.py
rooted as (
    select
        d.*,
        sqrt(d.expected_count + 0.375) as root,
        s.z_80 * sqrt(d.variance) / (2 * sqrt(d.expected_count + 0.375)) as reach_80,
        s.z_95 * sqrt(d.variance) / (2 * sqrt(d.expected_count + 0.375)) as reach_95
    from spread as d
    cross join settings as s
),

limited as (
    select
        *,
        least(greatest(ceil(power(greatest(root - reach_80, 0), 2) - 0.375), 0), round(expected_count)) as lower_80,
        greatest(floor(power(root + reach_80, 2) - 0.375), round(expected_count)) as upper_80,
        least(greatest(ceil(power(greatest(root - reach_95, 0), 2) - 0.375), 0), round(expected_count)) as lower_95,
        greatest(floor(power(root + reach_95, 2) - 0.375), round(expected_count)) as upper_95
    from rooted
),

tested as (
    select
        force_code,
        district,
        part,
        count(*) as test_count,
        count(*) filter (where after_count between lower_80 and upper_80) as held_80_count,
        count(*) filter (where after_count between lower_95 and upper_95) as held_95_count
    from limited
    where not is_current
    group by force_code, district, part
)

select
    n.force_code,
    n.district,
    n.part,
    n.month_count,
    n.first_month,
    cast(n.before_count as bigint) as recorded_count,
    n.expected_count,
    n.lower_80,
    n.upper_80,
    n.lower_95,
    n.upper_95,
    coalesce(t.test_count, 0) as test_count,
    coalesce(t.held_80_count, 0) as held_80_count,
    coalesce(t.held_95_count, 0) as held_95_count
from limited as n
left join tested as t on n.force_code = t.force_code and n.district = t.district and n.part = t.part
where n.is_current
