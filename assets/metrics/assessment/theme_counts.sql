-- /// card
-- description = """One row is a counted fact about a theme of the assessment. With a denominator it is a share; \
--     without one it is a number."""
-- grain = ["theme_code", "fact_code"]
-- by_force = true
-- audience = []
-- caveats = ["A fact without a row is not measured."]
-- [columns]
-- theme_code = "columns"
-- fact_code = ["varchar", "Fact, as in reference.theme_facts"]
-- numerator = "columns"
-- denominator = ["bigint", "Denominator of the share; null for a number"]
-- ///

-- Facts of reference.theme_facts, for the theme's chapter and score. A fact without its fields has no row: not
-- measured, never zero.
with settings as (
    select
        events_collapse_days as collapse_days,
        scoring_fewest_graded as fewest_graded,
        scoring_fewest_areas as fewest_areas
    from core.settings
),

moments as (
    select
        as_of_at,
        london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
    where as_of_at is not null
),

-- the three years before the as-of day, and whether every month of each is in the extract: an incomplete year is not
-- measured
years_asked as (
    select
        n.years_ago,
        m.as_of_date - interval 12 month * (n.years_ago + 1) as after_date,
        m.as_of_date - interval 12 month * n.years_ago as until_date
    from moments as m
    cross join (select unnest([0, 1, 2]) as years_ago) as n
),

months_asked as (
    select
        y.years_ago,
        cast(unnest(generate_series(
            date_trunc('month', y.after_date + interval 1 month), y.until_date - interval 27 day, interval 1 month
        )) as date) as month,
        y.until_date
    from years_asked as y
),

months_held as (
    select distinct month
    from metrics.demand_months
    where source = 'extract'
),

years_held as (
    select a.years_ago
    from months_asked as a
    left join months_held as h on a.month = h.month
    -- a month that ends after the last day of the year is not needed
    where a.month + interval 1 month <= a.until_date + interval 1 day
    group by a.years_ago
    having count(*) = count(h.month)
),

dated as (
    select
        t.theme_code,
        t.crime_ref,
        case
            when t.recorded_date > m.as_of_date - interval 12 month then 0
            when t.recorded_date > m.as_of_date - interval 24 month then 1
            when t.recorded_date > m.as_of_date - interval 36 month then 2
        end as years_ago
    from core.theme_crimes as t
    cross join moments as m
),

flags_held as (
    select count(*) > 0 as is_held
    from core.crime_flags
),

online as (
    select distinct crime_ref
    from core.crime_flags
    where flag = 'online'
),

repeats as (
    select c.crime_ref
    from core.theme_crimes as c
    inner join reference.themes as t on c.theme_code = t.theme_code and t.band = 'cross-cutting'
),

-- crimes that were not removed, of suspects who were not eliminated
pair_crimes as (
    select p.pair_ref, p.crime_ref, p.class_code, p.recorded_at, p.reported_at
    from core.pair_crimes as p
    cross join moments as m
    inner join (select distinct crime_ref from core.theme_crimes) as t on p.crime_ref = t.crime_ref
    left join (
        select crime_ref, person_key, min(eliminated_at) as eliminated_at
        from core.parties
        where party_role in ('suspect', 'offender')
        group by crime_ref, person_key
    ) as e on p.crime_ref = e.crime_ref and p.suspect_key = e.person_key
    where coalesce(e.eliminated_at > m.as_of_at, true)
),

violent as (
    select p.pair_ref, p.crime_ref, p.recorded_at
    from pair_crimes as p
    inner join reference.class_groups as g on g.class_group = 'violence' and p.class_code = g.code
),

-- of the same pair, within 365 days before or after, including the crime itself
with_violence as (
    select distinct p.crime_ref
    from pair_crimes as p
    inner join violent as v
        on p.pair_ref = v.pair_ref
        and epoch(v.recorded_at) between epoch(p.recorded_at) - 365 * 86400 and epoch(p.recorded_at) + 365 * 86400
),

with_pair as (
    select distinct crime_ref
    from pair_crimes
),

followed as (
    select distinct p.crime_ref
    from pair_crimes as p
    cross join settings as s
    inner join pair_crimes as n
        on p.pair_ref = n.pair_ref
        and epoch(n.reported_at) > epoch(p.reported_at) + s.collapse_days * 86400
        and epoch(n.reported_at) <= epoch(p.reported_at) + 365 * 86400
),

-- the latest complete assessment by then
grades as (
    select a.crime_ref, a.risk_grade
    from core.risk_assessments as a
    cross join moments as m
    where a.completed_at <= m.as_of_at
    qualify row_number() over (partition by a.crime_ref order by a.completed_at desc, a.assessment_ref) = 1
),

facts as (
    select
        d.theme_code,
        d.years_ago,
        c.crime_ref,
        g.risk_grade,
        coalesce(c.victim_count, 0) + coalesce(c.suspect_count, 0) > 0 as has_people,
        c.named_suspect_count > 0 as is_suspect_named,
        c.is_victim_vulnerable,
        r.crime_ref is not null as is_repeat,
        c.is_former_partner or c.is_current_partner as is_partner,
        c.relationships is not null and c.relationships <> 'unknown' as is_relationship_known,
        o.crime_ref is not null as is_online,
        c.ho_code in ('8/65', '8/66') as is_section_4a,
        p.crime_ref is not null as has_pair,
        v.crime_ref is not null as has_violence,
        f.crime_ref is not null as is_followed,
        t.outcome_group,
        t.end_day,
        t.followed_days,
        coalesce(t.is_principal and not t.is_outcome_unread and t.end_day is not null, false) as is_outcome_known
    from dated as d
    inner join core.crimes as c on d.crime_ref = c.crime_ref
    left join repeats as r on d.crime_ref = r.crime_ref
    left join online as o on d.crime_ref = o.crime_ref
    left join with_pair as p on d.crime_ref = p.crime_ref
    left join with_violence as v on d.crime_ref = v.crime_ref
    left join followed as f on d.crime_ref = f.crime_ref
    left join grades as g on d.crime_ref = g.crime_ref
    left join core.outcome_times as t on d.crime_ref = t.crime_ref
),

years as (
    select
        theme_code,
        count(*) as crimes,
        count(*) filter (has_people) as peopled,
        count(*) filter (has_people and is_victim_vulnerable is not null) as vulnerability_known,
        count(*) filter (has_people and is_victim_vulnerable) as vulnerable,
        count(*) filter (has_people and is_suspect_named is not null) as naming_known,
        count(*) filter (has_people and is_suspect_named) as named,
        count(*) filter (is_suspect_named and is_repeat) as repeated,
        count(*) filter (is_relationship_known) as related,
        count(*) filter (is_relationship_known and is_partner) as partners,
        count(*) filter (is_online) as online,
        count(*) filter (has_pair) as paired,
        count(*) filter (has_pair and has_violence) as violent,
        count(*) filter (risk_grade is not null) as graded,
        count(*) filter (risk_grade is not null or is_section_4a) as graded_or_4a,
        count(*) filter (risk_grade = 'high' or is_section_4a) as high
    from facts
    where years_ago = 0
    group by theme_code
),

cohorts as (
    select
        theme_code,
        count(*) as crimes,
        count(*) filter (is_outcome_known and followed_days >= 365) as ended,
        count(*) filter (
            is_outcome_known and followed_days >= 365 and outcome_group = 'Charged/Summonsed' and end_day <= 365
        ) as charged,
        count(*) filter (
            is_outcome_known and followed_days >= 365 and end_day <= 365
            and outcome_group like 'Evidential difficulties (victim does not support%'
        ) as withdrew,
        count(*) filter (has_pair) as paired,
        count(*) filter (has_pair and is_followed) as followed
    from facts
    where years_ago = 1
    group by theme_code
),

victims as (
    select d.theme_code, p.person_key, count(distinct d.crime_ref) as crime_count
    from dated as d
    inner join core.parties as p on d.crime_ref = p.crime_ref
    where d.years_ago = 0 and p.party_role = 'victim' and p.person_key is not null
    group by d.theme_code, p.person_key
),

victim_counts as (
    select theme_code, count(*) as victims, count(*) filter (crime_count >= 2) as repeat_victims
    from victims
    group by theme_code
),

areas as (
    select d.theme_code, count(distinct a.area_code) as areas
    from dated as d
    inner join core.crime_areas as a on d.crime_ref = a.crime_ref
    where d.years_ago = 0
    group by d.theme_code
),

all_areas as (
    select count(distinct area_code) as areas
    from core.crime_areas
),

-- each crime once: the cross-cutting theme counts crimes of other themes
totals as (
    select count(*) as crimes
    from dated as d
    inner join reference.themes as t on d.theme_code = t.theme_code and t.band <> 'cross-cutting'
    where d.years_ago = 0
),

residents as (
    select persons
    from core.residents
    where is_total
),

held as (
    select distinct theme_code
    from core.theme_crimes
),

replacing as (
    select distinct replaced_by as theme_code
    from reference.themes
    where replaced_by is not null
),

themes as (
    select t.theme_code, t.band, coalesce(y.crimes, 0) as crimes
    from reference.themes as t
    cross join moments as m
    left join years as y on t.theme_code = y.theme_code
    left join held as h on t.theme_code = h.theme_code
    left join held as i on t.replaced_by = i.theme_code
    left join replacing as r on t.theme_code = r.theme_code
    -- a comparator missing from the extract has no score: without crimes it is not known to be zero. A scored theme
    -- without crimes is zero, unless one of the two themes replaces the other
    where h.theme_code is not null
        or (t.band = 'scored' and r.theme_code is null and i.theme_code is null)
),

-- entries saved by the force; the product's starters are not the force's record of open actions
recommendations as (
    select t.theme_code, count(*) filter (e.is_overdue) as overdue
    from themes as t
    inner join core.register_entries as e
        on e.register = 'inspection' and not e.is_starter
        and (e.theme_code = t.theme_code or (e.theme_code is null and t.band <> 'comparator'))
    group by t.theme_code
),

past as (
    select
        theme_code,
        count(*) filter (years_ago = 1) as one,
        count(*) filter (years_ago = 2) as two
    from dated
    group by theme_code
),

-- a fact needs every year that it uses to be complete
measurable as (
    select f.fact_code
    from reference.theme_facts as f
    left join years_held as h on h.years_ago between f.first_year and f.last_year
    group by f.fact_code, f.first_year, f.last_year
    having f.first_year is null or count(h.years_ago) = f.last_year - f.first_year + 1
),

counted as (
    select theme_code, 'crimes_year' as fact_code, crimes as numerator, cast(null as bigint) as denominator from themes
    union all
    select t.theme_code, 'crimes_year_before', coalesce(p.one, 0), null
    from themes as t left join past as p on t.theme_code = p.theme_code where t.band <> 'cross-cutting'
    union all
    select t.theme_code, 'crimes_two_years_before', coalesce(p.two, 0), null
    from themes as t left join past as p on t.theme_code = p.theme_code where t.band <> 'cross-cutting'
    union all
    select t.theme_code, 'crimes_per_1000', t.crimes, r.persons from themes as t cross join residents as r
    union all
    select t.theme_code, 'share_of_themes', t.crimes, a.crimes from themes as t cross join totals as a
    union all
    select theme_code, 'victims', victims, null from victim_counts
    union all
    select theme_code, 'victims_repeat', repeat_victims, victims from victim_counts
    union all
    select theme_code, 'victims_vulnerable', vulnerable, vulnerability_known from years
    where vulnerability_known > 0
    union all
    select theme_code, 'suspect_named', named, naming_known from years where naming_known > 0
    union all
    select theme_code, 'suspect_repeat', repeated, named from years where named > 0 and theme_code in (
        select theme_code from reference.themes where band = 'scored'
    )
    union all
    select theme_code, 'relationship_known', related, peopled from years
    where peopled > 0 and (select sum(related) from years) > 0
    union all
    select theme_code, 'partner', partners, related from years where related > 0
    union all
    select a.theme_code, 'areas', a.areas, b.areas from areas as a cross join all_areas as b cross join settings as s
    where b.areas >= s.fewest_areas
    union all
    select y.theme_code, 'online', y.online, y.crimes from years as y cross join flags_held as h where h.is_held
    union all
    select theme_code, 'violence', violent, paired from years where paired > 0
    union all
    select theme_code, 'assessed', graded, crimes from years where graded > 0
    union all
    -- grades of a few crimes do not represent the rest; comparators are not graded
    select y.theme_code, 'high_risk', y.high, y.graded_or_4a
    from years as y
    cross join settings as s
    inner join reference.themes as t on y.theme_code = t.theme_code and t.band <> 'comparator'
    where y.graded_or_4a >= s.fewest_graded * y.crimes
    union all
    -- a theme with only part of its outcomes has no outcome facts
    select theme_code, 'charged', charged, ended from cohorts where ended >= 0.9 * crimes
    union all
    select theme_code, 'victim_withdrew', withdrew, ended from cohorts where ended >= 0.9 * crimes
    union all
    select theme_code, 'followed', followed, paired from cohorts where paired > 0
    union all
    -- a theme without an open crime has none
    select t.theme_code, 'open', coalesce(o.numerator, 0), null
    from themes as t
    left join metrics.theme_case_counts as o on t.theme_code = o.theme_code and o.fact_code = 'open'
    union all
    select theme_code, fact_code, numerator, denominator from metrics.theme_case_counts where fact_code <> 'open'
    union all
    select theme_code, 'recommendations_overdue', overdue, null from recommendations
)

select c.theme_code, c.fact_code, c.numerator, c.denominator
from counted as c
inner join measurable as m on c.fact_code = m.fact_code
