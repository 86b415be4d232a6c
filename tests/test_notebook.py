"""The analysis notebook runs, and its figures against a calculator: wells worked out by hand, curves fitted again, the truth bisected."""

from __future__ import annotations

import copy
import html
import json
import math
import re
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchsheet import library
from benchsheet.protocol import citations

NOTEBOOK = Path(__file__).parent.parent / "docs" / "analysis" / "srb.ipynb"
STORED: dict[str, Any] = json.loads(NOTEBOOK.read_text("utf-8"))
MARKDOWN = "\n".join("".join(cell["source"]) for cell in STORED["cells"] if cell["cell_type"] == "markdown")

# What the tests ask of the finished notebook; it goes in as one more cell, whose printed answer is not part of the page.
PROBE = """
import json


def plain(answer):
    if isinstance(answer, (Curve, Estimate)):
        return vars(answer)
    return answer if isinstance(answer, str) else float(answer)


def growth(treated, control, t0):
    try:
        return percent_growth(np.array([treated]), control, t0).tolist()[0]
    except ValueError as refusal:
        return str(refusal)


def answered(percents):
    each = Arm(np.repeat(doses, 3), np.repeat(np.array(percents, dtype=float), 3), np.array([]), 1 / 6)
    curve = fit(each.dose, each.percent)
    return {name: plain(figure(curve, each)) for name, figure in FIGURES.items()}


asked = {
    "plans": {name: {"role": plan.role.tolist(), "dose": plan.dose.tolist()} for name, plan in plans.items()},
    "readings": [{name: plate.tolist() for name, plate in plates.items()} for plates in readings],
    "arms": {compound: [{k: np.asarray(v).tolist() for k, v in vars(each).items()} for each in some] for compound, some in arms.items()},
    "curves": {compound: [plain(curve) for curve in some] for compound, some in curves.items()},
    "answers": {" ".join(key): [plain(answer) for answer in some] for key, some in answers.items()},
    "estimates": {" ".join(key): plain(estimate) for key, estimate in estimates.items()},
    "found": {name: [float(value) for value in values] for name, values in found.items()},
    "limits": {name: [low, high] for name, (low, high, _) in LIMITS.items()},
    "gates": {gate["name"]: gate["limit"] for gate in record["gates"]},
    "growth": [growth(*given) for given in ((0.70, 1.20, 0.20), (0.10, 1.20, 0.20), (0.20, 1.20, 0.20), (0.15, 0.20, 0.20), (0.15, 0.19, 0.20))],
    "one missing": together([0.5, "not reached up to 10 µM", 0.7]),
    "two passages": together([0.5, 0.7]),
    "flat": answered([101, 99, 100, 102, 98, 100, 101, 99]),
    "late": answered([100, 100, 100, 100, 99, 97, 91, 75]),
    "early": answered([20, 19, 12, 8, 6, 5, 5, 5]),
    "rising": answered([100 - 90 / (1 + (dose / 40) ** -1.0) for dose in doses]),
    "downhill": answered([100 - 90 / (1 + (dose / 0.3) ** -1.0) for dose in doses]),
}
WELL_NOISE = READER_NOISE = PLATE_SHIFT = CELLS_SHIFT = FOLD_SHIFT = IC50_SHIFT = 0
quiet = run(np.random.default_rng(1))
asked["quiet"] = {
    "pair": [mirrored(compound, quiet) for compound in compounds],
    "rows": [row_trend(name, quiet) for name, plan in plans.items() if plan.compound],
    "curves": [plain(fit(each.dose, each.percent)) for each in (arm(compound, quiet) for compound in compounds)],
}
DOWN = ACROSS = RING = 0
still = run(np.random.default_rng(1))
asked["still"] = [plain(fit(each.dose, each.percent)) for each in (arm(compound, still) for compound in compounds)]
print(json.dumps(asked))
"""


def run_notebook(folder: Path, *, without: tuple[str, ...] = (), probe: str = "", notebook: dict[str, Any] = STORED) -> dict[str, Any]:
    """Return the outputs of each cell by its id, as a build of the site would get them."""
    for needed in ("scipy", "matplotlib", "ipykernel"):
        pytest.importorskip(needed, reason=f"the notebook needs {needed}")
    nbclient = pytest.importorskip("nbclient", reason="nbclient executes the notebook")
    nbformat = pytest.importorskip("nbformat", reason="nbformat reads the notebook")
    notebook = copy.deepcopy(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in without]
    if probe:
        notebook["cells"].append({"cell_type": "code", "id": "probe", "metadata": {}, "execution_count": None, "outputs": [], "source": probe})
    read = nbformat.reads(json.dumps(notebook), as_version=4)
    nbclient.NotebookClient(read, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return {cell["id"]: cell["outputs"] for cell in read["cells"] if cell["cell_type"] == "code"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory) -> dict[str, Any]:
    return run_notebook(tmp_path_factory.mktemp("notebook"), probe=PROBE)


@pytest.fixture(scope="module")
def page(outputs) -> dict[str, str]:
    """What each cell of the page shows, as HTML."""
    return {name: "".join(each["data"]["text/html"] for each in found) for name, found in outputs.items() if found and name != "probe"}


@pytest.fixture(scope="module")
def asked(outputs) -> dict[str, Any]:
    (answer,) = outputs["probe"]
    found: dict[str, Any] = json.loads(answer["text"])
    return found


@pytest.mark.parametrize(
    "given",
    [
        {"compounds": "one, two, three", "top_dose": "10 uM; 5 uM; 1 uM"},
        {"doses": "9", "replicates": "3", "plates": "3", "solvent": "buffer", "stock": "21 mg/mL", "top_dose": "10 ug/mL"},
    ],
    ids=str,
)
def test_it_runs_with_the_values_of_any_run(given, tmp_path):
    """The cell of the sheet with other values; what follows reads layout, doses and unit from the Record."""
    notebook = copy.deepcopy(STORED)
    (sheet,) = [cell for cell in notebook["cells"] if "library.load_source" in "".join(cell["source"]) and "render(" in "".join(cell["source"])]
    sheet["source"] = re.sub(r"\{\"plates\".*?\}", json.dumps(given), "".join(sheet["source"]), count=1)
    outputs = run_notebook(tmp_path, without=("passages",), notebook=notebook)
    shown = "".join(each["data"]["text/html"] for found in outputs.values() for each in found)
    assert ("µg/mL" in shown) == ("solvent" in given)


def rows(shown: str) -> list[list[str]]:
    """Return the cells of a table, line by line."""
    lines = re.findall(r"<tr>(.*?)</tr>", shown)
    return [[html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)] for line in lines]


def well(plate: list[list[Any]], name: str) -> Any:
    """Return what an array of 8 by 12 has at a well."""
    return plate["ABCDEFGH".index(name[0])][int(name[1:]) - 1]


def mean(plate: list[list[float]], *names: str) -> float:
    """Return the mean of some wells."""
    return float(statistics.fmean(well(plate, name) for name in names))


def column(number: int, letters: str = "BCDEFG") -> list[str]:
    return [f"{letter}{number}" for letter in letters]


def bisected(falls: Callable[[float], float], level: float) -> float:
    """Return where a falling function comes to a level, between 1 pM and 1 M in µM."""
    low, high = -6.0, 6.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if falls(10**middle) > level else (low, middle)
    return float(10**low)


def percent_at(dose: float, *, top: float, bottom: float, ic50: float, hill: float) -> float:
    """Return percent of vehicle by the plain formula."""
    return float(bottom + (top - bottom) / (1 + (dose / ic50) ** hill))


def squares(dose: list[float], percent: list[float], log_ic50: float, hill: float) -> tuple[float, float, float]:
    """Return the least sum of squares at this place and slope, with top and bottom: a straight line through percent against share."""
    share = [1 / (1 + 10 ** (hill * (math.log10(each) - log_ic50))) for each in dose]
    line = statistics.linear_regression(share, percent)
    left = math.fsum((y - line.intercept - line.slope * x) ** 2 for x, y in zip(share, percent, strict=True))
    return left, line.intercept + line.slope, line.intercept


def fitted_again(doses: list[float], percents: list[float]) -> dict[str, float]:
    """Return the curve of least squares, found by a grid that closes in.

    Each dose has as many wells, so the curve that is nearest to the wells is the one nearest to their means.
    """
    wells = {each: [y for x, y in zip(doses, percents, strict=True) if x == each] for each in sorted(set(doses))}
    assert {len(some) for some in wells.values()} == {12}
    dose, percent = list(wells), [statistics.fmean(some) for some in wells.values()]
    place, slope, step, tilt = 0.0, 1.0, 2.0, 0.8
    while step > 1e-7:
        near = [(place + i * step / 4, slope + j * tilt / 4) for i in range(-4, 5) for j in range(-4, 5) if slope + j * tilt / 4 > 0.05]
        best = min(near, key=lambda each: squares(dose, percent, *each)[0])
        moved = max(abs(best[0] - place) / step, abs(best[1] - slope) / tilt)
        place, slope = best
        if moved < 0.5:
            step, tilt = step / 2, tilt / 2
    _, top, bottom = squares(dose, percent, place, slope)
    return {"top": top, "bottom": bottom, "ic50": 10**place, "hill": slope}


COMPOUND_A = {"top": 100, "bottom": 12, "ic50": 0.60, "hill": 1.2}
STUDENT_2 = 4.302652729911275  # 97.5 % of Student's t with 2 degrees of freedom, from a table


class TestStored:
    def test_it_is_stored_without_what_it_gives(self):
        code = [cell for cell in STORED["cells"] if cell["cell_type"] == "code"]
        assert code
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)

    def test_it_ends_in_one_line_and_is_written_as_text(self):
        text = NOTEBOOK.read_text("utf-8")
        assert text.endswith("}\n")
        assert "\\u" not in text.replace("\\\\u", "")

    def test_it_begins_with_its_title(self):
        assert "".join(STORED["cells"][0]["source"]).startswith("# ")
        assert len(re.findall(r"^# ", MARKDOWN, re.MULTILINE)) == 1

    def test_every_reference_is_known(self):
        works = citations.parse_bibtex((Path(library.protocols_folder()) / library.SHARED_FOLDER / citations.REFERENCES_FILE).read_text("utf-8"))
        cited = set(re.findall(r"\[@([\w-]+)\]", MARKDOWN))
        assert {"nci_dtp", "vichai2006"} <= cited <= set(works) | {"general", "computed"}

    def test_it_names_no_other_host(self):
        assert not re.search(r"https?:|//[a-z]", json.dumps(STORED))


class TestShown:
    def test_every_cell_runs_and_nothing_is_complained_of(self, outputs):
        assert {each["output_type"] for found in outputs.values() for each in found} == {"execute_result", "stream"}
        assert [each["name"] for found in outputs.values() for each in found if each["output_type"] == "stream"] == ["stdout"]

    def test_it_comes_out_the_same_again(self, page, tmp_path):
        again = run_notebook(tmp_path, without=("passages",))
        for name, found in again.items():
            assert "".join(each["data"]["text/html"] for each in found) == page.get(name, ""), name

    def test_every_table_is_named_and_can_be_reached(self, page):
        tables = [shown for shown in page.values() if "<table>" in shown]
        assert len(tables) == 9
        assert all('tabindex="0"' in shown and "<caption>" in shown and 'scope="row"' in shown for shown in tables)

    def test_every_figure_is_described_and_its_axis_has_a_unit(self, page):
        figures = [shown for shown in page.values() if "<svg" in shown]
        assert len(figures) == 3
        for shown in figures:
            assert re.search(r'<svg role="img" aria-label="[^"]{100,}"', shown)
            assert "<figcaption>" in shown
            assert "dose, µM<" in shown

    def test_figures_are_grey_and_follow_the_colour_of_the_text(self, page):
        shown = "".join(page.values())
        assert {colour for colour in re.findall(r"#[0-9a-f]{6}\b", shown) if not colour[1:3] == colour[3:5] == colour[5:]} == set()
        assert "#000000" not in shown
        assert "currentColor" in shown

    def test_no_two_marks_of_the_page_have_one_name(self, page):
        names = re.findall(r' id="([^"]+)"', "".join(page.values()))
        assert len(names) == len(set(names))

    def test_a_figure_does_not_dress_the_page_around_it(self, page):
        assert not any("<style" in shown or "<script" in shown for shown in page.values())


class TestLayout:
    def test_the_wells_are_those_of_the_sheet(self, asked):
        odd, even = asked["plans"]["plate 1"], asked["plans"]["plate 2"]
        for letter in "BCDEFG":
            row = ["vehicle", *["dose"] * 8, "untreated" if letter in "BCD" else "kill"]
            assert [well(odd["role"], f"{letter}{number}") for number in range(2, 12)] == row
            assert [well(even["role"], f"{letter}{number}") for number in range(2, 12)] == row[::-1]
            for plate in (odd, even):
                assert [well(plate["dose"], f"{letter}{number}") for number in range(3, 11)] == pytest.approx(
                    [10, 3.162, 1, 0.3162, 0.1, 0.03162, 0.01, 0.003162]
                )

    def test_no_cell_is_in_the_outer_ring(self, asked):
        for plan in asked["plans"].values():
            ring = [role for i, row in enumerate(plan["role"]) for j, role in enumerate(row) if i in {0, 7} or j in {0, 11}]
            assert set(ring) == {"PBS", "blank"}

    def test_pbs_is_not_read_and_the_rest_is_read_to_three_decimals(self, asked):
        for plates in asked["readings"]:
            for name, plate in plates.items():
                for roles, values in zip(asked["plans"][name]["role"], plate, strict=True):
                    assert [math.isnan(value) for value in values] == [role == "PBS" for role in roles]
                    assert all(math.isnan(value) or abs(value * 1000 - round(value * 1000)) < 1e-6 for value in values)


class TestPercent:
    def test_a_well_by_hand(self, asked):
        """Plate 1, E6: 316 nM. Vehicle is column 2, blanks column 12; on the T0 plate cells are column 2."""
        first, t0_plate = asked["readings"][0]["plate 1"], asked["readings"][0]["T0"]
        blank = mean(first, *column(12))
        treated, control = well(first, "E6") - blank, mean(first, *column(2)) - blank
        t0 = mean(t0_plate, *column(2)) - mean(t0_plate, *column(12))
        at = asked["arms"]["compound A"][0]
        wells_of_plate_1 = [f"{letter}{number}" for letter in "BCDEFG" for number in range(3, 11)]
        place = wells_of_plate_1.index("E6")
        assert at["dose"][place] == pytest.approx(0.3162)
        assert at["percent"][place] == pytest.approx(100 * treated / control)
        assert at["growth"][place] == pytest.approx(100 * (treated - t0) / (control - t0))

    def test_a_well_below_t0_by_hand(self, asked):
        """Plate 2 of passage 2, C3: 10 µM. Vehicle is column 11 here."""
        second, t0_plate = asked["readings"][1]["plate 2"], asked["readings"][1]["T0"]
        treated = well(second, "C3") - mean(second, *column(12))
        t0 = mean(t0_plate, *column(2)) - mean(t0_plate, *column(12))
        assert treated < t0
        place = 48 + [f"{letter}{number}" for letter in "BCDEFG" for number in range(3, 11)].index("C3")
        assert asked["arms"]["compound A"][1]["growth"][place] == pytest.approx(100 * (treated - t0) / t0)

    def test_the_examples_of_the_sheet(self, asked):
        """T0 0.20 and C 1.20: T 0.70 is halfway, 0.10 is half of T0, 0.20 is T0 itself."""
        assert asked["growth"][:3] == pytest.approx([50, -50, 0])

    def test_a_vehicle_that_has_not_grown_has_no_percent_growth(self, asked, page):
        assert asked["growth"][3] == "no percent growth: the vehicle, 0.200, is not above T0, 0.200"
        assert asked["growth"][4] == "no percent growth: the vehicle, 0.190, is not above T0, 0.200"
        assert asked["growth"][4] in html.unescape(page["refused-growth"])

    def test_the_table_has_the_means_of_the_wells(self, asked, page):
        line = next(row for row in rows(page["percent"]) if row[0] == "1 µM")
        for place, (compound, values) in enumerate((c, v) for c in asked["arms"] for v in ("percent", "growth")):
            means = [
                statistics.fmean(value for dose, value in zip(each["dose"], each[values], strict=True) if dose == 1)
                for each in asked["arms"][compound]
            ]
            assert [float(text.replace("−", "-")) for text in line[1 + place].split("; ")] == pytest.approx(means, abs=0.051)


class TestGates:
    def test_every_gate_of_the_sheet_is_looked_at(self, asked):
        assert set(asked["gates"]) == set(asked["limits"]) | {"plateaus", "absolute IC50", "relative IC50", "edge, once a line"}

    def test_the_limits_are_those_of_the_sheet(self, asked):
        for name, (low, high) in asked["limits"].items():
            told = sorted({abs(float(number)) for number in re.findall(r"\d+(?:\.\d+)?", asked["gates"][name])})
            kept = sorted({abs(end) for end in (low, high) if math.isfinite(end)})
            if name == "vehicle CV":
                kept.remove(0)  # what no CV can be below
            if name.startswith("Z'"):
                kept.remove(1)  # what no Z' can be above
            assert kept == told, name

    def test_z_prime_and_cv_of_a_plate_by_hand(self, asked):
        plate = asked["readings"][0]["plate 1"]
        blank = mean(plate, *column(12))
        vehicle = [well(plate, name) - blank for name in column(2)]
        kill = [well(plate, name) - blank for name in column(11, "EFG")]
        apart = statistics.fmean(vehicle) - statistics.fmean(kill)
        spread = statistics.stdev(vehicle) + statistics.stdev(kill)
        assert asked["found"]["Z' (vehicle, kill control)"][0] == pytest.approx(1 - 3 * spread / apart)
        assert asked["found"]["vehicle CV"][0] == pytest.approx(100 * statistics.stdev(vehicle) / statistics.fmean(vehicle))

    def test_a_mirrored_pair_tells_the_trend_from_the_vehicle(self, asked):
        """Without noise: from column 2 to 11 the cells go from 0.985 to 1.015, and untreated wells have 1.02 of vehicle."""
        for trend, vehicle in asked["quiet"]["pair"]:
            assert trend == pytest.approx(100 * (1.015 / 0.985 - 1), abs=0.2)
            assert vehicle == pytest.approx(100 * (1 / 1.02 - 1), abs=0.2)

    def test_the_trend_of_the_rows_is_found(self, asked):
        assert asked["quiet"]["rows"] == pytest.approx([5] * 4, abs=0.2)


class TestCurves:
    def test_the_curves_are_those_of_least_squares(self, asked):
        for compound, some in asked["curves"].items():
            for curve, each in zip(some, asked["arms"][compound], strict=True):
                again = fitted_again(each["dose"], each["percent"])
                assert curve["top"] == pytest.approx(again["top"], abs=0.02)
                assert curve["bottom"] == pytest.approx(again["bottom"], abs=0.05)
                assert curve["ic50"] == pytest.approx(again["ic50"], rel=2e-3)
                assert curve["hill"] == pytest.approx(again["hill"], rel=2e-3)

    def test_the_figures_of_a_passage_are_where_its_curve_comes_down_to_them(self, asked):
        for place, each in enumerate(asked["arms"]["compound A"]):
            again = fitted_again(each["dose"], each["percent"])
            for name, level in (("absolute IC50", 50), ("GI50", 50 * (1 + each["left"]))):
                found = bisected(lambda dose, again=again: percent_at(dose, **again), level)  # type: ignore[misc]
                assert asked["answers"][f"compound A {name}"][place] == pytest.approx(found, rel=2e-3)

    def test_at_the_gi50_half_of_the_growth_is_left(self, asked):
        """C is 1 and T0 its part that was there: percent growth of the fitted percent of vehicle."""
        for place, (each, curve) in enumerate(zip(asked["arms"]["compound A"], asked["curves"]["compound A"], strict=True)):
            share = percent_at(asked["answers"]["compound A GI50"][place], **curve) / 100
            assert 100 * (share - each["left"]) / (1 - each["left"]) == pytest.approx(50)

    def test_without_noise_the_truth_comes_back(self, asked):
        """Readings have three decimals, a thousandth of the vehicle."""
        first, second = asked["still"]
        assert [first[name] for name in COMPOUND_A] == pytest.approx(list(COMPOUND_A.values()), rel=0.005)
        assert [second[name] for name in COMPOUND_A] == pytest.approx([100, 70, 0.25, 1.0], rel=0.02)

    def test_what_the_layout_leaves_of_the_trends_is_small(self, asked):
        """From column to column at most 1.2 % of a reading; that of the rows and of the ring is gone."""
        first, second = asked["quiet"]["curves"]
        assert (first["top"], second["top"]) == pytest.approx((100, 100), abs=1.5)
        assert (first["bottom"], second["bottom"]) == pytest.approx((12, 70), abs=1.5)
        assert first["ic50"] == pytest.approx(0.60, rel=0.03)


class TestEstimates:
    def test_the_interval_is_that_of_three_logarithms(self, asked):
        for name, estimate in asked["estimates"].items():
            if isinstance(estimate, str):
                continue
            logs = [math.log10(answer) for answer in asked["answers"][name]]
            half = STUDENT_2 * statistics.stdev(logs) / math.sqrt(3)
            middle = statistics.fmean(logs)
            assert [estimate["value"], estimate["low"], estimate["high"]] == pytest.approx([10**middle, 10 ** (middle - half), 10 ** (middle + half)])

    def test_the_page_tells_what_was_estimated(self, asked, page):
        told = {row[0]: row[1] for row in rows(page["figures"])}
        for name in ("relative IC50", "absolute IC50", "GI50"):
            value, low, high = (float(number) for number in re.findall(r"[\d.]+", told[name].replace(" µM", "")))
            estimate = asked["estimates"][f"compound A {name}"]
            assert (value, low, high) == pytest.approx((estimate["value"], estimate["low"], estimate["high"]), rel=0.05)

    def test_the_truth_is_recovered(self, asked, page):
        """The GI50 of the truth: percent growth of its own curve, with a T0 of a sixth of the vehicle, is 50."""

        def percent(dose: float) -> float:
            return percent_at(dose, **COMPOUND_A)

        def growth(dose: float) -> float:
            cells, t0 = percent(dose) / 100, 1 / 6
            return 100 * (cells - t0) / (1 - t0 if cells >= t0 else t0)

        truths = {"relative IC50": bisected(percent, (100 + 12) / 2), "absolute IC50": bisected(percent, 50), "GI50": bisected(growth, 50)}
        assert truths["GI50"] < truths["relative IC50"] < truths["absolute IC50"]
        told = {row[0]: row[1:] for row in rows(page["recovered"])}
        for name, truth in truths.items():
            estimate = asked["estimates"][f"compound A {name}"]
            assert estimate["low"] <= truth <= estimate["high"], name
            assert float(told[f"compound A, {name}"][0].removesuffix(" µM")) == pytest.approx(truth, rel=1e-3)
        assert [row[-1] for row in rows(page["recovered"])[1:]] == ["yes"] * 6

    def test_three_passages_hold_the_truth_and_288_wells_do_not(self, page):
        """95 of 100 expected; 4 SD of a binomial are 9."""
        held = {row[0]: [int(number) for number in row[1].split(" of ")] for row in rows(page["passages"])[1:]}
        assert 86 <= held["three passages"][0] <= held["three passages"][1] == 100
        assert held["288 wells"][0] < 80


class TestRefusals:
    def test_what_never_falls_to_half_has_no_absolute_figure(self, asked, page):
        refusal = "not reached up to 10 µM"
        for name in ("absolute IC50", "GI50"):
            assert asked["answers"][f"compound B {name}"] == [refusal] * 3
            assert asked["estimates"][f"compound B {name}"] == f"{refusal} (3 of 3 passages)"
        told = {row[0]: row[2] for row in rows(page["figures"])}
        assert told["absolute IC50"] == told["GI50"] == f"{refusal} (3 of 3 passages)"
        found = {row[0]: row[2] for row in rows(page["recovered"])}
        assert found["compound B, absolute IC50"] == found["compound B, GI50"] == f"{refusal} (3 of 3 passages)"

    def test_one_passage_without_a_figure_leaves_the_compound_without(self, asked):
        assert asked["one missing"] == "not reached up to 10 µM (1 of 3 passages)"

    def test_two_passages_give_no_interval(self, asked):
        assert asked["two passages"] == "no interval from 2 passages: three are needed"

    def test_a_flat_line_has_no_curve(self, asked):
        assert {answer.partition(":")[0] for answer in asked["flat"].values()} == {"no curve"}

    def test_nothing_is_read_beyond_the_highest_dose(self, asked):
        assert asked["late"]["absolute IC50"] == asked["late"]["GI50"] == "not reached up to 10 µM"
        assert asked["late"]["relative IC50"] == "lower plateau not reached up to 10 µM"

    def test_nothing_is_read_below_the_lowest_dose(self, asked):
        assert asked["early"]["absolute IC50"] == asked["early"]["GI50"] == "below 0.003162 µM"

    def test_a_curve_on_its_way_has_no_relative_figure(self, asked):
        """Halfway at 40 µM, tested to 10: its lower plateau is not there."""
        assert asked["rising"]["relative IC50"] == "lower plateau not reached up to 10 µM"

    def test_half_may_be_reached_where_both_plateaus_are(self, asked):
        """100 − 90/(1 + 0.3/dose) is 50 at 0.3 × 50/40, and 58.3 at 0.3 × 41.7/48.3."""
        assert asked["downhill"]["relative IC50"] == pytest.approx(0.3, rel=1e-3)
        assert asked["downhill"]["absolute IC50"] == pytest.approx(0.375, rel=1e-3)
        assert asked["downhill"]["GI50"] == pytest.approx(0.3 * (125 / 3) / (145 / 3), rel=1e-3)
