-- /// card
-- description = "One row is a recorded crime of stalking or harassment, with the services its victim is owed."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = ["A fact that cannot be assessed is null: not a pass."]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, is_open" = "core.crimes"
-- is_charged = ["boolean", "Its outcome is 1 or 1A"]
-- has_enhanced_rights = "core.crimes"
-- needs_assessment_working_days = ["bigint", """From recording to the needs assessment; null without \
--     one""", "working days"]
-- needs_assessed_date = ["date", "Day of the needs assessment, London"]
-- is_personal_statement_offered = ["boolean", "The offer of a personal statement has a date"]
-- longest_contact_gap_days = ["double", """Longest time without contact while open, from recording to the as-of date; \
--     null when closed""", "days"]
-- referral_count = ["bigint", "Referrals offered or made"]
-- consented_referral_count = ["bigint", "Of these, referrals with a dated offer and recorded consent or refusal"]
-- ///

-- Recording-standards 6.5: VIC-01, 02, 04 to 06.
with referred as (
    select
        crime_ref,
        count(*) as referral_count,
        count(*) filter (where offered_at is not null and has_consent is not null) as consented_count
    from core.referrals
    group by crime_ref
),

turned as (
    -- an outcome closes the crime, a return to code 0 reopens it
    select
        crime_ref,
        outcome_at,
        outcome_code,
        lag(outcome_code) over (partition by crime_ref order by sequence_number, outcome_at, outcome_ref) as earlier_code
    from core.outcomes
),

moments as (
    select crime_ref, recorded_at as moment, 1 as opening
    from core.crimes
    union all
    select crime_ref, contact_at, 0
    from core.victim_contacts
    union all
    select
        crime_ref,
        outcome_at,
        case
            when outcome_code <> '0' and coalesce(earlier_code, '0') = '0' then -1
            when outcome_code = '0' and earlier_code <> '0' then 1
            else 0
        end
    from turned
    union all
    select c.crime_ref, e.as_of_at, 0
    from core.crimes as c
    cross join core.extract_moments as e
),

intervals as (
    select
        m.crime_ref,
        m.moment,
        lead(m.moment) over (partition by m.crime_ref order by m.moment, m.opening) as next_moment,
        sum(m.opening) over (
            partition by m.crime_ref order by m.moment, m.opening rows between unbounded preceding and current row
        ) as open_count
    from moments as m
    inner join core.crimes as c on m.crime_ref = c.crime_ref
    cross join core.extract_moments as e
    where c.is_open and c.is_stalking_or_harassment and m.moment <= e.as_of_at
),

gaps as (
    select crime_ref, max(days_between(moment, next_moment)) as longest_gap_days
    from intervals
    where open_count > 0
    group by crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.is_open,
    coalesce(c.outcome_code in ('1', '1A'), false) as is_charged,
    c.has_enhanced_rights,
    -- 6.0.11 (VIC-02): from recording
    a.ending_working_day_number - r.working_day_number as needs_assessment_working_days,
    london_date(c.needs_assessed_at) as needs_assessed_date,
    c.personal_statement_offered_at is not null as is_personal_statement_offered,
    g.longest_gap_days as longest_contact_gap_days,
    coalesce(f.referral_count, 0) as referral_count,
    coalesce(f.consented_count, 0) as consented_referral_count
from core.crimes as c
left join core.working_days as r on c.recorded_date = r.day
left join core.working_days as a on london_date(c.needs_assessed_at) = a.day
left join gaps as g on c.crime_ref = g.crime_ref
left join referred as f on c.crime_ref = f.crime_ref
where c.is_stalking_or_harassment
