-- /// card
-- description = "One row is the free text of a crime (modus operandi) or an incident (log)."
-- grain = ["record_type", "record_ref"]
-- audience = []
-- caveats = ["Free text stays in the force and is never published; its signals are in core.text_signals."]
-- [columns]
-- record_type = "columns"
-- record_ref = ["varchar", "Crime or incident"]
-- text = ["varchar", "Free text as in the extract"]
-- ///

-- free text of crimes and incidents: only core.text_signals reads it; it is never published (recording-standards 6.8)
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
