-- /// card
-- description = "One row is an incident or call record."
-- grain = ["incident_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- incident_ref = ["varchar", "Incident, unique in the extract", "", "Incident"]
-- force_code = "raw.incident"
-- created_at = ["timestamp with time zone", "When the incident record was made: first report to police", "UTC"]
-- closed_at = ["timestamp with time zone", "When the incident was closed", "UTC"]
-- "channel, caller_role" = "raw.incident"
-- nsir_opening_code = ["varchar", "Opening code of the National Standard for Incident Recording"]
-- nsir_closing_code = ["varchar", "Closing code of the National Standard for Incident Recording"]
-- response_grade = ["varchar", "Response grade"]
-- attended_at = ["timestamp with time zone", "When an officer attended", "UTC"]
-- is_domestic_abuse = ["boolean", "Marked as domestic abuse"]
-- is_crime_related = ["boolean", "The reported circumstances amount to a crime"]
-- no_crime_rationale = "raw.incident"
-- decided_by_ref = ["varchar", "Who decided not to record a crime"]
-- decided_at = ["timestamp with time zone", "When that decision was made", "UTC", "Decided"]
-- ///

select
    t.incident_id as incident_ref,
    t.force_code,
    cast(t.created_ts as timestamptz) as created_at,
    cast(t.closed_ts as timestamptz) as closed_at,
    t.channel,
    t.caller_role,
    t.nsir_open as nsir_opening_code,
    t.nsir_close as nsir_closing_code,
    t.graded as response_grade,
    cast(t.attended_ts as timestamptz) as attended_at,
    cast(t.da_flag as boolean) as is_domestic_abuse,
    cast(t.crime_related as boolean) as is_crime_related,
    t.no_crime_rationale,
    t.decision_by as decided_by_ref,
    cast(t.decision_ts as timestamptz) as decided_at
from raw.incident as t
inner join core.current_periods as p
    on p.source = 'incident' and t.delivery_ref = p.delivery_ref and t.period = p.period
