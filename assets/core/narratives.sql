-- free text of crimes and incidents: read by core.text_signals alone, never published (recording-standards 6.8)
select 'crime' as record_type, crime_id as record_ref, mo_text as text
from raw.crime
where mo_text is not null
union all
select 'incident' as record_type, incident_id as record_ref, log_text as text
from raw.incident
where log_text is not null
