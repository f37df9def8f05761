"""The standing reference files: fetched from where their publishers offer them, then read by their own source."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fetch_publisher import Answer, Visit, cut, status, visiting, whole
from published_workbooks import delivered, take

from assets.raw import sources
from assets.readers.source import BrokenFile, Download
from pipelines.delivery.recognition import recognised
from pipelines.tables.cards import all_cards

ITEM = "hub.arcgis.com/api/download/v1/items/" + "a1" * 16 + "/csv?layers=0"
BOM = b"\xef\xbb\xbf"


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    with visiting(tmp_path / "data") as visit:
        yield visit


def collection(*rows: dict[str, object], shape: object = None, **more: object) -> bytes:
    features = [{"type": "Feature", "id": 1, "geometry": shape, "properties": row} for row in rows]
    return json.dumps({"type": "FeatureCollection", "features": features} | more).encode()


CSP = {"LAD24CD": "E07000040", "LAD24NM": "East Devon", "CSP24CD": "E22000362", "CSP24NM": "East and Mid Devon",
       "PFA24CD": "E23000035", "PFA24NM": "Devon & Cornwall", "ObjectId": 1}  # fmt: skip
FORCE = {"FID": 1, "PFA23CD": "E23000032", "PFA23NM": "Kent", "BNG_E": 588813, "GlobalID": "a-b"}
SQUARE = {"type": "Polygon", "coordinates": [[[0.5, 51.0], [0.6, 51.0], [0.6, 51.1], [0.5, 51.0]]]}

# source -> what its publisher sends, and a column of what is read from it
PUBLISHED: dict[str, tuple[bytes, str, list[str]]] = {
    "csp_lookup_2024": (collection(CSP, CSP | {"PFA24CD": "S"}), "pfa24_name", ["Devon & Cornwall"]),
    "force_boundaries": (collection(FORCE, shape=SQUARE), "force_code", ["E23000032"]),
    "lsoa_lookup_2011_2021": (
        BOM
        + b"LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LSOA21NM,LAD22CD,LAD22NM,LAD22NMW,ObjectId\r\n"
        b"W01001316,A 1,S,W01001960,A 2,W06000024,Merthyr Tydfil,Merthyr Tudful,1\r\n",
        "change_code", ["S"],
    ),
    "lsoa_ward_lookup_2024": (
        BOM
        + b"LSOA21CD,LSOA21NM,WD24CD,WD24NM,WD24NMW,LAD24CD,LAD24NM,LAD24NMW,ObjectId\n"
        b"E01012049,Middlesbrough 014D,E05009861,Ladgate, ,E06000002,Middlesbrough, ,1\n",
        "ward24_code", ["E05009861"],
    ),
}  # fmt: skip


def offers(visit: Visit, source: str, *answers: Answer) -> Download:
    """The publisher answers at the source's address, by way of its page where it has one."""
    download = sources()[source].download
    assert download is not None
    path = download.path
    if download.link_pattern is not None:
        page = f'<a href="/dataset/x.geojson">Map</a><a href="/{ITEM}">CSV</a>'.encode()
        visit.publisher.will(path, whole(page, Content_Type="text/html"))
        path = f"/{ITEM}"
    visit.publisher.will(path, *answers)
    return download


@pytest.mark.parametrize("source", PUBLISHED)
def test_what_is_fetched_is_read_by_its_source_and_by_no_other(visit: Visit, source: str) -> None:
    body, column, values = PUBLISHED[source]
    # 202: the portal is still making the file; then the line breaks half-way
    told = {"ETag": '"v1"', "Content_Type": "application/octet-stream"}
    answers = status(202), cut(body, len(body) // 2, **told), whole(body, **told)
    result = visit(offers(visit, source, *answers))
    assert list(visit.standing().values()) == [body]
    assert visit.publisher.heard("range")[-1] == f"bytes={len(body) // 2}-"
    path = result.folder / result.downloaded[0].file
    everyone = sources()
    assert take(everyone[source], path).column(column) == values
    assert [name for name, other in everyone.items() if take(other, path).parts] == [source]
    assert [name for name, other in everyone.items() if other.looks_like(path.name)] == [source]


@pytest.mark.parametrize("source", PUBLISHED)
@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (status(404), "404"),
        (whole(b"<!DOCTYPE html><title>Sign in</title>"), "web page"),
        (whole(b'{"error": {"code": 400, "message": "Invalid URL"}}'), "Invalid URL"),
        (status(202), "202"),
    ],
    ids=["404", "page", "error as 200", "never ready"],
)
def test_nothing_stands_of_what_is_not_the_file(visit: Visit, source: str, answer: Answer, seen: str) -> None:
    assert seen in visit.refused(offers(visit, source, answer)).seen


WARDS = "LSOA21CD,LSOA21NM,WD24CD,WD24NM,LAD24CD,LAD24NM\n"
LABELS = {"LSOA11": "lsoa11", "LSOA21": "lsoa21", "WD24": "ward24", "LAD22": "ltla22"}
AREAS = "LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LSOA21NM,LAD22CD,LAD22NM\n"


def test_a_code_in_two_rows_of_a_list_refuses_it_with_line_and_column(tmp_path: Path) -> None:
    """The greater ward code of the two was used, and the greater name, which need not be of that ward."""
    path = tmp_path / "LSOA21_WD24_LAD24_EW_LU.csv"
    rows = [f"E0101204{n},Invented {n},E0500986{n},Ward {n},E06000002,Invented\n" for n in range(4)]
    path.write_text(WARDS + "".join(rows))
    assert take(sources()["lsoa_ward_lookup_2024"], path).rows_loaded == 4
    for more, line in (("\n", 7), ("", 6)):  # a blank line takes the careful way of reading
        path.write_text(WARDS + "".join(rows) + more + rows[1].replace("Ward 1", "Another"))
        with pytest.raises(BrokenFile) as found:
            take(sources()["lsoa_ward_lookup_2024"], path)
        assert str(found.value) == (
            f"line {line}, lsoa21_code: expected each code once; saw 'E01012041' again, which line 3 has already. "
            "Fetch the list again, or ask the publisher which of the two is right."
        )


@pytest.mark.parametrize(("row", "column"), [
    ("E01033769,A,U,E01033769,A,E06000002,Invented", "lsoa11_code"),  # the first that came with the census of 2021
    ("W01001959,A,S,W01001960,A,W06000024,Invented", "lsoa11_code"),
    ("E01000001,A,U,E01000002,A,E06000002,Invented", "lsoa21_code"),
    ("E01000001,A,S,E01000001,A,E06000002,Invented", "lsoa21_code"),  # split, and yet the same area
    ("E01000001,A,S,E02000001,A,E06000002,Invented", "lsoa21_code"),  # of the middle layer
])  # fmt: skip
def test_an_area_of_another_census_is_set_aside_with_line_and_column(tmp_path: Path, row: str, column: str) -> None:
    path = tmp_path / "LSOA11_LSOA21_LAD22_EW_LU.csv"
    good = "E01000001,A,U,E01000001,A,E06000002,Invented\nW01001958,B,S,W01001959,B,W06000024,Invented\n"
    path.write_text(AREAS + good + row + "\n")
    taken = take(sources()["lsoa_lookup_2011_2021"], path)
    assert taken.rows_loaded == 2
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(4, column)]


@pytest.mark.parametrize(("source", "header", "of_other"), [
    ("lsoa_ward_lookup_2024", WARDS, ("LSOA21", "LSOA11")), ("lsoa_ward_lookup_2024", WARDS, ("WD24", "WD22")),
    ("lsoa_lookup_2011_2021", AREAS, ("LSOA11", "LSOA01")), ("lsoa_lookup_2011_2021", AREAS, ("LAD22", "LAD24")),
])  # fmt: skip
def test_a_list_of_another_vintage_under_the_right_name_is_refused(
    tmp_path: Path, source: str, header: str, of_other: tuple[str, str]
) -> None:
    row = "E01012049,A,U,E01012049,A,E06000002,B\n" if header == AREAS else "E01012049,A,E05009861,B,E06000002,C\n"
    name = "LSOA11_LSOA21_LAD22_EW_LU.csv" if header == AREAS else "LSOA21_WD24_LAD24_EW_LU.csv"
    path = tmp_path / name
    path.write_text(header.replace(*of_other) + row)
    [(table, why)] = list(recognised(delivered(path)))
    assert table == source and isinstance(why, BrokenFile)
    assert (why.place, of_other[1] + "CD" in why.seen) == ("line 1", True), str(why)
    assert f"{LABELS[of_other[0]]}_code' is missing" in why.seen


def test_geojson_that_was_cut_by_the_server_or_is_one_page_of_many_is_refused(visit: Visit) -> None:
    body = PUBLISHED["csp_lookup_2024"][0]
    download = offers(visit, "csp_lookup_2024", whole(body[:-20]))
    assert "no complete GeoJSON" in visit.refused(download).seen
    for more in ({"exceededTransferLimit": True}, {"properties": {"exceededTransferLimit": True}}):
        offers(visit, "csp_lookup_2024", whole(collection(CSP, **more)))
        assert "exceededTransferLimit" in visit.refused(download).seen
    offers(visit, "csp_lookup_2024", whole(collection()))
    assert "no features" in visit.refused(download).seen
    offers(visit, "csp_lookup_2024", whole(b'{"error":{"code":504,"message":"Timed out"}}'), whole(body))
    assert len(visit(download).downloaded) == 1, "a server in trouble is asked again"


def test_a_page_of_a_lookup_delivered_by_hand_is_refused_too(tmp_path: Path) -> None:
    lookup = sources()["csp_lookup_2024"]
    path = tmp_path / "LAD24_CSP24_PFA24_EW_LU.geojson"
    path.write_bytes(collection(CSP, properties={"exceededTransferLimit": True}))
    with pytest.raises(BrokenFile, match="exceededTransferLimit"):
        take(lookup, path)
    path.write_bytes(collection({"LAD24CD": "E07000040"}))
    assert take(lookup, path).parts == []
    path.write_bytes(collection(CSP, CSP | {"PFA24CD": None}))
    taken = take(lookup, path)
    assert [(fault.line_number, fault.column_name) for fault in taken.quarantined] == [(2, "pfa24_code")]
    assert taken.rows_loaded == 1


def test_the_catalogue_s_other_form_of_the_address_is_a_link_too(visit: Visit) -> None:
    body = PUBLISHED["lsoa_ward_lookup_2024"][0]
    download = offers(visit, "lsoa_ward_lookup_2024", whole(body))
    form = f"/hub.arcgis.com/api/v3/datasets/{'b2' * 16}_0/downloads/data?format=csv&spatialRefId=4326&where=1%3D1"
    page = f'<a href="{form.replace("&", "&amp;")}">CSV</a>'.encode()
    visit.publisher.will(download.path, whole(page, Content_Type="text/html"))
    visit.publisher.will(form, whole(body))
    assert [entry.file for entry in visit(download).downloaded] == ["LSOA21_WD24_LAD24_EW_LU.csv"]


def test_what_has_no_download_says_in_its_card_why_it_comes_by_hand() -> None:
    # tables of which the publisher offers no file in the layout that is read
    by_hand = {"cambridge_harm_index", "district_boundaries", "force_population",
               "recorded_crime_rolling_years", "rfgv_points",
               "severity_weights", "similar_forces"}  # fmt: skip
    everyone = sources()
    for name in by_hand:
        assert everyone[name].download is None
        card = all_cards()[f"raw.{name}"].path.read_text("utf-8")
        assert "To be delivered by hand" in card, name
