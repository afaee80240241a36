"""Papers leave by one address; each asks for the right that its contents need, and every one that is taken is recorded."""

from __future__ import annotations

import pytest

from hanchot.board.pages_papers import OPENED_BY
from hanchot.domain.access import MAY, Action, Role
from hanchot.service.papers.out import PAPERS_OUT
from hanchot.service.services import Services
from tests.board.conftest import words
from tests.board.people import DECIDER, ORGANISER, SECRETARY, STRANGER, SUPERIOR, signed_in
from tests.look import events, item_id
from tests.reviews import DISTRICT, reviewed_under

MONDAY = "2024-12-09 09:00"
REPORT, LETTER = f"/papers/progress_report?cycle={DISTRICT}", f"/papers/reminder_letter?cycle={DISTRICT}&unit=YT"


@pytest.fixture
def house(house: Services) -> Services:
    return reviewed_under(house, DISTRICT)


def test_every_paper_has_its_rights_and_confidential_ones_ask_for_more() -> None:
    assert OPENED_BY.keys() == PAPERS_OUT.keys()
    for key, paper in PAPERS_OUT.items():
        for needed in OPENED_BY[key]:
            if paper.confidential:
                assert needed & {Action.SEE_RESULTS, Action.SEE_TALLIES}, key
                assert not needed <= MAY[Role.ADMIN] and not needed <= MAY[Role.SUPERIOR], key


@pytest.mark.parametrize(
    ("who", "report", "letter"),
    [(ORGANISER, 200, 200), (DECIDER, 200, 200), (SUPERIOR, 404, 200), (SECRETARY, 404, 404), (STRANGER, 404, 404)],
)
def test_a_paper_is_for_who_may_take_it_there(house: Services, who: str, report: int, letter: int) -> None:
    visitor = signed_in(house, who, "2024-12-23 09:00")  # by then there is something to be reminded of
    for path, status in ((REPORT, report), (LETTER, letter)):
        answer = visitor.client.get(path)
        assert answer.status_code == status, words(answer.text)
    taken = [e.actor for e in events(house, "paper.exported")]
    assert taken == [who] * [report, letter].count(200)


def test_excel_and_word_come_as_attachments(house: Services) -> None:
    binh = signed_in(house, ORGANISER, MONDAY)
    for form in ("docx", "xlsx"):
        answer = binh.client.get(f"{REPORT}&format={form}")
        assert answer.content[:2] == b"PK" and answer.headers["content-disposition"].startswith("attachment")
    assert "không có dạng “pdf”" in binh.reads(f"{REPORT}&format=pdf", status=422)
    assert binh.client.get(f"/papers/item_page?item={item_id(house, 'YT-1', 'chi-bo', DISTRICT)}").status_code == 200


def test_a_list_of_the_whole_review_asks_for_a_fresh_code(house: Services) -> None:
    binh = signed_in(house, ORGANISER, MONDAY)
    answer = binh.client.get(f"/papers/results_decided?cycle={DISTRICT}", follow_redirects=False)
    assert answer.headers["location"].startswith("/papers-all/results_decided?cycle=")
    binh.time = "2024-12-09 09:20"  # the code of the sign-in is no longer fresh
    again = binh.client.get(answer.headers["location"], follow_redirects=False)
    assert again.headers["location"].startswith("/sign-in/again?next=")
    signed_in(house, DECIDER, MONDAY).page(f"/papers-all/results_decided?cycle={DISTRICT}", status=403)


def test_a_wrong_address_is_one_sentence(house: Services) -> None:
    binh = signed_in(house, ORGANISER, MONDAY)
    assert "Không có văn bản “thu_moi”" in binh.reads(f"/papers/thu_moi?cycle={DISTRICT}", status=404)
    assert "Không có đợt" in binh.reads("/papers/progress_report?cycle=x", status=404)
    binh.page("/papers/progress_report", status=404)
    binh.page("/papers/tally_minutes?ballot=99", status=404)
    # what is about another thing than the door looked at is refused
    chi_bo = item_id(house, "YT-1", "chi-bo", DISTRICT)
    hai = signed_in(house, SECRETARY, MONDAY)
    about = f"item={chi_bo}&cycle={DISTRICT}&unit=BAO"
    assert "không dùng số việc" in hai.reads(f"/papers/remediation_plan?{about}", status=422)
    assert "không dùng số việc" in hai.reads(f"/papers/dossier_zip?{about}&checklist=ho-so-uy-vien-btv", status=422)
