-- /// card
-- description = """One row is a class with the crimes of the last matured year, and of how many the outcome cannot be \
--     told."""
-- grain = ["offence_class"]
-- audience = ["command", "integrity"]
-- caveats = ["A crime without any outcome is open, and not among those that cannot be told."]
-- [columns]
-- offence_class = "columns"
-- crime_count = ["bigint", "Crimes recorded in the year", "crimes"]
-- unread_count = ["bigint", """Of these, with an outcome that has no date or no \
--     readable code""", "crimes", "Outcome cannot be read"]
-- ///

-- Crimes of the last matured year whose outcome cannot be told, since none after it has both a date and a code in any
-- list: what is missing beside the shares of metrics.matured_outcomes.
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
