-- /// card
-- description = """One row is a moment, with the penalised regression fitted on the year before it: high-harm events of \
--     that year by what was on record of each suspect when it began."""
-- grain = ["as_of_at"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     "Weights order a list: they do not say what causes harm.",
--     "The first origins learn from a history of less than two years.",
-- ]
-- method = "rank_choice.fit_weights"
-- [columns]
-- as_of_at = "core.ranking_features"
-- training_person_count = ["bigint", "Suspects of the two years before that year", "people", "People learnt from"]
-- training_event_count = ["bigint", """Their high-harm events in that year; too few by the settings, and no weight is \
--     fitted""", "events", "Events learnt from"]
-- intercept = ["double", "Logarithm of the events expected where each feature is 0; null where nothing was fitted"]
-- events_of_year = ["double", "Weight of core.ranking_features.events_of_year"]
-- events_before = ["double", "Weight of events_before"]
-- high_harm_events = ["double", "Weight of high_harm_events"]
-- gravest_weight = ["double", "Coefficient of gravest_weight"]
-- victims = ["double", "Weight of victims"]
-- vulnerable = ["double", "Weight of vulnerable"]
-- recency = ["double", "Weight of recency"]
-- ///

-- Suspects with the same features are alike, so they are counted here and the method sees nobody.
select
    as_of_at, events_of_year, events_before, high_harm_events, gravest_weight, victims, vulnerable, recency,
    count(*) as person_count,
    cast(sum(later_count) as bigint) as event_count
from core.ranking_features
where is_training
group by as_of_at, events_of_year, events_before, high_harm_events, gravest_weight, victims, vulnerable, recency
