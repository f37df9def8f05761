-- /// card
-- description = "One row is the removal of a recorded crime."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty and not measured."]
-- [columns]
-- crime_ref = ["varchar", "Crime removed"]
-- removal_code = "raw.removal"
-- removed_at = ["timestamp with time zone", "When it was removed", "UTC"]
-- authoriser_ref = ["varchar", "Who authorised it"]
-- authoriser_role = "raw.removal"
-- verifier_ref = ["varchar", "Who verified it"]
-- receiving_force_code = ["varchar", "Force that it was transferred to"]
-- receiving_crime_ref = ["varchar", "Its reference there"]
-- accepted_at = ["timestamp with time zone", "When that force accepted it", "UTC"]
-- parent_force_crime_ref = ["varchar", "Crime of which it is a duplicate or a part"]
-- victim_informed_at = ["timestamp with time zone", "When the victim was told", "UTC"]
-- ///

select
    t.crime_id as crime_ref,
    t.removal_code,
    cast(t.removal_ts as timestamptz) as removed_at,
    t.authoriser_id as authoriser_ref,
    t.authoriser_role,
    t.verifier as verifier_ref,
    t.receiving_force as receiving_force_code,
    t.receiving_ref as receiving_crime_ref,
    cast(t.accepted_ts as timestamptz) as accepted_at,
    t.parent_crime_ref as parent_force_crime_ref,
    cast(t.victim_informed_ts as timestamptz) as victim_informed_at
from raw.removal as t
inner join core.current_periods as p
    on p.source = 'removal' and t.delivery_ref = p.delivery_ref and t.period = p.period
