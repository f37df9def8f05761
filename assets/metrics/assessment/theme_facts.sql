-- /// card
-- description = "One row is a fact about a theme for its chapter; a fact that is not measured has no value."
-- grain = ["theme_code", "fact_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Recorded crime; not prevalence.",
--     """Small counts (settings, suppression.smallest_shown), and shares that would reveal one, are left out. So is a \
--     share that leaves a small count of the period's crimes out: beside the others it would reveal that one.""",
-- ]
-- [columns]
-- theme_code = "columns"
-- section = ["varchar", "Section of the chapter"]
-- place = ["bigint", "Position in the section"]
-- fact_code = ["varchar", "Fact"]
-- label = ["varchar", "Description", "", "Fact"]
-- value = ["double", "Value; null where not measured or too few", "the unit"]
-- "unit, numerator" = "columns"
-- denominator = ["bigint", "Denominator; null for a count"]
-- lower = ["double", "Lower 95% limit; null where the fact is no rate, share or number of crimes of a year", "the unit"]
-- upper = ["double", "Upper 95% limit", "the unit"]
-- is_small = ["boolean", "Left out because it, the rest of its denominator, or what that leaves out, is a small count"]
-- period = ["varchar", "Period or crimes covered", "", "When"]
-- note = "columns"
-- ///

-- Counts of crimes of a year have Byar's interval (1978), shares Wilson's. People on record and what is open today were
-- counted whole: they have none. A small count, or a share whose rest is one, is suppressed.
with settings as (
    select
        intervals_z as z,
        suppression_smallest_shown as smallest_shown,
        rates_base as base
    from core.settings
),

themes as (
    select theme_code
    from reference.themes
    where theme_code in (select theme_code from metrics.theme_counts)
),

-- the crimes of a theme and period, of which most shares are
wholes as (
    select c.theme_code, f.period, max(c.denominator) as whole_count
    from metrics.theme_counts as c
    inner join reference.theme_facts as f on c.fact_code = f.fact_code and f.is_of_crimes
    group by c.theme_code, f.period
),

joined as (
    select
        t.theme_code,
        f.section, f.place, f.fact_code, f.label, f.kind, f.unit, f.period, f.note,
        c.numerator,
        c.denominator,
        case when c.denominator > 0 then c.numerator / cast(c.denominator as double) end as share,
        s.z,
        s.base,
        f.kind = 'mean' or (f.kind = 'count' and (f.first_year is null or f.unit != 'crimes')) as is_counted,
        coalesce(
            c.numerator between 1 and s.smallest_shown - 1
            or (f.kind = 'share' and c.denominator - c.numerator between 1 and s.smallest_shown - 1)
            or (f.kind = 'share' and w.whole_count - c.denominator between 1 and s.smallest_shown - 1), false
        ) as is_small
    from themes as t
    cross join reference.theme_facts as f
    cross join settings as s
    left join metrics.theme_counts as c on t.theme_code = c.theme_code and f.fact_code = c.fact_code
    -- people and areas are no part of the crimes
    left join wholes as w on t.theme_code = w.theme_code and f.period = w.period and f.is_of_crimes
),

limits as (
    select
        *,
        case when numerator > 0
            then numerator * power(1 - 1 / (9.0 * numerator) - z / (3 * sqrt(numerator)), 3) else 0.0
        end as count_lower,
        (numerator + 1) * power(1 - 1 / (9.0 * (numerator + 1)) + z / (3 * sqrt(numerator + 1)), 3) as count_upper,
        wilson_lower(share, denominator, z) as share_lower,
        wilson_upper(share, denominator, z) as share_upper
    from joined
),

counted as (
    select
        theme_code, section, place, fact_code, label,
        case
            when is_small then null
            when kind in ('share', 'mean') then share
            when kind = 'rate' then share * base
            else numerator
        end as value,
        unit,
        case when not is_small then numerator end as numerator,
        case when not is_small then denominator end as denominator,
        case
            when is_small or numerator is null or is_counted then null
            when kind = 'share' then greatest(0.0, share_lower)
            when kind = 'rate' then count_lower * base / denominator
            else count_lower
        end as lower,
        case
            when is_small or numerator is null or is_counted then null
            when kind = 'share' then least(1.0, share_upper)
            when kind = 'rate' then count_upper * base / denominator
            else count_upper
        end as upper,
        is_small,
        period,
        case
            when numerator is null and kind = 'rate' then 'not measured: no count of residents is near enough'
            when numerator is null then 'not measured' || coalesce(': ' || note, '')
            when kind = 'rate' then coalesce(note || '. ', '') || r.words
            else note
        end as note
    from limits
    left join (
        select
            'Residents of ' || population_year || ', ' || age_band || ', '
            || case source when 'total' then 'from the list of the commissioner' else 'estimate of the ONS' end as words
        from core.residents
        where is_total
    ) as r on true
),

forecasts as (
    select
        t.theme_code,
        'forecast' as section,
        cast(90 as bigint) as place,
        'expected_a_month' as fact_code,
        'Expected crimes in an average month of the next twelve' as label,
        case when f.expected_a_month >= s.smallest_shown then f.expected_a_month end as value,
        'crimes' as unit,
        cast(null as bigint) as numerator,
        cast(null as bigint) as denominator,
        case when f.expected_a_month >= s.smallest_shown then f.lower_a_month end as lower,
        case when f.expected_a_month >= s.smallest_shown then f.upper_a_month end as upper,
        coalesce(f.expected_a_month < s.smallest_shown, false) as is_small,
        case when f.theme_code is null then '' else f.month_count || ' months ahead' end as period,
        case
            when f.theme_code is null then 'not measured: no forecast is made of this theme'
            else wording.words
        end as note
    from themes as t
    cross join settings as s
    inner join reference.themes as r on t.theme_code = r.theme_code and r.band = 'scored'
    left join metrics.theme_forecasts as f on t.theme_code = f.theme_code
    left join (
        select
            theme_code,
            'By ' || model || '. Limits of a single month, averaged, contained ' || coalesce(held_95_count, 0) || ' of '
            || coalesce(forecast_count, 0) || ' earlier months; assumes that recording does not change' as words
        from metrics.theme_forecasts
    ) as wording on t.theme_code = wording.theme_code
)

select * from counted
union all
select * from forecasts
