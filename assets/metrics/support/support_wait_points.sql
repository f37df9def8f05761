-- /// card
-- description = """One row is a month of waits for support with the limits that apply to it and the signal it gives, \
--     if any."""
-- grain = ["wait_code", "month"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     """The mean wait of referrals offered in the month and accepted since. A month is shown four weeks after its \
--     end: before that, only its short waits have ended.""",
--     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
--     seven, two of three in the outer third.""",
-- ]
-- method = "spc.series.series_points"
-- [columns]
-- wait_code = "metrics.support_waits"
-- month = ["date", "Month of the offer, long enough ago for its waits to have ended", "", "Month of the offer"]
-- value = ["double", "Mean wait; null where it is not released", "days", "Mean wait (days)"]
-- "segment, is_baseline" = "columns"
-- centre_line = ["double", "Mean of the baseline", "days", "Average"]
-- lower_limit = ["double", "Lower limit; null without limits", "days"]
-- upper_limit = ["double", "Upper limit; null without limits", "days"]
-- "signal, signal_direction" = "columns"
-- limits_status = ["varchar", "drawn, too_few_points or no_variation"]
-- expected_false_signals = ["double", "Signals expected by chance", "signals"]
-- ///

-- Recording changes do not affect waits, so the series has none.
select
    w.wait_code as series_ref,
    w.wait_code,
    w.month,
    cast(1 as integer) as period_months,
    'xmr' as chart_kind,
    w.mean_days as value,
    '' as recording_classes,
    '' as recording_source,
    cast(null as double) as fewest
from metrics.support_waits as w
cross join core.settings as s
cross join (select max(as_of_at) as as_of_at from core.extract_moments) as m
where
    w.breakdown = 'month'
    and last_day(w.month) + cast(s.support_wait_over_days as integer) <= cast(m.as_of_at at time zone 'UTC' as date)
