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
-- follow_days = ["integer", "Days after a month until its figures are settled; null where they need none", "days"]
-- is_open_ended = ["boolean", "A duty without a time limit, whose cases can still be met or missed: none is judged"]
-- recording_classes = ["varchar", "Offence classes whose recording changes move it, with commas; S&H for the subgroup, or none"]
-- ///

-- Apart from the list of all measures, because counts for release must not wait for the rules to run.
select
    measure_code, measure_name, definition, numerator_words, denominator_words, direction, unit, kind, subject, owner,
    authority, follow_days, false as is_open_ended, recording_classes
from reference.own_measures
union all
select
    m.measure_code,
    replace(
        m.words,
        '{limit}',
        coalesce(
            cast(cast(s.value as integer) as varchar) || ' '
            || case when s.value = 1 then substr(s.unit, 1, length(s.unit) - 1) else s.unit end,
            ''
        )
    ) as measure_name,
    'Of duties that were due by the as-of moment and can be judged, those met: by the month in which the duty arose'
        as definition,
    'Duties met' as numerator_words,
    'Duties due, met or not' as denominator_words,
    case when m.kind = 'duty' then 'higher_is_better' else 'neither' end as direction,
    'share' as unit,
    'share' as kind,
    'protection' as subject,
    'Head of public protection' as owner,
    m.authority,
    -- a duty without a time limit can be entered late; one that only time can breach needs that time
    case
        when m.is_timed then null
        when s.unit = 'days' then cast(greatest(c.watched_settled_days, s.value) as integer)
        else cast(c.watched_settled_days as integer)
    end as follow_days,
    m.is_open_ended,
    coalesce(m.class_codes, 'S&H') as recording_classes
from reference.protection_measures as m
left join reference.settings as s on m.setting_key = s.key
cross join core.settings as c
