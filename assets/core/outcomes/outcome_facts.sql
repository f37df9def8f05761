-- /// card
-- description = "One row is an outcome that a crime has or had, with the checks of its own row."
-- grain = ["outcome_ref"]
-- audience = []
-- caveats = ["A fact that cannot be assessed is null: not a pass."]
-- [columns]
-- "outcome_ref, crime_ref" = "core.outcomes"
-- force_code = "core.outcomes"
-- "recorded_date, recorded_month, unit_name, class_code, is_stalking_or_harassment, outcome_code" = "core.outcomes"
-- "outcome_date, is_current" = "core.outcomes"
-- ho_code = "core.crimes"
-- alternate_ho_code = "core.outcomes"
-- code_valid_from = ["date", "First day on which the code may be assigned"]
-- is_code_valid_at_date = ["boolean", "The code was available on that day; null for an unknown code"]
-- is_for_stalking_or_harassment = "reference.outcome_validity"
-- is_summary_only = ["boolean", "The crime is triable only summarily; null where no list has the code"]
-- time_limit_date = ["date", "Six months after the last act, London"]
-- is_time_limit_kept = ["boolean", "Code 17 not before that day, a charge of a summary offence not after it"]
-- other_body = "core.outcomes"
-- has_body_and_victim_informed = ["boolean", """The other body is named, and the date when the victim was informed is \
--     recorded"""]
-- is_stalking_or_domestic = ["boolean", "8Q or domestic abuse"]
-- has_supervisor_rationale = ["boolean", "For 8Q or domestic abuse: rationale and rank of the authoriser are present"]
-- has_rationale = ["boolean", "A rationale is present"]
-- authoriser_rank = "core.outcomes"
-- is_alternate_different = ["boolean", "An alternate offence is given, and it differs from the recorded one"]
-- ///

-- Checks of an outcome's own row (recording-standards 3.1, 6.4: OUT-01, 06, 07, 08, 13, 14, 16).
with modes as (
    select ho_code, bool_or(is_summary_only) as is_summary_only
    from reference.ho_codes
    group by ho_code
),

described as (
    select
        o.*,
        c.ho_code,
        m.is_summary_only,
        a.is_summary_only as is_alternate_summary_only,
        o.class_code = '8Q' or c.is_domestic_abuse as is_stalking_or_domestic,
        -- 6.0.11 (OUT-08): the last act, or the first where no last one is given
        cast(london_date(coalesce(c.offence_to_at, c.offence_from_at))
            + interval 6 month as date) as time_limit_date
    from core.outcomes as o
    left join core.crimes as c on o.crime_ref = c.crime_ref
    left join modes as m on c.ho_code = m.ho_code
    left join modes as a on o.alternate_ho_code = a.ho_code
)

select
    d.outcome_ref,
    d.crime_ref,
    d.force_code,
    d.recorded_date,
    d.recorded_month,
    d.unit_name,
    d.class_code,
    d.is_stalking_or_harassment,
    d.outcome_code,
    d.outcome_date,
    d.is_current,
    d.ho_code,
    d.alternate_ho_code,
    v.valid_from as code_valid_from,
    case
        when v.outcome_code is not null
            then d.outcome_date >= coalesce(v.valid_from, d.outcome_date)
                and d.outcome_date <= coalesce(v.valid_to, d.outcome_date)
    end as is_code_valid_at_date,
    v.is_for_stalking_or_harassment,
    d.is_summary_only,
    d.time_limit_date,
    -- 1.6: an information must be laid within six months of the act; on the last day both a charge and code 17 are
    -- right
    case
        when d.outcome_code = '17' then d.outcome_date >= d.time_limit_date
        when d.outcome_code = '1A' and not d.is_alternate_summary_only then true
        when d.outcome_code in ('1', '1A') and d.is_summary_only then d.outcome_date <= d.time_limit_date
    end as is_time_limit_kept,
    d.other_body,
    d.other_body is not null and d.victim_informed_at is not null as has_body_and_victim_informed,
    d.is_stalking_or_domestic,
    -- not known where it is unclear whether the crime is domestic abuse
    case
        when d.is_stalking_or_domestic then d.rationale is not null and d.authoriser_rank is not null
    end as has_supervisor_rationale,
    d.rationale is not null as has_rationale,
    d.authoriser_rank,
    case
        when d.alternate_ho_code is null then false
        else d.alternate_ho_code <> d.ho_code
    end as is_alternate_different
from described as d
left join reference.outcome_validity as v on d.outcome_code = v.outcome_code
