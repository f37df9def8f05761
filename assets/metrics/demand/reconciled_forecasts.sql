-- /// card
-- description = """One row is the crimes expected in a month by the model that is used, where the classes add up to the \
--     whole subgroup: forecast and back-test."""
-- grain = ["series_ref", "origin_month", "is_current", "month"]
-- audience = []
-- caveats = [
--     """Classes and whole are forecast each by itself, and then reconciled. Where a class has no forecast, or the \
--     classes are not all of the whole, they stay as they are.""",
-- ]
-- [columns]
-- "series_ref, force_code, model, origin_month, is_current, month, months_ahead" = "metrics.forecast_runs"
-- "source, offence_code" = "metrics.demand_months"
-- is_reconciled = ["boolean", "The classes of this month add up to the whole subgroup"]
-- model_count = ["double", "Expected crimes before they were reconciled", "crimes"]
-- expected_count = ["double", "Expected recorded crimes", "crimes", "Expected"]
-- lower_80 = ["double", "Lower 80% limit, reconciled", "crimes", "Lower 80% limit"]
-- upper_80 = ["double", "Upper 80% limit, reconciled", "crimes", "Upper 80% limit"]
-- lower_95 = ["double", "Lower 95% limit, reconciled", "crimes", "Lower 95% limit"]
-- upper_95 = ["double", "Upper 95% limit, reconciled", "crimes", "Upper 95% limit"]
-- actual = "metrics.forecast_runs"
-- ///

-- Least-squares reconciliation (Wickramasuriya, Athanasopoulos and Hyndman 2019, section 2.3) with the expected counts as
-- weights, which is their variance by chance. Of one whole and its parts that is: each part times 2 T / (T + P) and the
-- whole times 2 P / (T + P), for T the whole and P the sum of parts. No expected count falls below 0.
with series as (
    select
        series_ref,
        source,
        force_code,
        offence_code,
        offence_code = 'S&H' as is_whole,
        sum(crime_count) as crime_count,
        count(*) - count(crime_count) as missing_count
    from metrics.demand_months
    group by series_ref, source, force_code, offence_code
),

-- a publication may give some of the classes only: then they are less than the whole
additive as (
    select source, force_code
    from series
    group by source, force_code
    having sum(case when is_whole then crime_count else -crime_count end) = 0 and sum(missing_count) = 0
),

used as (
    select
        s.source,
        s.offence_code,
        s.is_whole,
        -- sums of decimals are the same in every order, and so on every machine
        cast(r.mean as decimal(28, 9)) as exact_mean,
        r.*
    from metrics.forecast_runs as r
    inner join metrics.forecast_backtest as b on r.series_ref = b.series_ref and r.model = b.model and b.is_chosen
    inner join series as s on r.series_ref = s.series_ref
),

-- a class without a crime has no forecast, and none is expected of it
recorded as (
    select s.source, s.force_code, count(*) as series_count
    from series as s
    inner join additive as a on s.source = a.source and s.force_code is not distinct from a.force_code
    where s.crime_count > 0
    group by s.source, s.force_code
),

sums as (
    select
        u.source,
        u.force_code,
        u.origin_month,
        u.is_current,
        u.month,
        cast(sum(case when u.is_whole then u.exact_mean end) as double) as whole_mean,
        cast(sum(case when not u.is_whole then u.exact_mean end) as double) as parts_mean
    from used as u
    inner join recorded as n on u.source = n.source and u.force_code is not distinct from n.force_code
    group by u.source, u.force_code, u.origin_month, u.is_current, u.month, n.series_count
    having count(*) = n.series_count
),

scaled as (
    select
        u.*,
        coalesce(
            2 * case when u.is_whole then m.parts_mean else m.whole_mean end / nullif(m.whole_mean + m.parts_mean, 0), 1.0
        ) as times,
        m.source is not null and m.whole_mean + m.parts_mean > 0 as is_reconciled
    from used as u
    left join sums as m
        on u.source = m.source
        and u.force_code is not distinct from m.force_code
        and u.origin_month = m.origin_month
        and u.is_current = m.is_current
        and u.month = m.month
)

select
    series_ref,
    force_code,
    model,
    origin_month,
    is_current,
    month,
    months_ahead,
    source,
    offence_code,
    is_reconciled,
    mean as model_count,
    mean * times as expected_count,
    -- whole numbers that hold the expected count
    least(round(lower_80 * times), round(mean * times)) as lower_80,
    greatest(round(upper_80 * times), round(mean * times)) as upper_80,
    least(round(lower_95 * times), round(mean * times)) as lower_95,
    greatest(round(upper_95 * times), round(mean * times)) as upper_95,
    actual
from scaled
