"""Linkage by worked example: given these records, these people; and over invented people of two makers."""

import itertools
from pathlib import Path
from typing import Any

import duckdb
import other_people
import polars as pl
import pytest
import trials

from assets.methods.linkage.clusters import refine
from assets.methods.linkage.levels import COMPARISONS, edits, like
from assets.methods.linkage.model import TooManyComparisons
from assets.methods.linkage.process import Limits, Linked, link, link_more, variants_of
from assets.methods.linkage.quality import gaps, pairwise
from assets.methods.linkage.text import normalised
from assets.reference import list_path
from sample.synth import write_force

FORMS = pl.read_csv(list_path("forename_variants"))
VARIANTS = variants_of(FORMS.select("full_name", "variant").iter_rows())
SETTINGS = dict(
    pl.read_csv(list_path("settings"))
    .filter(pl.col("key").str.starts_with("linkage."))
    .select("key", pl.col("value").cast(pl.Float64))
    .iter_rows()
)
LIMITS = Limits(SETTINGS["linkage.link_weight"], SETTINGS["linkage.average_weight"])
MOST = SETTINGS["linkage.maximum_comparisons"]
FIELDS = ("forename", "surname", "date_of_birth", "sex", "postcode", "phone", "email", "pncid", "middle_name", "alias")


def row(key: str, *values: str | None, **more: str | None) -> dict[str, Any]:
    return dict.fromkeys(FIELDS) | dict(zip(FIELDS, values)) | more | {"person_key": key}


EXAMPLES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "the same twice, moved": (
        [row("x1", "Rhiannon", "Prosser", "1981-03-04", "F", "CF10 1AA", "07700111222"),
         row("x2", "RHIANNON", "PROSSER", "1981-03-04", "F", "SA1 5BB", "07700111222")],
        ["x1 x2"],
    ),
    "a short form, and a slip in the surname": (
        [row("x1", "Katarzyna", "Wisniewska", "1990-07-08", "F", "LS1 2AB"),
         row("x2", "Kasia", "Wisnieska", "1990-07-08", "F", "LS1 2AB")],
        ["x1 x2"],
    ),
    "names in the wrong order": (
        [row("x1", "Gurpreet", "Dhillon", "1975-05-06", "M", "TS1 1AA"),
         row("x2", "Dhillon", "Gurpreet", "1975-05-06", "M", "TS1 1AA")],
        ["x1 x2"],
    ),
    "day and month swapped": (
        [row("x1", "Oluwaseun", "Adeyemi", "1988-04-09", "M", "NE1 4XX", "07700900002"),
         row("x2", "Seun", "Adeyemi", "1988-09-04", "M", "NE1 4XX", "07700900002")],
        ["x1 x2"],
    ),
    "a married name": (
        [row("x1", "Angharad", "Bowen", "1985-02-03", "F", "CF5 5AA", "07700900003"),
         row("x2", "Angharad", "Cadwaladr", "1985-02-03", "F", "CF5 5AA", "07700900003")],
        ["x1 x2"],
    ),
    "twins in one house": (
        [row("x1", "James", "Ashworth", "1999-09-09", "M", "AB1 2CD", "01632960001"),
         row("x2", "Daniel", "Ashworth", "1999-09-09", "M", "AB1 2CD", "01632960001")],
        ["x1", "x2"],
    ),
    "father and son of one name": (
        [row("x1", "Owain", "Griffiths", "1950-01-20", "M", "SA2 8QQ", "01632960002"),
         row("x2", "Owain", "Griffiths", "1979-11-02", "M", "SA2 8QQ", "01632960002")],
        ["x1", "x2"],
    ),
    "spouses": (
        [row("x1", "Marek", "Kaminski", "1980-10-11", "M", "LS9 9LS", "01632960003"),
         row("x2", "Ewa", "Kaminska", "1982-12-13", "F", "LS9 9LS", "01632960003")],
        ["x1", "x2"],
    ),
    "namesakes with a first of January each": (
        [row("x1", "Mohammed", "Khan", "1985-01-01", "M", "TS3 3AA", "07700333444"),
         row("x2", "Mohammed", "Khan", "1985-01-01", "M", "NE4 4BB", "07911555666")],
        ["x1", "x2"],
    ),
    "twins, and a thin record between them": (
        [row("x1", "Karen", "Hargreaves", "1970-06-07", "F", "NE5 1AA"),
         row("x2", "Claire", "Hargreaves", "1970-06-07", "F", "NE5 1AA"),
         row("x3", None, "Hargreaves", "1970-06-07", "F", "NE5 1AA")],
        ["x1", "x2"],
    ),
    "one PNC identity number, everything else moved on": (
        [row("x1", "Simon", "Entwistle", "1977-03-02", "M", "AB4 4AA", None, None, "1999/0123456F"),
         row("x2", "Simon", "Entwistle", None, "M", "SA9 9ZZ", None, None, "1999/0123456F")],
        ["x1 x2"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        ([row("x1", "Karen", "Hargreaves", "1970-06-07", "F", "NE5 1AA")], 1),
        ([row(key, "Karen", "Hargreaves", "1970-06-07", "F", "NE5 1AA") for key in ("x1", "x2")], 2),
        ([row(key, None, None, None, None, None) for key in ("x1", "x2", "x3")], 3),
        ([row(f"x{n}", name, "Hargreaves", None, None, None) for n, name in enumerate(("Karen", "Ian", "Mo"))], 3),
    ],
    ids=["one record", "the same twice: among two no name is rare", "nothing at all", "names alone"],
)
def test_too_few_records_to_learn_from_are_linked_by_what_is_usual(rows: list[dict[str, Any]], people: int) -> None:
    frame = pl.DataFrame(rows, schema=other_people.make(2, 1, "low")[0].schema)
    assert link(frame, VARIANTS, LIMITS, MOST).people["cluster"].n_unique() == people


@pytest.fixture(scope="module")
def crowd() -> pl.DataFrame:
    """People among whom an example is looked at: how rare a name is needs others to be told from."""
    return other_people.make(1200, 77, "medium")[0]


@pytest.fixture(scope="module")
def records(crowd: pl.DataFrame) -> pl.DataFrame:
    """All examples at once, each with keys of its own, among the crowd."""
    rows = [one | {"person_key": f"{name}: {one['person_key']}"} for name in EXAMPLES for one in EXAMPLES[name][0]]
    return pl.concat([crowd, pl.DataFrame(rows, schema=crowd.schema)])


@pytest.fixture(scope="module")
def examples(records: pl.DataFrame) -> Linked:
    return link(records, VARIANTS, LIMITS, MOST)


@pytest.mark.parametrize("name", EXAMPLES)
def test_given_these_records_these_people(name: str, examples: Linked) -> None:
    wanted = EXAMPLES[name][1]
    ours = examples.people.filter(pl.col("person_key").str.starts_with(f"{name}: "))
    cluster = {key.split(": ")[1]: group for key, group in ours.select("person_key", "cluster").iter_rows()}
    for group in wanted:
        assert len({cluster[key] for key in group.split()}) == 1, ours
    assert len({cluster[group.split()[0]] for group in wanted}) == len(wanted), ours


def test_the_weight_of_a_pair_is_the_sum_of_its_parts_and_each_part_has_a_level(examples: Linked) -> None:
    pairs = examples.pairs
    parts = pl.sum_horizontal(*(pl.col(f"weight_{c.name}") for c in COMPARISONS))
    constant = pairs.select(pl.col("match_weight") - parts).to_series()
    assert constant.max() - constant.min() < 1e-3  # type: ignore[operator]
    for comparison in COMPARISONS:
        levels = pairs[f"level_{comparison.name}"]
        assert levels.null_count() == 0
        assert set(levels) <= set(range(-1, len(comparison.levels)))
    assert {c for c, kind in pairs.schema.items() if kind == pl.String} == {
        "person_key_l", "person_key_r", "contradiction",
    }  # fmt: skip


def test_the_same_records_give_the_same_people_whatever_their_order(records: pl.DataFrame, examples: Linked) -> None:
    again = link(records.sample(fraction=1, shuffle=True, seed=5), VARIANTS, LIMITS, MOST)
    assert again.model == examples.model
    assert again.people.equals(examples.people)


def test_too_many_comparisons_are_refused_before_any_is_made(crowd: pl.DataFrame) -> None:
    with pytest.raises(TooManyComparisons, match=r"would compare [\d,]+ pairs.*more than the 100 .*raise the limit"):
        link(crowd, VARIANTS, LIMITS, 100)


def test_readers_are_obeyed_both_ways(crowd: pl.DataFrame) -> None:
    """Of two examples above, which are linked and kept apart where nobody has decided."""
    same, other = "the same twice, moved: x", "twins in one house: x"
    rows = [one | {"person_key": f"{name}: {one['person_key']}"} for name in (same[:-3], other[:-3])
            for one in EXAMPLES[name][0]]  # fmt: skip
    few = crowd.head(300)
    decisions = pl.DataFrame(
        [(f"{same}2", f"{same}1", -1), (f"{other}1", f"{other}2", 1)],
        schema=["person_key_l", "person_key_r", "verdict"], orient="row",
    )  # fmt: skip
    found = link(pl.concat([few, pl.DataFrame(rows, schema=few.schema)]), VARIANTS, LIMITS, MOST, decisions)
    after = dict(found.people.select("person_key", "cluster").iter_rows())
    assert after[f"{same}1"] != after[f"{same}2"]
    assert after[f"{other}1"] == after[f"{other}2"]


def test_new_records_find_their_people_without_training_anew(records: pl.DataFrame, examples: Linked) -> None:
    keys = records["person_key"]
    late = keys.sample(fraction=0.05, seed=3)
    early = link(records.filter(~pl.col("person_key").is_in(late.implode())), VARIANTS, LIMITS, MOST)
    fresh = normalised(records.filter(pl.col("person_key").is_in(late.implode())), VARIANTS, early.records)
    more = link_more(early.records, early.people.select("person_key", "cluster"), fresh, early.model, LIMITS)
    joined = pl.concat([early.people.join(more.people, on="person_key", how="anti"), more.people])
    assert sorted(joined["person_key"]) == sorted(keys)
    whole = examples.people.select("person_key", true_person="cluster")
    agreement = pairwise(joined.select("person_key", person="cluster"), whole).row(0, named=True)
    assert agreement["precision"] > 0.97 and agreement["recall"] > 0.97, agreement


def test_groups_do_not_chain_through_a_weak_link_or_across_a_contradiction() -> None:
    import numpy as np

    def groups(pairs: list[tuple[int, int, float, int]], size: int, limits: Limits) -> list[int]:
        left, right, weight, verdict = (np.array(part) for part in zip(*pairs))
        return refine(size, left, right, weight.astype(float), verdict, limits).tolist()

    limits = Limits(2.0, 0.0)
    chain = groups([(0, 1, 20, 0), (2, 3, 20, 0), (1, 2, 3, 0), (0, 2, -9, 0), (0, 3, -9, 0), (1, 3, -9, 0)], 4, limits)
    assert chain[0] == chain[1] != chain[2] == chain[3]
    barred = groups([(0, 1, 12, 0), (1, 2, 11, 0), (0, 2, 15, -1)], 3, limits)
    assert barred[0] == barred[1] != barred[2]
    must = groups([(0, 1, 12, 0), (1, 2, -30, 1), (0, 2, -5, 0)], 3, limits)
    assert must[0] == must[1] == must[2]


def invented(seed: int, noise: str, folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    write_force(folder, 20_000, seed=seed, noise=noise, form="parquet")
    names = pl.read_parquet(folder / "force" / "person_identity.parquet")
    truth = pl.read_parquet(folder / "truth" / "people.parquet").join(names.select("person_key"), on="person_key")
    return names, truth.join(pl.read_parquet(folder / "truth" / "name_groups.parquet"), on="true_person")


MAKERS = {"invented force": invented, "other people": lambda seed, noise, _: other_people.make(8000, seed, noise)}
TARGETS = {"low": (0.99, 0.97), "medium": (0.985, 0.95), "heavy": (0.98, 0.88)}
MOST_GAP = 0.02
# none of those that the limits were chosen on. Two makers, three noises and three seeds are 18 cases; a run of all
# tests takes one of each maker, so that it ends in good time
CASES = [("invented force", "heavy"), ("other people", "medium")]
SEEDS = {"low": (11,), "medium": (12,), "heavy": (13,)}
if trials.count(2, 18) == 18:
    CASES = [(maker, noise) for maker in MAKERS for noise in TARGETS]
    SEEDS = dict.fromkeys(TARGETS, (11, 12, 13))


@pytest.mark.slow
@pytest.mark.trials
@pytest.mark.parametrize(("maker", "noise"), CASES)
def test_precision_and_recall_against_the_planted_truth(maker: str, noise: str, tmp_path: Path) -> None:
    """Each seed reaches the target; no name group is two points worse than the others beyond what chance does."""
    parts, everybody, missed = [], [], []
    for seed in SEEDS[noise]:
        names, truth = MAKERS[maker](seed, noise, tmp_path / str(seed))
        found = link(names, VARIANTS, LIMITS, MOST)
        people = found.people.select("person_key", person="cluster")
        result = pairwise(people, truth, "name_group")
        print(maker, noise, seed, result.row(0))
        if result["precision"][0] < TARGETS[noise][0] or result["recall"][0] < TARGETS[noise][1]:
            missed.append((seed, result["precision"][0], result["recall"][0]))
        own = [pl.format("{} {}", pl.lit(seed), c).alias(c) for c in ("person_key", "person", "true_person")]
        everybody.append(people.join(truth, on="person_key").with_columns(own))
        parts.append(result)
    total = (
        pl.concat(parts)
        .group_by("name_group", maintain_order=True)
        .agg(pl.col("^.*_count$").sum())
        .with_columns(
            precision=pl.col("right_pair_count") / pl.col("found_pair_count"),
            recall=pl.col("right_pair_count") / pl.col("true_pair_count"),
        )
    )
    with pl.Config(tbl_cols=-1, tbl_rows=-1):
        print(total)
    rows = pl.concat(everybody)
    found_gaps = gaps(rows.select("person_key", "person"), rows.drop("person"), "name_group")
    print(found_gaps)
    assert missed == [], f"seed, precision, recall below {TARGETS[noise]}"
    assert (found_gaps["lower"] < MOST_GAP).all(), "a name group is linked worse than the others, beyond chance"


def test_a_gap_of_one_large_person_is_within_chance_and_a_gap_of_many_is_not() -> None:
    def group(name: str, people: int, records: int, split: int) -> list[tuple[str, str, str, str]]:
        """So many people of so many records, of whom `split` have each record apart."""
        return [
            (f"{name} {p} {r}", f"{name} {p} {r if p < split else 0}", f"{name} {p}", name)
            for p in range(people)
            for r in range(records)
        ]

    def found(*groups: list[tuple[str, str, str, str]]) -> dict[str, tuple[float, ...]]:
        columns = ["person_key", "person", "true_person", "name_group"]
        rows = pl.DataFrame([row for of_group in groups for row in of_group], schema=columns, orient="row")
        result = gaps(rows.select("person_key", "person"), rows.drop("person"), "name_group")
        return {r[0]: r[1:] for r in result.iter_rows()}

    # 40 people of two records: 40 pairs. One person of ten records is 45 pairs, all lost: a gap of 45 in 245
    one = found(group("a", 40, 2, 0), group("b", 40, 2, 0), group("c", 40, 2, 4))
    assert one["c"][:3] == (0.9, 1.0, pytest.approx(0.1)) and one["a"][2] == pytest.approx(-0.05)
    big = [(k, p, t, "a") for k, p, t, _ in group("big", 1, 10, 1)]
    large = found(group("a", 200, 2, 0) + big, group("b", 400, 2, 0))["a"]
    assert large[2] == pytest.approx(45 / 245) and large[3] < 0
    assert found(group("a", 400, 2, 60), group("b", 400, 2, 0))["a"][3] > MOST_GAP


def test_what_rules_most_pairs_out_before_their_letters_are_compared_rules_out_none_that_is_alike() -> None:
    """All words of up to four of the letters a, b and é, and edits of one and two inside longer ones."""
    words = ["".join(letters) for size in range(5) for letters in itertools.product("abé", repeat=size)]
    longer = "margarethe", "margaretha", "magrarethe", "margrethe", "margareethe", "rmagarethe", "maragrthe", "margo"
    ways = [(f"damerau_levenshtein(x_l, x_r) <= {most}", edits("x", most)) for most in (1, 2)]
    ways += [(f"jaro_winkler_similarity(x_l, x_r) >= {least}", like("x", least)) for least in (0.7, 0.88, 0.9)]
    tests = ", ".join(f"count(*) filter ({plain}), count(*) filter (({plain}) <> ({quick}))" for plain, quick in ways)
    pairs = "(select a.x as x_l, b.x as x_r from words as a, words as b)"
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("words", pl.DataFrame({"x": [*words, *longer]}).to_arrow())
        found = con.sql(f"select {tests} from {pairs}").fetchall()[0]
    assert all(found[::2]) and not any(found[1::2]), found


def test_linkage_uses_a_database_that_cannot_spill_to_a_disk() -> None:
    from assets.methods.linkage.model import open_memory

    with open_memory() as con:
        assert con.execute("select current_setting('temp_directory')").fetchall() == [("",)]
        con.execute("set memory_limit = '20MB'")
        with pytest.raises(duckdb.Error):
            con.execute("create table t as select range as a, repeat('x', 100) as b from range(3000000)")
