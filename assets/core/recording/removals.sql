-- /// card
-- description = "One row is the removal of a recorded crime."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = ["varchar", "Removed crime"]
-- removal_code = "raw.removal"
-- removed_at = ["timestamp with time zone", "When the crime was removed", "UTC"]
-- authoriser_ref = ["varchar", "Who authorised the removal"]
-- authoriser_role = "raw.removal"
-- verifier_ref = ["varchar", "Who verified it"]
-- receiving_force_code = ["varchar", "Force to which the crime was transferred"]
-- receiving_crime_ref = ["varchar", "Its reference in that force"]
-- accepted_at = ["timestamp with time zone", "When that force accepted it", "UTC"]
-- parent_force_crime_ref = ["varchar", "Crime that it duplicates or belongs to"]
-- victim_informed_at = ["timestamp with time zone", "When the victim was informed", "UTC"]
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
