-- free text of crimes and incidents: read by core.text_signals alone, never published (recording-standards 6.8)
select 'crime' as record_type, c.crime_id as record_ref, c.mo_text as text
from raw.crime as c
inner join core.current_periods as p
    on p.source = 'crime' and c.delivery_ref = p.delivery_ref and c.period = p.period
where c.mo_text is not null
union all
select 'incident' as record_type, i.incident_id as record_ref, i.log_text as text
from raw.incident as i
inner join core.current_periods as p
    on p.source = 'incident' and i.delivery_ref = p.delivery_ref and i.period = p.period
where i.log_text is not null
