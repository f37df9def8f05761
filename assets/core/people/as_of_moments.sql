-- /// card
-- description = "One row is a moment for which figures on suspects are made."
-- grain = ["as_of_at"]
-- audience = []
-- caveats = [
--     """Earlier moments use what was on record then, by the extract's own times; values overwritten since are not \
--     known.""",
-- ]
-- [columns]
-- as_of_at = ["timestamp with time zone", "As-of moment: windows end here", "UTC"]
-- known_by_at = ["timestamp with time zone", "Records made later are not used", "UTC"]
-- is_current = ["boolean", "The as-of moment of the extract; otherwise an origin of the back-test"]
-- ///

-- The back-test needs moments a year or more before the as-of moment, so that the following year is known (rolling
-- origins, strategic-assessment 3.2).
with settings as (
    select
        cast(backtest_origins as integer) as origins,
        cast(backtest_horizon_days as integer) as horizon_days,
        cast(backtest_history_days as integer) as history_days
    from core.settings
),

origins as (
    select
        (
            date_trunc('month', (m.as_of_at - interval 1 day * s.horizon_days) at time zone 'Europe/London')
            - interval 1 month * n.number
        ) at time zone 'Europe/London' as as_of_at,
        m.first_recorded_at + interval 1 day * s.history_days as earliest_at
    from core.extract_moments as m
    cross join settings as s
    cross join (select unnest(generate_series(0, 59)) as number) as n
    where n.number < s.origins
)

select as_of_at, events_limit_at as known_by_at, true as is_current
from core.extract_moments
where as_of_at is not null
union all
select as_of_at, as_of_at, false
from origins
where as_of_at >= earliest_at
