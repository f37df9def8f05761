select
    s.delivery_ref,
    s.line_number,
    try_cast(substr(s.crime_id, 1, 32) as uuid) as crime_ref,
    cast(s.month || '-01' as date) as month,
    n.force_code,
    s.reported_by,
    s.lsoa_code,
    s.outcome_type,
    o.outcome_group,
    o.outcome_type is not null as is_in_published_lists
from raw.police_uk_outcomes as s
inner join core.current_periods as p
    on p.source = 'police_uk_outcomes' and s.delivery_ref = p.delivery_ref and s.period = p.period
left join reference.force_names as n on lower(trim(s.reported_by)) = n.name_key
left join reference.street_outcomes as o on s.outcome_type = o.outcome_type
