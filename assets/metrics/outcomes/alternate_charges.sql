-- /// card
-- description = """One row is a class with its charges for crimes recorded in the last two years, and how many were \
--     for another offence."""
-- grain = ["offence_class"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Outcome 1A, a charge for an alternate offence, is part of outcome 1. The code given with it identifies the \
--     offence; without a listed code the offence is not known.""",
--     "Crimes recorded in the two years before the as-of day (a setting).",
-- ]
-- [columns]
-- offence_class = ["varchar", "8L, 8M, 8Q, 8R, 8U as recorded, or S&H for all of them"]
-- charge_count = ["bigint", "Charges and summonses", "crimes", "Charges"]
-- alternate_count = ["bigint", "Of these, for an alternate offence", "crimes", "For another offence"]
-- same_class_count = ["bigint", "Of these, for an offence of the class recorded", "crimes", "Of these in the same class"]
-- as_harassment_count = ["bigint", """Of these, recorded in another class and charged as harassment \
--     (8L)""", "crimes", "Of these as harassment instead"]
-- alternate_unknown_count = ["bigint", "Of these for an offence that is not known", "crimes", "Of these not known"]
-- ///

-- Charges for an offence other than the one recorded (recording-standards 3.1, 1A; 3.3): stalking charged as
-- harassment.
with settings as (
    select outcomes_recent_days as recent_days
    from core.settings
),

codes as (
    select ho_code, min(class_code) as class_code
    from reference.ho_codes
    group by ho_code
),

charges as (
    select
        t.offence_class,
        t.outcome_code = '1A' as is_alternate,
        t.outcome_code = '1A' and k.class_code is null as is_alternate_unknown,
        t.outcome_code = '1A' and coalesce(k.class_code = t.offence_class, false) as is_same_class,
        t.outcome_code = '1A' and t.offence_class <> '8L' and coalesce(k.class_code = '8L', false) as is_as_harassment
    from core.outcome_times as t
    cross join settings as s
    left join codes as k on t.alternate_ho_code = k.ho_code
    where
        t.removal_type = '' and t.is_principal and t.outcome_group = 'Charged/Summonsed'
        and t.followed_days <= s.recent_days
),

own as (
    select
        offence_class,
        count(*) as charge_count,
        count(*) filter (where is_alternate) as alternate_count,
        count(*) filter (where is_same_class) as same_class_count,
        count(*) filter (where is_as_harassment) as as_harassment_count,
        count(*) filter (where is_alternate_unknown) as alternate_unknown_count
    from charges
    group by offence_class
)

select * from own
union all
select
    'S&H',
    cast(sum(charge_count) as bigint),
    cast(sum(alternate_count) as bigint),
    cast(sum(same_class_count) as bigint),
    cast(sum(as_harassment_count) as bigint),
    cast(sum(alternate_unknown_count) as bigint)
from own
having count(*) > 0
