-- /// card
-- description = "One row is a referral to a support service."
-- grain = ["referral_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- referral_ref = ["varchar", "Referral"]
-- crime_ref = "columns"
-- service_name = ["varchar", "Service", "", "Service"]
-- offered_at = ["timestamp with time zone", "When it was offered", "UTC"]
-- has_consent = ["boolean", "The victim consented to the referral"]
-- sent_at = ["timestamp with time zone", "When it was sent", "UTC"]
-- accepted_at = ["timestamp with time zone", "When the service accepted it", "UTC"]
-- ///

select
    t.referral_id as referral_ref,
    t.crime_id as crime_ref,
    t.service as service_name,
    cast(t.offered_ts as timestamptz) as offered_at,
    cast(t.consent as boolean) as has_consent,
    cast(t.sent_ts as timestamptz) as sent_at,
    cast(t.accepted_ts as timestamptz) as accepted_at
from raw.referral as t
inner join core.current_periods as p
    on p.source = 'referral' and t.delivery_ref = p.delivery_ref and t.period = p.period
