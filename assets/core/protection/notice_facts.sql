-- /// card
-- description = "One row is a crime of stalking or harassment, not removed, with the notices given in it."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- notice_count = ["bigint", "Notices given"]
-- notice_types = ["varchar", "Kinds of notice given, separated by commas"]
-- has_notice_words = ["boolean", "Its text or its incident's mentions a notice or words of advice; null without text"]
-- has_notice = ["boolean", "A notice was given or mentioned; null where none was given and there is no text"]
-- first_notice_at = ["timestamp with time zone", "When the first notice was given", "UTC"]
-- days_to_no_action = ["double", "From a notice to the first later outcome 10, 16, 21 or 22; null without one", "days"]
-- no_action_code = ["varchar", "That outcome"]
-- is_closed_soon_after_notice = ["boolean", "That outcome came within notices.closing_days"]
-- ///

-- Recording-standards 6.6, NOT-01 and NOT-02. The text is the crime's own and that of the incident it was recorded
-- from.
with given as (
    select
        crime_ref,
        count(*) as notice_count,
        string_agg(distinct notice_type, ', ' order by notice_type) as notice_types,
        min(issued_at) as first_notice_at
    from core.notices
    group by crime_ref
),

narratives as (
    select crime_ref, 'crime' as record_type, crime_ref as record_ref
    from core.crimes
    union all
    select crime_ref, 'incident', incident_ref
    from core.crimes
    where incident_ref is not null
),

spoken as (
    select n.crime_ref, bool_or(s.has_notice_words) as has_notice_words
    from narratives as n
    inner join core.text_signals as s on n.record_type = s.record_type and n.record_ref = s.record_ref
    group by n.crime_ref
),

closings as (
    select
        n.crime_ref,
        o.outcome_code,
        days_between(n.issued_at, o.outcome_at) as days_after,
        row_number() over (
            partition by n.crime_ref order by epoch(o.outcome_at) - epoch(n.issued_at), o.outcome_code
        ) as place
    from core.notices as n
    inner join core.outcomes as o on n.crime_ref = o.crime_ref
    where o.outcome_code in ('10', '16', '21', '22') and o.outcome_at >= n.issued_at
),

limits as (
    select notices_closing_days as closing_days
    from core.settings
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    coalesce(g.notice_count, 0) as notice_count,
    g.notice_types,
    s.has_notice_words,
    case when g.notice_count > 0 then true else s.has_notice_words end as has_notice,
    g.first_notice_at,
    n.days_after as days_to_no_action,
    n.outcome_code as no_action_code,
    coalesce(n.days_after <= l.closing_days, false) as is_closed_soon_after_notice
from core.crimes as c
cross join limits as l
left join given as g on c.crime_ref = g.crime_ref
left join spoken as s on c.crime_ref = s.crime_ref
left join closings as n on c.crime_ref = n.crime_ref and n.place = 1
where c.is_stalking_or_harassment and not c.is_cancelled and not c.is_transferred
