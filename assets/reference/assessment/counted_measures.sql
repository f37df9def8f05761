-- /// card
-- description = "One row is a measure that counts crimes, people or duties: every measure but the recording standards."
-- grain = ["measure_code"]
-- audience = []
-- caveats = ["reference.measures lists these and the recording standards."]
-- publisher = "this product"
-- licence = "MIT, as the code"
-- published = "2026-11"
-- [columns]
-- measure_code = ["varchar", "Measure"]
-- measure_name = ["varchar", "Description, with the time limit", "", "Measure"]
-- "definition, numerator_words, denominator_words, direction" = "columns"
-- unit = ["varchar", "crimes, orders, share or median days"]
-- kind = ["varchar", "count, share, median, count_at_end or share_at_end, as in reference.own_measures"]
-- subject = ["varchar", "One of the ten subjects of the product"]
-- owner = ["varchar", "Who answers for it"]
-- authority = "columns"
-- follow_days = ["integer", "Days after a month until all its cases had their time; null where they need none", "days"]
-- is_open_ended = ["boolean", "A duty without a time limit, whose cases can still be met or missed: none is judged"]
-- recording_classes = ["varchar", "Offence classes whose recording changes move it, with commas; S&H for the subgroup, or none"]
-- differs = ["varchar", "How it differs from the standard of the same facts; null where it does not, or there is none"]
-- ///

-- Apart from the list of all measures, because counts for release must not wait for the rules to run. A definition is
-- whole, so that a stranger can recount the measure from it. What measures share is said here once and joined on.
with moments as (
    select
        ' The as-of moment is the end of the day given with --as-of. Otherwise it is the last crime.recorded_ts, '
        || 'outcome.outcome_ts or victim_contact.ts before the delivery. A later day on which the extract was made '
        || '(made_on) goes before it.' as as_of_words
),

duties as (
    select
        m.*,
        s.value as limit_value,
        s.unit as limit_unit,
        coalesce(
            cast(cast(s.value as integer) as varchar) || ' '
            || case when s.value = 1 then substr(s.unit, 1, length(s.unit) - 1) else s.unit end,
            ''
        ) as limit_words
    from reference.protection_measures as m
    left join reference.settings as s on m.setting_key = s.key
),

defined as (
    select
        d.*,
        replace(d.definition, '{limit}', d.limit_words)
        || case
            when d.setting_key is null then ' No time limit is set.'
            else ' The limit is the setting ' || d.setting_key || '; exactly the limit is in time.'
        end
        || case
            when d.timing <> 'limit'
                then ' Without the moment at which it arises it counts to date alone.'
            when d.limit_unit = 'working days'
                then ' Working days are counted after the London day on which it arises, and the last counts to its end.'
                || ' Saturdays, Sundays and bank holidays of England and Wales are none.'
            else ' Hours and days are elapsed time, a day 24 hours.'
        end
        || case
            when d.timing = 'limit'
                then ' While the limit runs at the as-of moment it is in neither count, even if it is done.'
                || ' Without the moment at which it arises it is not known.'
            else ''
        end
        || ' It counts in the London month in which it arises.'
        || ' Stalking or harassment is a crime.class_code of 8L, 8M, 8Q, 8R or 8U; an included class does not count.'
        || ' A crime with a removal by the as-of moment, or an undated one, owes none; orders and their breaches do.'
        || ' What arises after the as-of moment, and what is not known, is in neither count.' as whole_definition
    from duties as d
)

select
    o.measure_code,
    o.measure_name,
    case when contains(o.definition, 'as-of') then o.definition || t.as_of_words else o.definition end as definition,
    o.numerator_words, o.denominator_words, o.direction, o.unit, o.kind, o.subject, o.owner, o.authority, o.follow_days,
    false as is_open_ended,
    o.recording_classes,
    o.differs
from reference.own_measures as o
cross join moments as t
union all
select
    m.measure_code,
    replace(m.words, '{limit}', m.limit_words) as measure_name,
    m.whole_definition || t.as_of_words as definition,
    'Duties met' as numerator_words,
    'Duties due, met or not' as denominator_words,
    case when m.kind = 'duty' then 'higher_is_better' else 'neither' end as direction,
    'share' as unit,
    'share' as kind,
    'protection' as subject,
    'Head of public protection' as owner,
    m.authority,
    -- a duty without a time limit can be entered late; one that only time can breach needs that time. Of the hours to a
    -- hearing the Act leaves out Sundays and bank holidays
    case
        when m.measure_code = 'order_hearing' then days_at_most(m.limit_value, m.limit_unit) + 5
        when m.timing = 'limit' then days_at_most(m.limit_value, m.limit_unit)
        when m.limit_unit = 'days' then cast(greatest(c.watched_settled_days, m.limit_value) as integer)
        else cast(c.watched_settled_days as integer)
    end as follow_days,
    m.timing = 'open' as is_open_ended,
    coalesce(m.class_codes, 'S&H') as recording_classes,
    m.differs
from defined as m
cross join moments as t
cross join core.settings as c
