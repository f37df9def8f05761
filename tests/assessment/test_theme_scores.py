"""Scores of themes (strategic-assessment 2.5): given these values, what harm, likelihood, risk and rank?"""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_themes import WORKED, parts, scheme, value
from worked import Row, counts, made

from assets.methods.assessment.scheme import Scheme

SCHEME = Scheme.from_rows(pl.DataFrame(scheme()))
LESS: dict[str, int | None] = {part: max(0, score - 1) for part, score in WORKED.items()}


def risks(rows: list[Row], held: list[Row] | None = None, **given_rows: list[Row]) -> dict[str, Row]:
    found = made("metrics.theme_risks", metrics_theme_parts=rows, core_scoring_scheme=held or scheme(), **given_rows)
    return {row["theme_code"]: row for row in found}


def grades(theme: str, *given_grades: str) -> list[Row]:
    return [{"theme_code": theme, "component_code": str(i), "grade": g} for i, g in enumerate(given_grades)]


class TestTheWorkedExample:
    def test_harm_likelihood_organisation_risk_and_priority(self) -> None:
        row = risks(parts("T1", WORKED), scheme(**{"scoring.priority_lambda": 0.5}))["T1"]
        assert row["harm"] == pytest.approx(50.0)
        assert row["likelihood"] == pytest.approx(58.333, abs=1e-3)
        assert row["organisation"] == pytest.approx(50.0)
        assert row["risk"] == pytest.approx(29.167, abs=1e-3)
        assert row["priority"] == pytest.approx(36.458, abs=1e-3)
        assert row["organisation_grade"] == "C"

    def test_the_method_says_the_same_as_the_table(self) -> None:
        held = Scheme.from_rows(pl.DataFrame(scheme()))
        assert held.dimension_score("harm", WORKED) == pytest.approx(50.0)
        assert held.dimension_score("likelihood", WORKED) == pytest.approx(58.333, abs=1e-3)
        assert held.dimension_score("organisation", WORKED) == pytest.approx(50.0)

    def test_as_shipped_organisational_position_does_not_move_priority(self) -> None:
        row = risks(parts("T1", WORKED))["T1"]
        assert row["priority"] == row["risk"]


class TestWhatMustNotMoveRisk:
    @given(factor=st.floats(0.1, 50))
    def test_all_weights_by_one_factor(self, factor: float) -> None:
        held = SCHEME
        other = Scheme(
            {d: {p: w * factor for p, w in weights.items()} for d, weights in held.dimensions.items()},
            held.cut_points, held.points, held.settings,
        )  # fmt: skip
        for dimension in held.dimensions:
            assert other.dimension_score(dimension, WORKED) == pytest.approx(held.dimension_score(dimension, WORKED))

    def test_confidence_while_the_switch_is_off(self) -> None:
        rows = parts("T1", WORKED)
        found = [
            risks(rows, metrics_theme_confidence=grades("T1", grade, grade))["T1"]
            for grade in ("High", "Moderate", "Low")
        ]
        assert [row["confidence"] for row in found] == ["High", "Moderate", "Low"]
        assert len({row["risk"] for row in found}) == 1

    def test_confidence_weighs_likelihood_where_the_switch_is_on(self) -> None:
        on = scheme(**{"scoring.confidence_in_likelihood": 1})
        rows = parts("T1", WORKED)
        high = risks(rows, on, metrics_theme_confidence=grades("T1", "High"))["T1"]
        low = risks(rows, on, metrics_theme_confidence=grades("T1", "Low"))["T1"]
        assert low["risk"] == pytest.approx(high["risk"] / 2)

    def test_the_effect_of_the_switch_on_ranks_stands_beside_them(self) -> None:
        both = [*grades("T1", "Low"), *grades("T2", "High")]
        found = risks([*parts("T1", WORKED), *parts("T2", LESS)], metrics_theme_confidence=both)
        assert (found["T1"]["rank"], found["T2"]["rank"]) == (1, 2)
        nearly = {**WORKED, "environmental": 1}
        found = risks([*parts("T1", nearly), *parts("T2", WORKED)], metrics_theme_confidence=both)
        assert (found["T1"]["rank"], found["T1"]["rank_with_confidence"]) == (1, 2)


class TestConfidence:
    def test_is_the_mean_of_its_components_and_not_measured_is_low(self) -> None:
        def of(*given_grades: str) -> str:
            row = risks(parts("T1", WORKED), metrics_theme_confidence=grades("T1", *given_grades))["T1"]
            return str(row["confidence"])

        assert of("High", "High", "High", "Moderate") == "High"
        assert of("High", "Moderate", "Low", "not measured") == "Moderate"
        assert of("High", "Low", "Low", "not measured") == "Low"

    def test_a_weak_base_holds_it_down(self) -> None:
        """What is of the whole force cannot vouch for a theme of few crimes of which little is measured."""
        def of(crimes: str, measured: str) -> str:
            base = [row | {"is_base": True} for row in grades("T1", crimes, measured)]
            others = [row | {"is_base": False} for row in grades("T1", *["High"] * 6)]
            return str(risks(parts("T1", WORKED), metrics_theme_confidence=[*base, *others])["T1"]["confidence"])

        assert of("High", "Moderate") == "High"
        assert of("Low", "High") == "Moderate"
        assert of("Low", "not measured") == "Low"

    def test_without_a_component_it_is_low(self) -> None:
        assert risks(parts("T1", WORKED))["T1"]["confidence"] == "Low"


class TestOrganisationalPosition:
    def test_has_a_grade_and_those_that_unknown_parts_leave_possible(self) -> None:
        row = risks(parts("T1", {**WORKED, "capability": None, "reputation": None}))["T1"]
        # weights of 5, of which 2 are not known: 4 points of each known part, 3, 0 or 8 of the others
        scores = [row[f"organisation{end}"] for end in ("", "_low", "_high")]
        assert scores == [pytest.approx(100 * points / 40) for points in (18, 12, 28)]
        assert [row[f"organisation_grade{end}"] for end in ("", "_best", "_worst")] == ["B", "B", "C"]
        assert row["organisation_known_count"] == 4

    def test_has_no_grade_where_no_part_is_known(self) -> None:
        unknown = dict.fromkeys(("capacity", "caseload", "capability", "recording", "audit", "reputation"))
        row = risks(parts("T1", WORKED | unknown))["T1"]
        assert (row["organisation_grade"], row["organisation_known_count"]) == (None, 0)
        assert (row["organisation_grade_best"], row["organisation_grade_worst"]) == ("A", "D")


class TestRanks:
    def test_a_theme_that_counts_crimes_of_others_is_not_ranked(self) -> None:
        found = risks([*parts("T1", LESS), *parts("T6", WORKED), *parts("C1", dict.fromkeys(WORKED, 0))])
        assert found["T6"]["rank"] is None
        assert found["T6"]["risk"] > found["T1"]["risk"]
        assert (found["T1"]["rank"], found["C1"]["rank"]) == (1, 2)

    def test_equal_risks_share_a_place(self) -> None:
        found = risks([*parts("T1", WORKED), *parts("T2", WORKED), *parts("T3", LESS)])
        assert [found[t]["rank"] for t in ("T1", "T2", "T3")] == [1, 1, 3]

    def test_an_override_moves_the_rank_in_force_and_not_the_automatic_one(self) -> None:
        overridden = parts("T2", LESS)
        for row in overridden:
            if row["part_code"] == "psychological":
                row |= {"score": 4, "points": 8.0, "override_ref": "O1"}
            if row["part_code"] == "volume":
                row |= {"score": 4, "points": 8.0, "override_ref": "O2"}
        found = risks([*parts("T1", {**LESS, "community": 2}), *overridden])
        assert (found["T2"]["automatic_rank"], found["T2"]["rank"]) == (2, 1)
        assert found["T2"]["override_count"] == 2
        assert (found["T1"]["automatic_rank"], found["T1"]["rank"]) == (1, 2)

    def test_what_is_not_measured_is_counted_and_stands_at_the_mean_of_all_points(self) -> None:
        row = risks(parts("T1", {**WORKED, "financial": None}))["T1"]
        assert (row["measured_count"], row["judged_count"], row["part_count"]) == (8, 0, 9), "parts of the risk alone"
        # 2 points of the worked example become 3: half a weight of one point more of 42
        assert row["harm"] == pytest.approx(50 + 100 * 0.5 / 42)


def part_row(**more: Any) -> Row:
    return {
        "theme_code": "T1", "dimension": "harm", "part_code": "physical", "scale": "share", "basis": "measured",
        "value": None, "numerator": None, "denominator": None, "given_score": None, "floor_score": None, "words": None,
        **more,
    }  # fmt: skip


def scored(row: Row, overrides: list[Row] | None = None) -> Row:
    [row] = made(
        "metrics.theme_parts",
        metrics_theme_part_values=[row],
        core_scoring_scheme=scheme(),
        core_score_overrides=overrides or [],
    )
    return row  # fmt: skip


def override(score: int) -> Row:
    return {"override_ref": "O1", "theme_code": "T1", "part_code": "physical", "override_score": score}


class TestAPart:
    @pytest.mark.parametrize(
        ("numerator", "score"), [(0, 0), (1, 1), (19, 1), (20, 2), (49, 2), (50, 3), (99, 3), (100, 4), (1000, 4)]
    )
    def test_physical_harm_by_its_cut_points(self, numerator: int, score: int) -> None:
        row = part_row(numerator=numerator, denominator=1000, value=numerator / 1000)
        assert scored(row)["automatic_score"] == score

    def test_a_floor_holds_and_an_override_may_lower_it(self) -> None:
        row = part_row(numerator=0, denominator=10, value=0.0, floor_score=3)
        assert scored(row)["score"] == 3
        lowered = scored(row, [override(1)])
        assert (lowered["automatic_score"], lowered["score"], lowered["override_ref"]) == (3, 1, "O1")

    def test_one_that_is_not_measured_has_no_score_and_the_mean_of_all_points(self) -> None:
        row = scored(part_row(basis="not measured"))
        assert (row["score"], row["points"]) == (None, 3.0)

    def test_an_override_fills_one_that_is_not_measured(self) -> None:
        row = scored(part_row(basis="not measured"), [override(3)])
        assert (row["automatic_score"], row["score"], row["points"]) == (None, 3, 4.0)

    @pytest.mark.parametrize(("numerator", "is_shown"), [(0, True), (4, False), (5, True), (95, True), (96, False)])
    def test_one_to_four_or_all_but_as_few_are_not_told(self, numerator: int, is_shown: bool) -> None:
        row = scored(part_row(numerator=numerator, denominator=100, value=numerator / 100))
        assert (row["numerator"] is not None, row["value"] is not None) == (is_shown, is_shown)
        assert row["score"] is not None

    def test_a_share_has_its_interval(self) -> None:
        row = scored(part_row(numerator=50, denominator=100, value=0.5))
        assert (row["lower"], row["upper"]) == (pytest.approx(0.4038, abs=1e-4), pytest.approx(0.5962, abs=1e-4))


class TestWhatAPartRestsOn:
    def values(self, rows: list[Row], **more: list[Row]) -> dict[tuple[str, str], Row]:
        pools = made("metrics.theme_pools", metrics_theme_counts=rows)
        found = made("metrics.theme_part_values", metrics_theme_counts=rows, metrics_theme_pools=pools, **more)
        return {(row["theme_code"], row["part_code"]): row for row in found}

    def test_volume_is_a_place_among_three_years_of_all_themes(self) -> None:
        rows = [
            *counts("T1", crimes_year=40, crimes_year_before=30, crimes_two_years_before=20),
            *counts("T4", crimes_year=35, crimes_year_before=50, crimes_two_years_before=10),
        ]
        found = self.values(rows)
        assert found["T1", "volume"]["value"] == pytest.approx(5 / 6)
        assert found["T4", "volume"]["value"] == pytest.approx(4 / 6)

    def test_no_crime_is_no_place(self) -> None:
        found = self.values([*counts("T1", crimes_year=0), *counts("T4", crimes_year=5)])
        assert found["T1", "volume"]["value"] == 0.0

    def test_what_is_not_counted_is_not_measured(self) -> None:
        found = self.values(counts("T1", crimes_year=10))
        assert found["T1", "physical"]["basis"] == "not measured"
        assert found["T1", "environmental"]["basis"] == "entered"

    @pytest.mark.parametrize(
        ("verdict", "above", "below", "score"),
        [("lower", False, True, 0), ("lower", False, False, 1), ("no_change", None, None, 2),
         ("higher", False, False, 3), ("higher", True, False, 4), ("not_charted", None, None, None)],
    )  # fmt: skip
    def test_trend_is_the_verdict_of_the_chart_and_the_forecast(
        self, verdict: str, above: bool | None, below: bool | None, score: int | None
    ) -> None:
        found = self.values(
            counts("T1", crimes_year=10),
            metrics_theme_verdicts=[{"theme_code": "T1", "verdict": verdict}],
            metrics_theme_forecasts=[{"theme_code": "T1", "is_above_limit": above, "is_below_limit": below}],
        )["T1", "trend"]
        assert found["given_score"] == score
        assert found["basis"] == ("not measured" if score is None else "measured")

    def test_trend_is_capped_where_recording_changed_too_lately(self) -> None:
        given_rows = {"theme_code": "T1", "verdict": "not_enough_points", "break_title": "New counting rule"}
        found = self.values(counts("T1", crimes_year=10), metrics_theme_verdicts=[given_rows])["T1", "trend"]
        capped = "too few months since the recording changed: taken as no signal"
        assert (found["given_score"], found["words"]) == (2, capped)
        found = self.values(counts("T1", crimes_year=10), metrics_theme_verdicts=[given_rows | {"break_title": None}])[
            "T1", "trend"
        ]
        assert (found["basis"], found["words"]) == ("not measured", "too few months for a control chart")


class TestOverrides:
    def test_those_in_force_alone_count(self) -> None:
        rows = [
            {"sequence": n, "override_ref": f"O{n}", "theme_code": "T1", "part_code": part, "override_score": 4,
             "is_in_force": in_force}
            for n, part, in_force in ((1, "volume", True), (2, "trend", False))
        ]  # fmt: skip
        assert [r["override_ref"] for r in made("core.score_overrides", raw_casework_score_overrides=rows)] == ["O1"]


AS_OF = [{"as_of_at": datetime(2026, 3, 31, 22, tzinfo=UTC)}]


class TestTheScheme:
    def test_as_shipped_it_is_version_1(self) -> None:
        assert {(row["scheme_version"], row["is_changed"]) for row in scheme()} == {(1, False)}

    def test_the_last_accepted_change_of_a_number_counts(self) -> None:
        changes = [
            {"sequence": n, "scheme_version": n + 1, "subject": "weight", "key": "harm/physical", "new_value": value}
            for n, value in ((1, 2.0), (2, 1.5))
        ]
        found = {row["key"]: row for row in made("core.scoring_scheme", raw_casework_scheme_changes=changes)}
        assert (found["harm/physical"]["value"], found["harm/physical"]["shipped_value"]) == (1.5, 1.0)
        assert (found["harm/community"]["value"], found["harm/community"]["is_changed"]) == (1.0, False)
        assert {row["scheme_version"] for row in found.values()} == {3}

    def test_the_hash_moves_with_any_number(self) -> None:
        def hashed(rows: list[Row]) -> str:
            risks_rows = [{"theme_code": "T1", "override_count": 0}]
            [row] = made(
                "metrics.theme_scores", core_scoring_scheme=rows, metrics_theme_risks=risks_rows,
                core_extract_moments=AS_OF,
            )  # fmt: skip
            return str(row["scheme_hash"])

        assert hashed(scheme()) == hashed(scheme())
        assert hashed(scheme()) != hashed(scheme(**{"physical/3": 0.06}))


def other_schemes(*themes: dict[str, int | None], top: float = 3, **changed: Row) -> dict[tuple[str, str], Row]:
    """(scheme, theme) -> row, of themes T1, T2 and so on with these scores; `part=row` changes a value of T1."""
    held, scored_parts, values = scheme(**{"scoring.top": top}), [], []
    for n, scores in enumerate(themes, start=1):
        rows = parts(f"T{n}", scores)
        scored_parts += rows
        values += [
            {**value(row["theme_code"], row["part_code"], "entered", row["basis"], given_score=row["score"]),
             "dimension": row["dimension"], **(changed.get(row["part_code"], {}) if n == 1 else {})}
            for row in rows
        ]  # fmt: skip
    found = made(
        "metrics.theme_schemes", core_scoring_scheme=held, metrics_theme_parts=scored_parts,
        metrics_theme_part_values=values, metrics_theme_risks=list(risks(scored_parts, held).values()),
    )  # fmt: skip
    return {(row["scheme_code"], row["theme_code"]): row for row in found}


class TestOtherSchemes:
    """By hand from the worked example: harm 21 of 42 points, likelihood 14 of 24."""

    def test_each_changes_one_choice_of_the_worked_example(self) -> None:
        found = {code: row["risk"] for (code, _), row in other_schemes(dict(WORKED)).items()}
        assert len(found) >= 12
        by_hand = {
            "equal_weights": 18 / 48 * 14 / 24, "psychological_half": 15 / 36 * 14 / 24,
            "volume_double": 21 / 42 * 22 / 32, "even_points": 14 / 21 * 9 / 12, "places": 1 / 4,
            "sum": (21 / 42 + 14 / 24) / 2, "harm_only": 21 / 42, "likelihood_only": 14 / 24,
        }  # fmt: skip
        as_it_is = 21 / 42 * 14 / 24
        assert found == pytest.approx({code: 100 * by_hand.get(code, as_it_is) for code in found})

    def test_what_fills_in_a_part_without_data_is_a_choice(self) -> None:
        held = other_schemes({**WORKED, "financial": None})
        found = {code: row["risk"] * 24 / 14 for (code, _), row in held.items()}
        assert found["no_floors"] == pytest.approx(100 * 21.5 / 42), "the average, as in the force's own scheme"
        assert found["unknown_out"] == found["measured_only"] == pytest.approx(100 * 20 / 38)
        assert found["unknown_lowest"] == pytest.approx(100 * 20 / 42)
        assert found["unknown_highest"] == pytest.approx(100 * 24 / 42)

    def test_judgements_floors_limits_and_cut_points(self) -> None:
        share = {"scale": "share", "given_score": None, "value": 0.05, "numerator": 5, "denominator": 100}
        found = {
            code: row["risk"] * 24 / 14
            for (code, _), row in other_schemes(
                dict(WORKED), physical=share, public_expectation={"basis": "entered"},
                psychological={"given_score": 1, "floor_score": 3},
            ).items()
        }
        # physical 4 points, psychological 6 by its floor, financial 1, community 2, public 4: 17 of 42
        assert found["unknown_out"] == pytest.approx(100 * 17 / 42)
        assert found["measured_only"] == pytest.approx(100 * 13 / 34)
        assert found["no_floors"] == pytest.approx(100 * 12.5 / 42)
        # 5 of 100 is 2.2% to 11.2%: scores 2 and 4
        assert found["lower_limits"] == pytest.approx(100 * 15 / 42)
        assert found["upper_limits"] == pytest.approx(100 * 21 / 42)
        assert found["higher_cut_points"] == pytest.approx(100 * 15 / 42), "5% is below 7.5%"

    def test_a_scheme_keeps_the_ranking_where_the_same_themes_are_first(self) -> None:
        grave = {**WORKED, "physical": 4, "volume": 0, "trend": 0}
        found = other_schemes(dict(WORKED), grave, top=1)
        assert (found["harm_only", "T2"]["rank"], found["harm_only", "T2"]["is_top"]) == (1, True)
        assert not found["harm_only", "T1"]["is_kept"] and found["likelihood_only", "T1"]["is_kept"]

    def test_an_override_stays_in_every_scheme(self) -> None:
        rows = parts("T1", WORKED, override_ref="O1")
        values = [{**value("T1", r["part_code"], "entered", given_score=0), "dimension": r["dimension"]} for r in rows]
        found = made(
            "metrics.theme_schemes", core_scoring_scheme=scheme(), metrics_theme_parts=rows,
            metrics_theme_part_values=values, metrics_theme_risks=list(risks(rows).values()),
        )  # fmt: skip
        assert {r["scheme_code"]: r["risk"] for r in found}["no_floors"] == pytest.approx(100 * 21 / 42 * 14 / 24)


class TestTheRanking:
    """A ranking is shown where enough themes have enough crimes (ranking.fewest_known_themes, a fifth)."""

    def scores(self, grades: str, **more: list[Row]) -> list[Row]:
        codes = [f"T{n}" for n in range(1, len(grades) + 1)]
        return made(
            "metrics.theme_scores", core_scoring_scheme=scheme(), core_extract_moments=AS_OF,
            metrics_theme_risks=[{"theme_code": c, "rank": n, "override_count": 0} for n, c in enumerate(codes, 1)],
            metrics_theme_confidence=[
                {"theme_code": c, "component_code": "crimes_counted", "grade": "High" if g == "h" else "Low"}
                for c, g in zip(codes, grades, strict=True)
            ], **more,
        )  # fmt: skip

    def test_it_is_shown_from_a_fifth_of_the_themes_on(self) -> None:
        for grades, share, is_shown in (("hllll", 0.2, True), ("lllll", 0.0, False)):
            assert {(r["known_theme_share"], r["is_ranking_shown"]) for r in self.scores(grades)} == {(share, is_shown)}
        assert self.scores("") == []

    def test_schemes_are_counted_and_those_that_differ_are_named(self) -> None:
        given = [("A", "T4", 1, True), ("A", "T1", 2, True), ("B", "T1", 1, True), ("B", "T4", 4, False)]
        rows = self.scores("hhhh", metrics_theme_schemes=[
            {"scheme_code": s, "scheme_name": s, "scheme_place": n, "theme_code": t, "rank": rank, "is_top": is_top,
             "is_kept": s == "B"}
            for n, (s, t, rank, is_top) in enumerate(given)
        ])  # fmt: skip
        found = {
            r["theme_code"]: (
                *(r[f"{name}_scheme_count"] for name in ("first", "top", "kept")), r["scheme_count"], r["rank_low"],
                r["rank_high"], r["differs_in"],
            )
            for r in rows
        }  # fmt: skip
        assert found["T1"] == (1, 2, 1, 2, 1, 2, None)
        assert found["T4"] == (1, 1, 1, 2, 1, 4, "A"), "the fourth by the force's own scheme"


class TestGaps:
    def gaps(self, *, confidence: str, public: int = 0) -> list[Row]:
        """T1 has no data on its financial harm, and a judged expectation; T2 is a little above it."""
        first, second = {**WORKED, "financial": None, "public_expectation": public}, {**WORKED, "public_expectation": 1}
        rows = [*parts("T1", first), *parts("T2", second)]
        for row in rows:
            row["basis"] = "entered" if row["part_code"] == "public_expectation" else row["basis"]
        values = [part_row(part_code="financial", basis="not measured"), part_row(part_code="physical", numerator=1),
                  part_row(part_code="public_expectation", scale="entered", basis="entered", words="Low relevance")]
        held = [row | {"confidence": confidence if row["theme_code"] == "T1" else "High"}
                for row in risks(rows).values()]  # fmt: skip
        return made(
            "metrics.theme_gaps", metrics_theme_part_values=values, metrics_theme_parts=rows, metrics_theme_risks=held,
            core_scoring_scheme=scheme(**{"scoring.top": 1}),
            metrics_theme_confidence=[
                {"theme_code": "T1", "place": 1, "component_name": "Links confirmed", "grade": "not measured"}
            ],
        )  # fmt: skip

    def test_what_is_measured_is_no_gap_and_what_decides_the_first_comes_first(self) -> None:
        """T1 has 17.5 points of harm and T2 18: financial harm may add 2.5, a step of the judgement 1."""
        found = sorted(self.gaps(confidence="High"), key=lambda row: row["place"])
        assert [(row["part_code"], row["rank_low"], row["rank_high"], row["is_decisive"]) for row in found] == [
            ("financial", 1, 2, True), ("public_expectation", 1, 2, True),
        ]  # fmt: skip

    def test_a_theme_without_a_place_has_gaps_too(self) -> None:
        rows = made(
            "metrics.theme_gaps",
            metrics_theme_part_values=[part_row(theme_code="T6", part_code="trend", basis="not measured")],
            metrics_theme_parts=parts("T6", WORKED), core_scoring_scheme=scheme(),
            metrics_theme_risks=[{"theme_code": "T6", "confidence": "High"}],
        )  # fmt: skip
        assert [(row["gap_code"], row["rank_low"], row["is_decisive"]) for row in rows] == [("T6/trend", None, False)]

    def test_low_confidence_opens_a_gap_by_itself(self) -> None:
        found = [row for row in self.gaps(confidence="Low") if row["kind"] == "low confidence"]
        assert [row["gap_code"] for row in found] == ["T1/confidence"]
        assert "links confirmed (not measured)" in found[0]["gap"]


class TestComponentsOfConfidence:
    def found(self, **facts: int | tuple[int, int]) -> dict[str, Row]:
        rows = made("metrics.theme_confidence", metrics_theme_counts=counts("T1", **facts))
        return {row["component_code"]: row for row in rows}

    @pytest.mark.parametrize(("crimes", "grade"), [(96, "Low"), (97, "Moderate"), (384, "Moderate"), (385, "High")])
    def test_counts_whose_interval_is_a_fifth_and_a_tenth_either_way(self, crimes: int, grade: str) -> None:
        assert self.found(crimes_year=crimes)["crimes_counted"]["grade"] == grade

    def test_an_audit_vouches_for_the_themes_that_it_looked_at(self) -> None:
        row = self.found(crimes_year=400, audit_failed=(5, 100))["recording_accuracy"]
        assert (row["value"], row["grade"]) == (pytest.approx(0.8882, abs=1e-4), "Moderate")
        assert self.found(crimes_year=400)["recording_accuracy"]["grade"] == "not measured"
        assert self.found(audit_failed=(5, 100))["independent_sources"]["value"] == 2

    def test_a_small_count_is_graded_and_not_shown(self) -> None:
        row = self.found(standards_broken=(3, 100))["standards_broken"]
        assert (row["value"], row["is_small"], row["grade"]) == (None, True, "High")
        assert self.found(standards_broken=(11, 100))["standards_broken"]["grade"] == "Low"


class TestFacts:
    def fact(self, code: str, counted: int | tuple[int, int]) -> Row:
        rows = made("metrics.theme_facts", metrics_theme_counts=counts("T1", **{code: counted}))
        [row] = [row for row in rows if row["fact_code"] == code]
        return row

    def test_a_share_with_denominator_and_interval(self) -> None:
        row = self.fact("suspect_named", (50, 100))
        assert (row["value"], row["numerator"], row["denominator"]) == (0.5, 50, 100)
        assert (row["lower"], row["upper"]) == (pytest.approx(0.4038, abs=1e-4), pytest.approx(0.5962, abs=1e-4))

    def test_a_count_with_its_poisson_interval(self) -> None:
        row = self.fact("crimes_year", 100)
        assert (row["lower"], row["upper"]) == (pytest.approx(81.4, abs=0.1), pytest.approx(121.6, abs=0.1))

    def test_a_mean_has_no_interval(self) -> None:
        row = self.fact("caseload_mean", (120, 16))
        assert (row["value"], row["lower"], row["numerator"], row["denominator"]) == (7.5, None, 120, 16)

    def test_small_numbers_are_left_out(self) -> None:
        for code, counted in (("crimes_year", 3), ("suspect_named", (2, 100)), ("suspect_named", (98, 100))):
            row = self.fact(code, counted)
            assert row["is_small"] and {row["value"], row["numerator"], row["lower"], row["upper"]} == {None}

    def test_a_share_that_leaves_a_few_crimes_of_the_theme_out_is_left_out(self) -> None:
        """One of 651 crimes has no grade: "187 of 650" would say so, whatever else is hidden."""
        of_year = {"high_risk": (187, 650), "suspect_named": (600, 651), "share_of_themes": (651, 655),
                   "victims_repeat": (88, 653)}  # fmt: skip
        given = counts("T1", charged=(40, 648), **of_year)
        rows = {row["fact_code"]: row for row in made("metrics.theme_facts", metrics_theme_counts=given)}
        assert rows["high_risk"]["is_small"] and rows["high_risk"]["denominator"] is None
        assert rows["suspect_named"]["numerator"] == 600, "of all crimes, whatever the number of victims is"
        assert rows["victims_repeat"]["numerator"] == 88
        assert rows["charged"]["numerator"] == 40, "of an earlier year"
        assert rows["share_of_themes"]["is_small"], "four crimes of other themes"

    def test_what_is_not_counted_says_so(self) -> None:
        rows = made("metrics.theme_facts", metrics_theme_counts=counts("T1", crimes_year=100))
        [row] = [r for r in rows if r["fact_code"] == "charged"]
        assert row["value"] is None and row["note"].startswith("not measured")
