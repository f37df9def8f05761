-- /// card
-- description = """One row is a change from one class to another in a month: the changes, and how many had a second \
--     check."""
-- grain = ["direction", "from_class_code", "to_class_code", "month"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """A change of class is right when facts or law support another class. A second person must check every \
--     downgrade of stalking.""",
--     "The table counts changes, not crimes: a crime can change class more than once.",
-- ]
-- [columns]
-- direction = ["varchar", "Description of the change"]
-- is_downgrade = ["boolean", "Stalking to harassment, or 8/65 or 8/66 to 195/12", "", "Downgrade of stalking"]
-- from_class_code = ["varchar", "Class before", "", "From class"]
-- to_class_code = ["varchar", "Class after", "", "To class"]
-- month = ["date", "Month of the change"]
-- change_count = ["bigint", "Changes", "changes", "Changes"]
-- second_checked_count = ["bigint", "Changes with a second check", "changes", "Checked a second time"]
-- ///

-- Recording-standards 1.3: every downgrade needs a second check (CLS-07).
with steps as (
    select
        crime_ref, class_code, ho_code, changed_at, second_checked_by_ref,
        lag(class_code) over (partition by crime_ref order by sequence_number, changed_at, class_code, ho_code) as from_class_code,
        lag(ho_code) over (partition by crime_ref order by sequence_number, changed_at, class_code, ho_code) as from_ho_code
    from core.classification_changes
),

changes as (
    select
        *,
        month_of(london_date(changed_at)) as month,
        case
            when from_class_code = '8Q' and class_code in ('8L', '8M') then 'stalking to harassment'
            when from_class_code in ('8L', '8M') and class_code = '8Q' then 'harassment to stalking'
            when from_ho_code in ('8/65', '8/66') and ho_code = '195/12' then 'to the lesser stalking offence'
            when from_ho_code = '195/12' and ho_code in ('8/65', '8/66') then 'to the graver stalking offence'
            when from_class_code = '8Q' and class_code <> '8Q' then 'stalking to another class'
            when from_class_code <> '8Q' and class_code = '8Q' then 'another class to stalking'
            else 'other'
        end as direction
    from steps
    where from_class_code is not null and (from_class_code <> class_code or from_ho_code <> ho_code)
)

select
    direction,
    direction in ('stalking to harassment', 'to the lesser stalking offence') as is_downgrade,
    from_class_code,
    class_code as to_class_code,
    month,
    count(*) as change_count,
    count(second_checked_by_ref) as second_checked_count
from changes
group by direction, from_class_code, class_code, month
