-- /// card
-- description = """One row is an entry of a register as it stands: a recommendation, a gap, an inspection's \
--     recommendation, a policy and so on."""
-- grain = ["register", "entry_ref"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """Entered by people of this force on the page Decisions and actions. An entry that the product brings along \
--     stands as a starter, not confirmed, until somebody keeps it.""",
--     "Overdue as of the day that the figures describe; without an extract there is no such day.",
--     "Owners are posts. Whoever changed an entry is kept in the casework store and not published.",
-- ]
-- [columns]
-- register = ["varchar", """Register: recommendations, inspection, pestelo, intelligence_gaps, lessons, \
--     risk_register, guidance, policies or practice"""]
-- entry_ref = "columns"
-- title = ["varchar", "What it says, in short"]
-- theme_code = ["varchar", "Theme of the assessment; null where it is about none or several"]
-- owner = ["varchar", "Post that answers for it; null where nobody does yet"]
-- due_date = ["date", "Due, or to be reviewed next", "", "Due"]
-- status = ["varchar", "needs_decision, open, under_way, done or declined", "", "State"]
-- metric_code = ["varchar", "Live figure that shows whether it works: a measure of metrics.advice_answers"]
-- is_overdue = ["boolean", "Open, and due before the day that the figures describe; null where there is no such day"]
-- is_closed = ["boolean", "Done or not taken up"]
-- is_starter = ["boolean", "Brought along by the product, not confirmed"]
-- starter_source = ["varchar", "Where a starter comes from; null for an entry that somebody kept"]
-- revision = ["bigint", "How often it was kept; 0 for a starter"]
-- changed_at = ["timestamp with time zone", "When it was kept last", "UTC"]
-- fields = ["varchar", "All its fields, the evidence snapshot among them, as JSON"]
-- as_of_date = ["date", "Day that the figures describe; null without an extract"]
-- ///

-- Every register as it stands: the latest revision of an entry that somebody of the force kept, and of what the product
-- brings along only what nobody has kept yet (a starter, not confirmed). Overdue is worked out from the due date and the
-- day that the figures describe; where there is no such day, the page that shows the registers goes by its own.
with kept as (
    select register, entry_ref, revision, fields, changed_at, is_closed
    from raw.casework_register_rows
    qualify row_number() over (partition by register, entry_ref order by revision desc) = 1
),

entries as (
    select
        register,
        entry_ref,
        revision,
        fields,
        changed_at,
        is_closed = 1 as is_closed,
        false as is_starter,
        cast(null as varchar) as starter_source
    from kept
    union all
    select s.register, s.entry_ref, 0, s.fields, cast(null as timestamptz), false, true, s.source
    from reference.register_starters as s
    left join kept as k on s.register = k.register and s.entry_ref = k.entry_ref
    where k.entry_ref is null
),

days as (
    select max(cast(as_of_at at time zone 'Europe/London' as date)) as as_of_date
    from core.extract_moments
),

typed as (
    select
        e.register,
        e.entry_ref,
        json_extract_string(e.fields, '$.title') as title,
        json_extract_string(e.fields, '$.theme_code') as theme_code,
        json_extract_string(e.fields, '$.owner') as owner,
        cast(json_extract_string(e.fields, '$.due_date') as date) as due_date,
        coalesce(
            json_extract_string(e.fields, '$.status'), case when e.is_closed then 'done' else 'open' end
        ) as status,
        json_extract_string(e.fields, '$.metric_code') as metric_code,
        e.is_closed,
        e.is_starter,
        e.starter_source,
        e.revision,
        e.changed_at,
        e.fields,
        d.as_of_date
    from entries as e
    cross join days as d
)

select
    register,
    entry_ref,
    title,
    theme_code,
    owner,
    due_date,
    status,
    metric_code,
    case
        when is_closed or due_date is null then false
        else due_date < as_of_date
    end as is_overdue,
    is_closed,
    is_starter,
    starter_source,
    revision,
    changed_at,
    fields,
    as_of_date
from typed
