-- /// card
-- description = """One row is a class with the crimes of the last matured year, and the number whose outcome is not \
--     known."""
-- grain = ["offence_class"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = ["A crime without any outcome is open, and its outcome is not unknown."]
-- [columns]
-- offence_class = "columns"
-- crime_count = ["bigint", "Crimes recorded in the year", "crimes"]
-- unread_count = ["bigint", """Of these, crimes whose outcome has no date or no readable \
--     code""", "crimes", "Outcome cannot be read"]
-- ///

-- The outcome is not known where no later one has both a date and a listed code. These crimes are missing from
-- metrics.matured_outcomes.
with crimes as (
    select offence_class, is_outcome_unread
    from core.outcome_times
    where removal_type = '' and is_principal and followed_days >= 365 and followed_days < 730
),

classes as (
    select * from crimes
    union all
    select 'S&H', is_outcome_unread from crimes
)

select offence_class, count(*) as crime_count, count(*) filter (where is_outcome_unread) as unread_count
from classes
group by offence_class
