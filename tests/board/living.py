"""A review with something in every room of one unit, and the living address of each of their routes."""

from __future__ import annotations

from datetime import date, datetime

from hanchot.domain.dossier import Whose, concerns
from hanchot.domain.opinion import Kind
from hanchot.service.dossiers import Which, hand_in
from hanchot.service.opinions import Request, ask
from hanchot.service.remediating import Line, Result, open_for
from hanchot.service.services import Services
from hanchot.service.views.dossiers import dossier_list
from tests.commune import PDF
from tests.look import item_id
from tests.reviews import DISTRICT, reviewed_under

LIST = "ho-so-uy-vien-btv"
LAM = "CB009"  # Phan Văn Lâm, its secretary


def keeping_addresses(house: Services, now: datetime) -> dict[str, str]:
    """By route: dossiers, meetings, topics, opinions, remediation and papers of the cell BAO."""
    reviewed_under(house, DISTRICT)
    paper = hand_in(house, Which(DISTRICT, "BAO", LIST, LAM), _first_key(house), PDF, "a.pdf", now, actor="ban")
    ask(house, DISTRICT, [Request("BAO", Kind.AGENCY, date(2024, 12, 11), heard="KHO")], now, actor="ban")
    decided = Result(DISTRICT, "BAO", date(2024, 11, 15), approved_on=date(2024, 11, 16), approved_by="Huyện ủy")
    begun = open_for(house, decided, [Line("chậm", "sớm hơn", "bí thư", date(2025, 3, 31))], now, actor="ban")
    one = "/cycles/{code}/dossiers/{list}/{unit}"
    there = {
        f"/cycles/{{code}}/{room}/{{unit}}": f"/cycles/{DISTRICT}/{room}/BAO" for room in ("meetings", "topics", "opinions")
    }
    return there | {
        "/cycles/{code}/remediation/{unit}": f"/cycles/{DISTRICT}/remediation/BAO",
        "/cycles/{code}/dossiers": f"/cycles/{DISTRICT}/dossiers",
        "/cycles/{code}/dossiers/of/{unit}": f"/cycles/{DISTRICT}/dossiers/of/BAO",
        one: f"/cycles/{DISTRICT}/dossiers/{LIST}/BAO",
        f"{one}/people/{{person}}": f"/cycles/{DISTRICT}/dossiers/{LIST}/BAO/people/{LAM}",
        "/dossiers/papers/{id:int}": f"/dossiers/papers/{paper}",
        "/items/{id:int}/opinion": f"/items/{item_id(house, 'KHO', 'y-kien-1', f'{DISTRICT}-yk')}/opinion",
        "/items/{id:int}/remedy": f"/items/{begun.items[0]}/remedy",
        "/papers/{key}": f"/papers/progress_report?cycle={DISTRICT}",
        "/papers-all/{key}": f"/papers-all/progress_report?cycle={DISTRICT}",
    }


def _first_key(house: Services) -> str:
    """A paper of the list that a person's dossier holds."""
    checklist = dossier_list(house, DISTRICT, LIST, None, None, "", 1).checklist
    assert checklist is not None
    return next(one.key for one in checklist.papers if concerns(one, Whose("", "individual")))
