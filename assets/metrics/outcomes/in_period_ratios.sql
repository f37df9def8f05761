-- /// card
-- description = """One row is a class and an in-period ratio of the year before the as-of day. It divides charges \
--     assigned in the year by crimes recorded or outcomes assigned in it."""
-- grain = ["offence_class", "title"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """An in-period ratio is not the share of crimes charged: most charges of the year are for crimes recorded \
--     before it. It falls when recording rises, even if nothing else changes.""",
--     "Only for an extract of at least two years: a shorter one lacks charges of older crimes.",
--     "Both parts are whole counts of a year, not samples, and neither is part of the other: there is no interval.",
-- ]
-- [columns]
-- offence_class = "columns"
-- title = ["varchar", "Which in-period ratio", "", "In-period ratio"]
-- charge_count = ["bigint", "Charges and summonses assigned in the year", "crimes", "Charges in the year"]
-- denominator_count = ["bigint", """Crimes recorded, or outcomes assigned, \
--     in the year""", "crimes", "Crimes or outcomes in it"]
-- in_period_ratio = ["double", "In-period ratio", "ratio", "Ratio"]
-- ///

-- Strategic-assessment 5.1, C and D: numerator and denominator count different crimes. It is never a share of crimes
-- charged; it is kept because others publish it.
with crimes as (
    select
        offence_class,
        followed_days < 365 as is_recorded_in_period,
        coalesce(outcome_code is not null and followed_days - end_day < 365, false) as is_decided_in_period,
        coalesce(outcome_group = 'Charged/Summonsed', false) as is_charged
    from core.outcome_times
    -- an extract of less than two years lacks charges of older crimes
    cross join core.extract_moments as m
    where removal_type = '' and is_principal and not is_outcome_unread
        and epoch(m.as_of_at) - epoch(m.first_recorded_at) >= 730 * 86400
),

own as (
    select
        offence_class,
        count(*) filter (where is_recorded_in_period) as recorded_count,
        count(*) filter (where is_decided_in_period) as outcome_count,
        count(*) filter (where is_decided_in_period and is_charged) as charge_count
    from crimes
    group by offence_class
),

classes as (
    select * from own
    union all
    select 'S&H', sum(recorded_count), sum(outcome_count), sum(charge_count)
    from own
    having count(*) > 0
),

ratios as (
    select
        offence_class,
        'In-period ratio: charges in the year per crime recorded in it' as title,
        charge_count,
        recorded_count as denominator_count
    from classes
    union all
    select
        offence_class,
        'In-period ratio: charges in the year per outcome assigned in it',
        charge_count,
        outcome_count
    from classes
)

select
    offence_class,
    title,
    cast(charge_count as bigint) as charge_count,
    cast(denominator_count as bigint) as denominator_count,
    charge_count / nullif(denominator_count, 0) as in_period_ratio
from ratios
