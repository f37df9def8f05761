-- /// card
-- description = "One row is a pair of records of people for clerical review, with what speaks for and against."
-- grain = ["person_key_l", "person_key_r"]
-- audience = ["integrity"]
-- caveats = [
--     """The match weight is the sum of the weights of the comparisons and of a constant, how rarely any two records \
--     are one person.""",
--     """Pairs nearest to the limit, those that the rest of their records overruled, and all that were decided on; \
--     not every pair compared.""",
-- ]
-- [columns]
-- person_key_l = ["varchar", "One record, by its key; the lesser of the two"]
-- person_key_r = ["varchar", "The other record"]
-- match_weight = ["double", "Evidence that they are one person", "bits"]
-- match_probability = ["double", "The same as a probability"]
-- contradiction = ["varchar", "Why they cannot be one person, whatever the weight; null where they may be"]
-- is_linked = ["boolean", "True where they were put together"]
-- is_linked_by_weight = ["boolean", """True where the pair by itself, decisions apart, reaches the limit without a \
--     contradiction"""]
-- is_uncertain = ["boolean", "True where a reader should look"]
-- is_decided = ["boolean", "True where two readers settled it"]
-- level_forename = ["varchar", "How far the records agree on forename, in words"]
-- weight_forename = ["double", "What that is worth, rarity of the value included", "bits"]
-- level_surname = ["varchar", "How far the records agree on surname, in words"]
-- weight_surname = ["double", "What that is worth, rarity of the value included", "bits"]
-- level_date_of_birth = ["varchar", "How far the records agree on date of birth, in words"]
-- weight_date_of_birth = ["double", "What that is worth, rarity of the value included", "bits"]
-- level_middle_name = ["varchar", "How far the records agree on middle name, in words"]
-- weight_middle_name = ["double", "What that is worth, rarity of the value included", "bits"]
-- level_sex = ["varchar", "How far the records agree on sex, in words"]
-- weight_sex = ["double", "What that is worth, rarity of the value included", "bits"]
-- level_postcode = ["varchar", "How far the records agree on postcode, in words"]
-- weight_postcode = ["double", "What that is worth, rarity of the value included", "bits"]
-- level_phone = ["varchar", "How far the records agree on phone, in words"]
-- weight_phone = ["double", "What that is worth, rarity of the value included", "bits"]
-- level_email = ["varchar", "How far the records agree on email, in words"]
-- weight_email = ["double", "What that is worth, rarity of the value included", "bits"]
-- level_pncid = ["varchar", "How far the records agree on pncid, in words"]
-- weight_pncid = ["double", "What that is worth, rarity of the value included", "bits"]
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
