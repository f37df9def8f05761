-- /// card
-- description = "One row is a pair of records of people for clerical review, with the evidence for and against a link."
-- grain = ["person_key_l", "person_key_r"]
-- audience = ["integrity"]
-- caveats = [
--     """The match weight is the sum of the comparison weights and a constant: how rarely two random records are one \
--     person.""",
--     """The pairs nearest to the limit, those overruled by their other records, and all decided pairs; not every \
--     compared pair.""",
-- ]
-- [columns]
-- "person_key_l, person_key_r, match_weight, match_probability, contradiction, is_linked" = "raw.person_pairs"
-- "is_linked_by_weight, is_uncertain, is_decided, level_forename, weight_forename, level_surname" = "raw.person_pairs"
-- "weight_surname, level_date_of_birth, weight_date_of_birth, level_middle_name" = "raw.person_pairs"
-- "weight_middle_name, level_sex, weight_sex, level_postcode, weight_postcode, level_phone" = "raw.person_pairs"
-- "weight_phone, level_email, weight_email, level_pncid, weight_pncid" = "raw.person_pairs"
-- ///

select
    person_key_l,
    person_key_r,
    match_weight,
    match_probability,
    contradiction,
    is_linked,
    is_linked_by_weight,
    is_uncertain,
    is_decided,
    level_forename,
    weight_forename,
    level_surname,
    weight_surname,
    level_date_of_birth,
    weight_date_of_birth,
    level_middle_name,
    weight_middle_name,
    level_sex,
    weight_sex,
    level_postcode,
    weight_postcode,
    level_phone,
    weight_phone,
    level_email,
    weight_email,
    level_pncid,
    weight_pncid
from raw.person_pairs
