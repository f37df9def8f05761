"""Dagster: each card is an asset, each rule an asset check, each build a run.

`DAGSTER_HOME`, `STRA_HOME` and `STRA_DATA` give the folders of a run started from Dagster's pages. A run started by
`stra build` passes on its open session.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from expectations import RULES
from pipelines.builds.session import Session, built_tables
from pipelines.dagster_records.schedule import (
    FRESHNESS,
    build_job,
    failed_builds,
    monthly,
    new_deliveries,
    session_of_environment,
)
from pipelines.dagster_records.specs import SEVERITY, check_name, key_of, lineage_of, spec_of
from pipelines.publication import withheld
from pipelines.standards import quality
from pipelines.tables.cards import AUDIENCES, Card, all_cards
from pipelines.tables.kept_lineage import lineages
from pipelines.tables.lineage import downstream_of, reads
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import Held, states

POOL = "warehouse"  # one writer
AFTER_STANDARDS = downstream_of(set(quality.JUDGED))  # tables made from what the rules found
INTAKE_TABLES = tuple(t for t, c in all_cards().items() if c.schema == "raw")


def _intake(only_changed: bool) -> dg.AssetsDefinition:
    """The intake, which reports every raw table, or only those that it has changed."""

    @dg.multi_asset(
        name="intake",
        specs=[spec_of(all_cards()[t]).replace_attributes(skippable=only_changed) for t in INTAKE_TABLES],
        can_subset=False,
        pool=POOL,
        required_resource_keys={"session"},
        check_specs=[
            dg.AssetCheckSpec(
                "no_row_lost",
                asset=key_of("raw.deliveries"),
                blocking=True,
                description="rows read = rows loaded + rows quarantined, for every delivery",
            )
        ],
    )
    def load_deliveries(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        """Load what is new in the data folder."""
        session: Session = context.resources.session
        before = states(session.con)
        looked_at = session.take_in()
        after = states(session.con)
        for table in INTAKE_TABLES:
            state = after.get(table)
            if not only_changed or state != before.get(table):
                yield dg.MaterializeResult(
                    asset_key=key_of(table),
                    metadata={"dagster/row_count": state.row_count if state else 0, "files_looked_at": looked_at},
                )
        lost = scalar(session.con, "select count(*) from raw.deliveries where rows_lost <> 0")
        yield dg.AssetCheckResult(
            asset_key=key_of("raw.deliveries"),
            check_name="no_row_lost",
            passed=lost == 0,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"deliveries_with_lost_rows": lost},
        )

    return load_deliveries


intake_asset = _intake(only_changed=False)
changed_intake = _intake(only_changed=True)  # of a run that is the intake alone: nothing waits for a table in it


def step_of(card: Card) -> str:
    """Name of the step that makes a table.

    Each table is an asset of its own. A step of its own would cost a tenth of a second in Dagster's records, more than
    most tables take. So tables that may be made together share a step.
    """
    when = "_after_standards" if card.table in AFTER_STANDARDS else ""
    return f"{card.schema}_tables{when}"


def _step(name: str, cards: Sequence[Card]) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=name,
        specs=[spec_of(card, reads(card)) for card in cards],
        can_subset=True,
        pool=POOL,
        required_resource_keys={"session"},
    )
    def build_tables(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        session: Session = context.resources.session
        found, held = lineages(), Held(session.con)
        for card in cards:
            if key_of(card.table) not in context.selected_asset_keys:
                continue
            built = session.build(card, held)
            metadata: dict[str, Any] = {
                "dagster/row_count": built.row_count,
                **({"withheld": built.failure} if built.failure else {}),
                "dagster/column_lineage": lineage_of(found[card.table]),
                "was_current": built.was_current,
                "seconds": built.seconds,
            }
            yield dg.MaterializeResult(asset_key=key_of(card.table), metadata=metadata)

    return build_tables


@dg.multi_asset(
    name="standards",
    pool=POOL,
    required_resource_keys={"session"},
    specs=[spec_of(all_cards()[t], sorted({r.table for r in RULES})) for t in quality.JUDGED],
)
def standards_asset(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
    """Hold the tables against the recording standards with Great Expectations."""
    session: Session = context.resources.session
    session.run_rules()
    found = states(session.con)
    for table in quality.JUDGED:
        row_count = found[table].row_count if table in found else 0
        yield dg.MaterializeResult(asset_key=key_of(table), metadata={"dagster/row_count": row_count})


CHECKS = {dg.AssetCheckKey(key_of(rule.table), check_name(rule)): rule for rule in RULES}
ALL_MEASURED = {key_of(rule.table): dg.AssetCheckKey(key_of(rule.table), "all_measured") for rule in RULES}


def _check(key: dg.AssetCheckKey, words: str, **metadata: str) -> dg.AssetCheckSpec:
    after = [key_of("quality.rule_results")]
    return dg.AssetCheckSpec(key.name, asset=key.asset_key, description=words, metadata=metadata, additional_deps=after)


@dg.multi_asset_check(
    name="rule_checks",
    required_resource_keys={"session"},
    can_subset=True,  # a run need not report each
    pool=POOL,
    specs=[
        *(_check(key, r.description, authority=r.authority, dimension=r.dimension) for key, r in CHECKS.items()),
        *(_check(key, "every standard of the table could be evaluated") for key in ALL_MEASURED.values()),
    ],
)
def rule_checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """A check for each rule that was evaluated, and one a table that names the others. What is not evaluated fails.

    A rule that Dagster has a record of is reported all the same: else it would go on showing that.
    """
    results = quality.result_metadata(context.resources.session.con)
    found = {key: results[rule.key] for key, rule in CHECKS.items()}
    unknown = [key for key, metadata in found.items() if metadata["status"] == "NOT_EVALUABLE"]
    log = context.instance.event_log_storage
    told = log.get_latest_asset_check_execution_by_key([*unknown, *ALL_MEASURED.values()])
    checks = [
        (key, metadata["status"] == "PASS", SEVERITY[CHECKS[key].severity], metadata)
        for key, metadata in found.items()
        if key not in unknown or key in told
    ]
    for table, key in ALL_MEASURED.items():
        out = {rule.name: found[rule]["message"] for rule in unknown if rule.asset_key == table}
        if out or key in told:
            checks.append((key, not out, dg.AssetCheckSeverity.WARN, {"not_evaluable_count": len(out), **out}))
    for key, passed, severity, metadata in checks:
        yield dg.AssetCheckResult(
            asset_key=key.asset_key, check_name=key.name, passed=passed, severity=severity, metadata=metadata
        )


@dg.multi_asset(
    name="publication",
    pool=POOL,
    required_resource_keys={"session"},
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["published", audience]),
            group_name="published",
            description=f"The copy that the {audience} audience reads, replaced as a whole.",
            deps=[key_of(t) for t, c in all_cards().items() if audience in c.audience and t != "quality.runs"]
            + [key_of("quality.rule_results")],
        )
        for audience in AUDIENCES
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "every_table_published",
            asset=dg.AssetKey(["published", AUDIENCES[0]]),
            description="no table is withheld, from any audience",
        )
    ],
)
def publication_asset(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Publish to every audience."""
    session: Session = context.resources.session
    for audience, folder in session.publish().items():
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(["published", audience]), metadata={"folder": dg.MetadataValue.path(folder)}
        )
    found = withheld.published(session.home)
    yield dg.AssetCheckResult(
        asset_key=dg.AssetKey(["published", AUDIENCES[0]]),
        check_name="every_table_published",
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"withheld": dg.MetadataValue.md("\n".join(f"- {t}: {why}" for t, why in found.items()) or "none")},
    )


STEPS: dict[str, list[Card]] = {}
for _card in built_tables():
    STEPS.setdefault(step_of(_card), []).append(_card)
TABLE_ASSETS = [_step(name, cards) for name, cards in STEPS.items()]
ASSETS = [intake_asset, *TABLE_ASSETS, standards_asset, publication_asset]


defs = dg.Definitions(
    assets=[
        a.map_asset_specs(lambda s: s.replace_attributes(freshness_policy=FRESHNESS)) if a is publication_asset else a
        for a in ASSETS
    ],
    asset_checks=[rule_checks],
    jobs=[build_job],
    schedules=[monthly],
    sensors=[failed_builds, new_deliveries],
    resources={"session": session_of_environment},
    executor=dg.in_process_executor,
)
