-- /// card
-- description = "One row is a measure: what it counts, of what, and which way is better."
-- grain = ["measure_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "A standard has its rule's code, with a word behind it where a code has several sentences or kinds of record.",
--     "A standard whose breach belongs to no force, or of files, audits and open data, is no measure.",
--     "Follow-up measures show what happened afterwards: neither way is better or worse by itself.",
--     "Commissioners have figures of the measures whose audiences include them, and of no other.",
-- ]
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
-- audiences = ["varchar", "Audiences that may see it, separated by commas"]
-- owner = ["varchar", "Who answers for it"]
-- authority = "columns"
-- follow_days = ["integer", "Days after a month until all its cases had their time; null where they need none", "days"]
-- is_open_ended = ["boolean", "A duty or standard without a time limit, whose cases can still be met or missed: none is judged"]
-- recording_classes = ["varchar", "Offence classes whose recording changes move it, with commas; S&H for the subgroup, or none"]
-- differs = ["varchar", "How it differs from the standard of the same facts; null where it does not, or there is none"]
-- ///

-- Every measure of the product under one list: its own, the duties of protection and the recording standards.
with standards as (
    select
        r.measure_code,
        r.title as measure_name,
        r.description
        || ' A crime counts in the London month of crime.recorded_ts. An order counts in that of considered_ts, else'
        || ' applied_ts, granted_ts or served_ts. A breach of an order counts in that of order_breach.ts, an incident to date alone.'
            as definition,
        'Records that meet the standard' as numerator_words,
        'Records that could be judged' as denominator_words,
        'higher_is_better' as direction,
        'share' as unit,
        'share' as kind,
        'recording' as subject,
        'Force crime registrar' as owner,
        r.authority,
        days_at_most(s.value, s.unit) as follow_days,
        r.timing = 'open' as is_open_ended,
        'S&H' as recording_classes,
        cast(null as varchar) as differs
    from quality.rule_results as r
    left join reference.settings as s on r.timing = s.key
    where r.measure_code is not null
),

listed as (
    select * from reference.counted_measures
    union all
    select * from standards
)

select
    l.measure_code, l.measure_name, l.definition, l.numerator_words, l.denominator_words, l.direction, l.unit, l.kind,
    l.subject,
    case when p.measure_code is not null then 'command, integrity, commissioning' else 'command, integrity' end
        as audiences,
    l.owner, l.authority, l.follow_days, l.is_open_ended, l.recording_classes, l.differs
from listed as l
left join reference.public_measures as p on l.measure_code = p.measure_code
