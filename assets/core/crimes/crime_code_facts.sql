-- /// card
-- description = "One row is a crime with the checks of its reference and codes."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Rules use these facts; a null fact could not be assessed and is never a pass.",
--     "A Home Office code that reference.ho_codes does not list is not evaluable.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, force_crime_ref" = "core.crimes"
-- "ho_code_keyed, ho_code, cjs_code" = "core.crimes"
-- class_code_of_ho_code = ["varchar", "Class that reference.ho_codes gives for the code"]
-- reference_use_count = ["bigint", "Crimes of the force with the same reference", "crimes"]
-- is_reference_unique = ["boolean", """STR-01: the reference is present and unique within the force; null where the \
--     force is not known"""]
-- is_ho_code_valid = ["boolean", """STR-02: the code has the right form, is listed and was valid on the day of \
--     recording; null where not listed"""]
-- is_ho_code_unmangled = ["boolean", "STR-03: no spreadsheet has turned the code into a date"]
-- is_class_of_ho_code = ["boolean", """STR-04: class and code agree on the day of recording; null where the code or \
--     its class is not listed"""]
-- is_cjs_code_well_formed = ["boolean", "STR-05: the code has the form of POLE DS_080; null where there is none"]
-- is_force_canonical = ["boolean", "STR-16: the ONS code of a police force area of England or Wales; null where empty"]
-- is_stalking_or_harassment = ["boolean", """Stalking or harassment, or an N100 with stalking or harassment as \
--     included classification"""]
-- has_no_crime_code = ["boolean", "Code N100, which is for rape only"]
-- is_removed_for_self_defence = ["boolean", "Removed under C5"]
-- is_free_of_barred_codes = ["boolean", "STR-18: neither C5 nor N100"]
-- ///

-- Checks of a crime's reference, codes and force: recording-standards 6.1, 2.1 and 2.3.
with marked as (
    select
        c.*,
        c.ho_code = 'N100' or c.class_code = 'N100' or starts_with(c.ho_code_keyed, 'N100') as has_no_crime_code,
        -- 2.3: a spreadsheet turned the code into a date, and the date into a number of days
        regexp_matches(
            c.ho_code_keyed, '^([0-9]{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-[0-9]{2}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*)$'
        )
        or coalesce(try_cast(regexp_extract(c.ho_code_keyed, '^([0-9]{1,9})([.]0+)?$', 1) as integer) > 366, false)
            as is_mangled,
        count(*) over (partition by c.force_code, c.force_crime_ref) as reference_use_count
    from core.crimes as c
),

stalking_class as (
    select min(valid_from) as valid_from
    from reference.recording_regimes
    where regime_ref = 'R14'
),

self_defence as (
    select distinct crime_ref
    from core.removals
    where removal_code = 'C5'
)

select
    m.crime_ref,
    m.force_code,
    m.recorded_date,
    m.recorded_month,
    m.unit_name,
    m.class_code,
    m.force_crime_ref,
    m.ho_code_keyed,
    m.ho_code,
    m.cjs_code,
    h.class_code as class_code_of_ho_code,
    m.reference_use_count,
    case
        when m.force_crime_ref is null then false
        -- 6.0.3: references are unique within a force, so the force must be known
        when m.force_code is not null then m.reference_use_count = 1
    end as is_reference_unique,
    case
        when h.ho_code is not null
            then (h.valid_from is null or m.recorded_date >= h.valid_from)
                and (h.valid_to is null or m.recorded_date <= h.valid_to)
        -- 6.0.9: a code that is not on the list cannot be evaluated
        when not regexp_matches(m.ho_code, '^[0-9]{1,3}/[0-9]{1,3}$') then false
    end as is_ho_code_valid,
    not m.is_mangled as is_ho_code_unmangled,
    -- 1.4, R14: stalking was part of 8L until it became a class; CLS-11 deals with 8Q before that day
    m.class_code = h.class_code
    or (m.class_code = '8L' and h.class_code = '8Q' and m.recorded_date < y.valid_from) as is_class_of_ho_code,
    regexp_matches(m.cjs_code, '^([A-Z]{2}[0-9]{5}|COML[0-9]{3}|XX00[0-9]{3})[ABCI]?$') as is_cjs_code_well_formed,
    case when m.force_code is not null then f.force_code is not null end as is_force_canonical,
    coalesce(m.is_stalking_or_harassment, false)
    or (coalesce(m.has_no_crime_code, false) and m.is_included_stalking_or_harassment) as is_stalking_or_harassment,
    coalesce(m.has_no_crime_code, false) as has_no_crime_code,
    s.crime_ref is not null as is_removed_for_self_defence,
    s.crime_ref is null and not coalesce(m.has_no_crime_code, false) as is_free_of_barred_codes
from marked as m
cross join stalking_class as y
left join reference.ho_codes as h on m.ho_code = h.ho_code
-- 6.0.11: the canonical codes are the ONS codes of the police force areas of England and of Wales
left join reference.forces as f on m.force_code = f.force_code and regexp_matches(f.force_code, '^(E23|W15)')
left join self_defence as s on m.crime_ref = s.crime_ref
