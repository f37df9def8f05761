-- /// card
-- description = "One row is a crime with the harm that each published lens gives to its gravest class or code."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "A class without a weight leaves the crime without one; it is never 0.",
--     "If one code of a crime has days and another has none, the days are a minimum and the crime is flagged.",
-- ]
-- [columns]
-- crime_ref = "columns"
-- severity_weight = ["double", "Crime Severity Score weight; null without one", "weight"]
-- is_severity_assumed = ["boolean", "The weight is an assumption"]
-- sentencing_days = ["double", """Cambridge Crime Harm Index, highest of the crime's codes; null without the force's \
--     own copy""", "days"]
-- is_sentencing_assumed = ["boolean", """The days are the median of a class or of differing rows of a code, or a code \
--     of the crime has none"""]
-- ///

-- The gravest class or code counts, principal or included, so that the principal-crime rule hides none. Index days are
-- those of the code; without them, the median of its class, as an assumption.
with classes as (
    select crime_ref, class_code, ho_code
    from core.crimes
    union all
    select crime_ref, class_code, ho_code
    from core.included_classifications
),

valued as (
    select
        c.crime_ref,
        h.severity_weight,
        h.is_severity_assumed,
        coalesce(o.sentencing_days, h.sentencing_days) as sentencing_days,
        coalesce(o.is_sentencing_assumed, true) as is_sentencing_assumed
    from classes as c
    left join core.class_harm as h on c.class_code = h.class_code
    left join core.code_harm as o on c.ho_code = o.ho_code
)

select
    crime_ref,
    max(severity_weight) as severity_weight,
    -- of classes with one weight, an assumed one makes it assumed
    arg_max(is_severity_assumed, {'weight': severity_weight, 'is_assumed': is_severity_assumed})
        filter (where severity_weight is not null) as is_severity_assumed,
    max(sentencing_days) as sentencing_days,
    -- certain only where every code has days and the highest are a code's own
    case
        when max(sentencing_days) is not null
            then count(sentencing_days) < count(*)
                or coalesce(
                    max(sentencing_days) filter (where not is_sentencing_assumed) < max(sentencing_days), true
                )
    end as is_sentencing_assumed
from valued
group by crime_ref
