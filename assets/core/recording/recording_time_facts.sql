-- /// card
-- description = "One row is a crime with the times to its recording, closure and review."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Rules use these facts; a null fact could not be assessed and is never a pass.",
--     "Hours are elapsed time: clock changes do not affect them.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- hours_to_record = ["double", "From the first report to the recording", "hours"]
-- limit_hours = ["double", "Limit that applied at the time of recording", "hours"]
-- hours_over_limit = ["double", "Hours beyond the limit; negative within it", "hours"]
-- is_recorded_after_report = ["boolean", "STR-08: not recorded before it was reported"]
-- has_incident = ["boolean", "Recorded from an incident"]
-- minutes_after_incident = ["double", "From the creation of its own incident to the report", "minutes"]
-- minutes_to_close = ["double", "From the recording to the first later outcome other than 0, 1 and 1A", "minutes"]
-- is_closed_stalking = ["boolean", "Stalking with such an outcome"]
-- is_open_stalking_or_harassment = ["boolean", "Open or reopened stalking or harassment"]
-- days_without_review = ["double", "From the last review, otherwise the recording, to the as-of date", "days"]
-- review_limit_days = ["double", "Time allowed between reviews at its risk grade", "days"]
-- is_never_reviewed = ["boolean", "No review is recorded yet"]
-- days_over_review_limit = ["double", "Time beyond the limit; negative within it", "days"]
-- ///

-- Recording-standards 1.2 and 6.2. Elapsed time, so that the two clock changes cause no error (6.0.8).
with limits as (
    select
        timeliness_limit_hours as limit_hours,
        timeliness_limit_hours_before_2015 as limit_hours_before,
        timeliness_review_days as review_days,
        timeliness_review_days_high_risk as review_days_high_risk
    from core.settings
),

day_limit as (
    select min(valid_from) as valid_from
    from reference.recording_regimes
    where regime_ref = 'R15'
),

closed as (
    -- 6.0.11: outcomes other than 0, 1 and 1A; one before the recording is an error of order (STR-08)
    select o.crime_ref, min((epoch(o.outcome_at) - epoch(c.recorded_at)) / 60.0) as minutes_to_close
    from core.outcomes as o
    inner join core.crimes as c on o.crime_ref = c.crime_ref
    where o.outcome_code not in ('0', '1', '1A') and o.outcome_at >= c.recorded_at
    group by o.crime_ref
),

reviewed as (
    select r.crime_ref, max(r.reviewed_at) as last_reviewed_at
    from core.reviews as r
    cross join core.extract_moments as m
    where r.reviewed_at <= m.as_of_at
    group by r.crime_ref
),

timed as (
    select
        c.*,
        i.created_at as incident_created_at,
        hours_between(c.reported_at, c.recorded_at) as hours_to_record,
        case
            when c.recorded_date < d.valid_from then l.limit_hours_before
            when c.recorded_date is not null then l.limit_hours
        end as limit_hours,
        (epoch(c.reported_at) - epoch(i.created_at)) / 60.0 as minutes_after_incident,
        k.minutes_to_close,
        -- without a review, the days run from the recording
        days_between(coalesce(v.last_reviewed_at, c.recorded_at), m.as_of_at) as days_without_review,
        v.last_reviewed_at is null as is_never_reviewed,
        case when c.risk_grade = 'high' then l.review_days_high_risk else l.review_days end as review_limit_days
    from core.crimes as c
    cross join limits as l
    cross join day_limit as d
    cross join core.extract_moments as m
    left join core.incidents as i on c.incident_ref = i.incident_ref
    left join closed as k on c.crime_ref = k.crime_ref
    left join reviewed as v on c.crime_ref = v.crime_ref
)

select
    crime_ref,
    force_code,
    recorded_date,
    recorded_month,
    unit_name,
    class_code,
    hours_to_record,
    limit_hours,
    hours_to_record - limit_hours as hours_over_limit,
    hours_to_record >= 0 as is_recorded_after_report,
    incident_ref is not null as has_incident,
    minutes_after_incident,
    minutes_to_close,
    class_code = '8Q' and minutes_to_close is not null as is_closed_stalking,
    is_open and is_stalking_or_harassment as is_open_stalking_or_harassment,
    days_without_review,
    review_limit_days,
    is_never_reviewed,
    days_without_review - review_limit_days as days_over_review_limit
from timed
