-- /// card
-- description = """One row is a pair of lenses of harm in a window: how similarly they rank people, and how many are \
--     on both lists. No person can be identified."""
-- grain = ["window_days", "lens", "other_lens"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Sentencing-based harm under-represents stalking: a course of conduct is one crime, and its sentence starts low.",
--     "Everyone who shares the last rank is on the list, so a list can be longer than its set length.",
--     "People measured by both lenses only.",
-- ]
-- method = "rank_agreement.compare_lenses"
-- [columns]
-- window_days = ["bigint", "Window", "days", "Window (days)"]
-- lens = ["varchar", "sentencing, severity or behaviour", "", "Ranked by"]
-- other_lens = ["varchar", "severity or behaviour", "", "And by"]
-- person_count = ["bigint", "People measured by both", "people", "People"]
-- tau = ["double", "Kendall's tau-b: 1 same order, 0 no association", "-1 to 1", "Kendall's tau"]
-- lower = ["double", "Lower 95% limit, bootstrap", "-1 to 1"]
-- upper = ["double", "Upper 95% limit, bootstrap", "-1 to 1"]
-- list_length = ["bigint", "Set length of each list", "people"]
-- listed_count = ["bigint", "People on the list by the first lens", "people", "Listed"]
-- other_listed_count = ["bigint", "People on the list by the second lens", "people", "On the other"]
-- on_both_count = ["bigint", "People on both lists", "people", "On both"]
-- overlap = ["double", """People on both lists, as a share of those on either \
--     (Jaccard)""", "0 to 1", "On both, of those on either"]
-- ///

-- Whether two lenses of harm rank people alike, and how many people are on one list only. Here people are counted by
-- their two figures of harm, for each window and pair of lenses. The method ranks what is counted, and sees nobody.
with people as (
    -- sums of the same weights differ in their last digits, and are no order of people
    select
        window_days,
        round(harm_cchi, 6) as sentencing,
        round(harm_css, 6) as severity,
        round(harm_behaviour, 6) as behaviour
    from metrics.repeat_suspects
),

pairs as (
    select window_days, 'sentencing' as lens, 'severity' as other_lens, sentencing as harm, severity as other_harm
    from people
    union all
    select window_days, 'sentencing', 'behaviour', sentencing, behaviour from people
    union all
    select window_days, 'severity', 'behaviour', severity, behaviour from people
)

select window_days, lens, other_lens, harm, other_harm, count(*) as person_count
from pairs
where harm is not null and other_harm is not null
group by window_days, lens, other_lens, harm, other_harm
