-- /// card
-- description = "One row is a step from one class of a crime to its next."
-- grain = []
-- audience = ["integrity"]
-- caveats = ["Rules use these facts; a null fact could not be assessed and is never a pass."]
-- [columns]
-- crime_ref = "columns"
-- sequence_number = ["integer", "Number of the later class in the crime's history"]
-- from_ho_code = ["varchar", "Code before"]
-- to_ho_code = ["varchar", "Code after"]
-- from_class_code = ["varchar", "Class before", "", "From class"]
-- to_class_code = ["varchar", "Class after", "", "To class"]
-- changed_at = ["timestamp with time zone", "When the class was changed", "UTC"]
-- is_downgrade = ["boolean", """8Q to 8L, 8/65 or 8/66 to 195/12 or 195/94, 8/30 to \
--     195/94, 8/58 to 8/56""", "", "Downgrade of stalking"]
-- is_second_checked = ["boolean", "CLS-07: a second person checked it"]
-- "force_code, recorded_date, recorded_month, unit_name, class_code" = "core.crimes"
-- ///

-- CLS-07: whether a second person checked a stalking or fear-of-violence crime that was downgraded. Recording-standards
-- 1.3. The last step leads to the class that the crime has now.
with held as (
    select crime_ref, sequence_number, ho_code, class_code, changed_at, second_checked_by_ref, false as is_present
    from core.classification_changes
    union all
    select h.crime_ref, max(coalesce(h.sequence_number, 0)) + 1, c.ho_code, c.class_code, max(h.changed_at), null, true
    from core.classification_changes as h
    inner join core.crimes as c on h.crime_ref = c.crime_ref
    group by h.crime_ref, c.ho_code, c.class_code
),

paired as (
    select
        crime_ref,
        sequence_number,
        ho_code as to_ho_code,
        class_code as to_class_code,
        changed_at,
        lag(ho_code) over in_turn as from_ho_code,
        lag(class_code) over in_turn as from_class_code,
        -- where the history ends with the earlier class, its check is the check of the step to the current class
        case
            when is_present then lag(second_checked_by_ref) over in_turn
            else second_checked_by_ref
        end as second_checked_by_ref,
        is_present,
        row_number() over in_turn as place
    from held
    window in_turn as (partition by crime_ref order by coalesce(sequence_number, 0), changed_at)
)

select
    p.crime_ref,
    p.sequence_number,
    p.from_ho_code,
    p.to_ho_code,
    p.from_class_code,
    p.to_class_code,
    p.changed_at,
    coalesce(
        (p.from_class_code = '8Q' and p.to_class_code = '8L')
        or (p.from_ho_code in ('8/65', '8/66') and p.to_ho_code in ('195/12', '195/94'))
        or (p.from_ho_code = '8/30' and p.to_ho_code = '195/94')
        or (p.from_ho_code = '8/58' and p.to_ho_code = '8/56'),
        false
    ) as is_downgrade,
    p.second_checked_by_ref is not null as is_second_checked,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code
from paired as p
left join core.crimes as c on p.crime_ref = c.crime_ref
where p.place > 1
    -- the current class is a step of its own only where the history does not already end with it
    and not (p.is_present and coalesce(p.from_ho_code, '') = coalesce(p.to_ho_code, '')
        and coalesce(p.from_class_code, '') = coalesce(p.to_class_code, ''))
