-- The harm of a crime by lens: its gravest class, principal or included, so that the principal-crime rule hides none.
with classes as (
    select crime_ref, class_code, ho_code
    from core.crimes
    union all
    select crime_ref, class_code, ho_code
    from core.included_classifications
)

select
    c.crime_ref,
    max(h.severity_weight) as severity_weight,
    arg_max(h.is_severity_assumed, h.severity_weight) as is_severity_assumed,
    cast(null as double) as sentencing_days
from classes as c
left join core.class_harm as h on c.class_code = h.class_code
group by c.crime_ref
