-- /// card
-- description = "One row is a measure: what it counts, of what, and which way is better."
-- grain = ["measure_code"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "A standard has its rule's code, a duty of protection the code of its measure.",
--     "Follow-up measures show what happened afterwards: neither way is better or worse by itself.",
-- ]
-- publisher = "this product"
-- licence = "MIT, as the code"
-- published = "2026-11"
-- [columns]
-- measure_code = ["varchar", "Measure"]
-- measure_name = ["varchar", "Description, with the time limit", "", "Measure"]
-- "definition, numerator_words, denominator_words, direction" = "columns"
-- unit = ["varchar", "crimes or share"]
-- kind = ["varchar", "count, share, count_at_end or share_at_end, as in reference.own_measures"]
-- subject = ["varchar", "One of the ten subjects of the product"]
-- audiences = ["varchar", "Audiences that may see it, separated by commas"]
-- owner = ["varchar", "Who answers for it"]
-- authority = "columns"
-- follow_days = ["integer", "Days after a month until its figures are settled; null where they need none", "days"]
-- ///

-- Every measure of the product under one list: its own, the duties of protection and the recording standards.
with own as (
    select
        measure_code, measure_name, definition, numerator_words, denominator_words, direction, unit, kind, subject,
        owner, authority, follow_days
    from reference.own_measures
),

duties as (
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
        -- a duty without a time limit can be entered late
        case when not m.is_timed then cast(c.watched_settled_days as integer) end as follow_days
    from reference.protection_measures as m
    left join reference.settings as s on m.setting_key = s.key
    cross join core.settings as c
),

standards as (
    select
        rule_code as measure_code,
        any_value(title) as measure_name,
        any_value(description) as definition,
        'Records that meet the standard' as numerator_words,
        'Records that could be judged' as denominator_words,
        'higher_is_better' as direction,
        'share' as unit,
        'share' as kind,
        'recording' as subject,
        'Force crime registrar' as owner,
        any_value(authority) as authority,
        cast(null as integer) as follow_days
    from quality.rule_results
    group by rule_code
),

listed as (
    select * from own
    union all
    select * from duties
    union all
    select * from standards
)

select
    measure_code, measure_name, definition, numerator_words, denominator_words, direction, unit, kind, subject,
    'command, integrity' as audiences,
    owner, authority, follow_days
from listed
