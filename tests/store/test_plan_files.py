"""Plan files: the five calendars load, errors name file, line, key, value and way out, and writing is the inverse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hanchot.domain.errors import BadPlan, NotFound
from hanchot.domain.plan import Plan
from hanchot.store.plan_files import CALENDARS, dump_plan, find_plan, load_plan, plans_in, schema_text
from hanchot.store.yaml_text import YamlFault, parse_yaml

GOOD = """\
schema: 1
key: thu
organiser: bloc_committee
document: {kind: plan, issuer: Ban Thường vụ Đảng ủy Khối, title: Kế hoạch, year: 2024}
year: 2024
milestones:
  - key: kiem-diem
    stage: self_assess
    title: Kiểm điểm
    applies_to: [cell]
    deadline: {kind: by, date: 2024-12-10}
    source: {clause: II.4}
"""


def load(text: str, tmp_path: Path) -> Plan:
    path = tmp_path / "calendars" / "x.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_plan(path)


def refusal(text: str, tmp_path: Path) -> BadPlan:
    with pytest.raises(BadPlan) as caught:
        load(text, tmp_path)
    return caught.value


def test_five_plans_are_delivered_and_each_file_bears_its_key() -> None:
    assert [path.stem for path in sorted(CALENDARS.glob("*.yaml"))] == [plan.key for plan in plans_in()]
    assert {plan.document.number for plan in plans_in()} == {"211-KH/ĐUK", "13-HD/TU", None}


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_phrases_are_short_and_every_clause_is_named(plan: Plan) -> None:
    for milestone in plan.milestones:
        assert milestone.source.clause
        assert len((milestone.source.phrase or "").split()) <= 12


@pytest.mark.parametrize("plan", plans_in(), ids=lambda plan: plan.key)
def test_what_is_dumped_loads_as_the_same_plan(plan: Plan, tmp_path: Path) -> None:
    assert load(dump_plan(plan), tmp_path) == plan


def test_a_dumped_plan_keeps_its_times_for_readers_of_yaml_1_1() -> None:
    data = yaml.safe_load(dump_plan(find_plan("huyen-2023")))
    weekly = next(m["deadline"] for m in data["milestones"] if m["deadline"]["kind"] == "weekly")
    assert weekly["time"] == "15:00:00"  # without quotes YAML 1.1 reads 54000


def test_the_schema_file_is_current() -> None:
    path = CALENDARS / "schema.json"
    assert path.read_text(encoding="utf-8") == schema_text(), "chạy python -m hanchot.store.plan_files"
    assert json.loads(path.read_text(encoding="utf-8"))["title"] == "Plan"


@pytest.mark.parametrize("name", ["huyen-2023", "huyen-2023.yaml", str(CALENDARS / "huyen-2023.yaml")])
def test_a_plan_is_found_by_key_file_name_or_path(name: str) -> None:
    assert find_plan(name).key == "huyen-2023"


def test_a_plan_is_found_by_key_when_its_file_is_called_otherwise(tmp_path: Path) -> None:
    (tmp_path / "khac.yaml").write_text(GOOD, encoding="utf-8")
    assert find_plan("thu", tmp_path).key == "thu"


def test_an_unknown_plan_names_the_closest() -> None:
    with pytest.raises(NotFound, match=r"“khoi-binh-thuan”\. Có: khoi-binh-thuan-2024\."):
        find_plan("khoi-binh-thuan")


REFUSALS = {
    "a day that does not exist": (
        ("2024-12-10", "2024-11-31"),
        "dòng 11, milestones[0].deadline.date: “2024-11-31” không phải ngày có thật; sửa theo văn bản gốc.",
    ),
    "a day written the Vietnamese way": (
        ("2024-12-10", "10/12/2024"),
        "dòng 11, milestones[0].deadline.date: “10/12/2024” không phải ngày; viết năm-tháng-ngày, ví dụ 2024-12-15.",
    ),
    "an unknown kind of unit": (
        ("[cell]", "[cell, chi_bo]"),
        "dòng 10, milestones[0].applies_to[1]: “chi_bo” không có trong danh sách; chọn một trong: provincial_committee",
    ),
    "a unit kind misspelt": (
        ("[cell]", "[grassroot_cell]"),
        "applies_to[0]: “grassroot_cell” không có trong danh sách; có phải ý là “grassroots_cell”.",
    ),
    "a kind of deadline misspelt": (("kind: by", "kind: bi"), "milestones[0].deadline: “bi” không có trong danh sách"),
    "no kind of deadline": (("kind: by, ", ""), "milestones[0].deadline: thiếu “kind”; nói rõ loại hạn"),
    "a field of another kind": (
        ("kind: by,", "kind: by, days: 3,"),
        "milestones[0].deadline.days: “days” không dùng ở đây; xóa đi hoặc xem lại loại của mục này.",
    ),
    "a key misspelt": (
        ("milestones:", "regulatio: a\nmilestones:"),
        "dòng 6, regulatio: “regulatio” không dùng ở đây; có phải",
    ),
    "a missing key": (("    title: Kiểm điểm\n", ""), "dòng 7, milestones[0].title: thiếu “title”; bổ sung"),
    "an end before the start": (
        ("kind: by, date: 2024-12-10", "kind: within, start: 2025-02-01, end: 2025-01-01"),
        "dòng 11, milestones[0].deadline: start 2025-02-01 đứng sau end 2025-01-01; đổi chỗ hai ngày.",
    ),
    "a time that YAML would count": (
        ("kind: by, date: 2024-12-10", "kind: weekly, weekday: 4, time: 25:00"),
        "milestones[0].deadline.time: “25:00” không phải giờ",
    ),
    "an organiser that is none": (
        ("organiser: bloc_committee", "organiser: cell"),
        "organiser: “cell” không phải cấp ủy đứng đầu",
    ),
    "an until that leads nowhere": (
        ("    stage:", "    until: mat\n    stage:"),
        "dòng 7, milestones[0]: mốc “kiem-diem” nhắc đến “mat”",
    ),
    "a key twice": (("    stage:", "    key: b\n    stage:"), "dòng 8: khóa “key” viết hai lần; giữ một."),
    "an alias": (("[cell]", "&a [cell]\n    note: *a"), "dòng 11: dùng bí danh “*a”"),
    "deep nesting": (("[cell]", "[" * 60 + "]" * 60), "dòng 10: lồng quá 24 tầng"),
    "a broken bracket": (("[cell]", "[cell"), "không đọc được YAML"),
    "a number for words": (
        ("title: Kiểm điểm", "title: 5"),
        "milestones[0].title: “5” không phải chữ; viết trong dấu nháy.",
    ),
    "nothing where a part belongs": (
        ("{kind: by, date: 2024-12-10}", ""),
        "milestones[0].deadline: trống phải là một mục",
    ),
    "words where a part belongs": (
        ("{clause: II.4}", "II.4"),
        "milestones[0].source: “II.4” phải là một mục có các khóa",
    ),
    "one where a list belongs": (("[cell]", "cell"), "milestones[0].applies_to: “cell” phải là danh sách"),
    "another version": (("schema: 1", "schema: 2"), "dòng 1, schema: “2” không có trong danh sách; chọn một trong: 1."),
}


@pytest.mark.parametrize(("change", "said"), REFUSALS.values(), ids=REFUSALS.keys())
def test_every_refusal_names_file_line_key_value_and_way_out(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    assert change[0] in GOOD
    error = refusal(GOOD.replace(*change, 1), tmp_path)
    assert error.message.startswith("calendars/x.yaml, dòng ")
    assert said in error.message
    assert error.message.endswith(".")


def test_the_first_error_is_the_message_and_the_others_are_counted(tmp_path: Path) -> None:
    broken = GOOD.replace("2024-12-10", "2024-02-30").replace("year: 2024\nm", "year: mới\nm")
    error = refusal(broken, tmp_path)
    assert error.message.startswith("calendars/x.yaml, dòng 5, year: “mới” không phải số")
    assert error.way_out == "Còn 1 lỗi khác."
    assert [problem["line"] for problem in error.problems] == [5, 11]
    assert [problem["value"] for problem in error.problems] == ["mới", "2024-02-30"]


def test_a_loop_of_order_clauses_is_refused_and_shown(tmp_path: Path) -> None:
    loop = GOOD + "    after: [{milestone: kiem-diem, clause: II}]\n"
    assert "thứ tự đi vòng: kiem-diem → kiem-diem" in refusal(loop, tmp_path).message


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "tệp trống"),
        (b"- a", "cả tệp phải là các khóa"),
        (b"\xff\xfe\x00", "không phải chữ UTF-8"),
        (b"x" * 1_000_001, "lớn hơn 1 MB"),
        (b"a: \x07", "ký tự không được phép"),
        (b"? [a]\n: b", "khóa phải là một từ"),
        (b"--- a\n--- b", "không đọc được YAML"),
    ],
)
def test_files_that_are_no_plans_are_refused(raw: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    with pytest.raises(BadPlan, match=said):
        load_plan(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match=r"x\.yaml: không mở được tệp"):
        load_plan(tmp_path / "x.yaml")


def test_words_that_yaml_1_1_would_change_stay_what_was_typed() -> None:
    data = parse_yaml("off: [15:00, 2024-02-30, no, on, 010, 1_000, 0x1f, 1e3, ~, true, -7, '7', 99999999999999999999]").data
    texts = ["15:00", "2024-02-30", "no", "on", "010", "1_000", "0x1f", "1e3"]
    assert data == {"off": [*texts, None, True, -7, "7", "99999999999999999999"]}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    try:
        parse_yaml(text)
    except YamlFault as fault:
        assert fault.line >= 1


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([1]),
    st.just({"a": 1}),
)


def spots(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key) of nested data."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(value, dict | list):
            yield from spots(value)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_wrong_place_is_a_bad_plan_with_its_line(tmp_path_factory: Any, data: st.DataObject) -> None:
    content = parse_yaml(GOOD).data
    holder, key = data.draw(st.sampled_from(list(spots(content))))
    holder[key] = data.draw(JUNK)
    path = tmp_path_factory.mktemp("junk") / "x.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    try:
        load_plan(path)
    except BadPlan as error:
        assert ", dòng " in error.message
        assert all(problem["line"] and problem["message"] for problem in error.problems)
