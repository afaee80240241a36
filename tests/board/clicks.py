"""Every form of the board, filled in with something plausible: who presses which button where.

The house is that of ``addresses.py``; names in braces are told in ``test_two_clicks.ground``. Days are those of Friday
20/12/2024, 10:00.
"""

from __future__ import annotations

from tests.board.clicking import Click
from tests.judging import CELL, VOTE
from tests.judging import CODE as JUDGED
from tests.look import CODE
from tests.reviews import DISTRICT

DEPARTMENT, AUTHORITY, SECRETARY, ADMIN = "department", "authority", "secretary", "administrator"
ABOVE, BELOW, NOBODY = "committee above", "cell below", "whoever sits at the machine"

# one work item, at the secretary's desk, from above and at the department
_MINE, _ITEM, _THEIRS = "/my/items/{item}", "/items/{item}", "/branch/items/{below}"
SAVED = Click(SECRETARY, _MINE, "save", {"note": "Đang soạn"})
HANDED_IN = Click(SECRETARY, _MINE, "submit", {"note": "Đã họp ngày 19/12"})
HANDED_IN_BELOW = Click(BELOW, "/my/items/{below}", "submit", {"note": "Đã họp"})
ASKED = Click(SECRETARY, f"{_MINE}/more-time", "ask", {"until": "27/12/2024", "reason": "Bí thư đi công tác"})
ASKED_BELOW = Click(BELOW, "/my/items/{below}/more-time", "ask", {"until": "27/12/2024", "reason": "Bí thư đi công tác"})
RECEIVED = Click(DEPARTMENT, _ITEM, "", {"day": "19/12/2024", "reason": "bản giấy"}, to=f"{_ITEM}/receive")
HANDED_OVER = Click(SECRETARY, "/my/hand-over", "give", {"other": "CB010", "ends": "31/12/2024"})
CALENDAR = Click(SECRETARY, "/my/calendar", "make")
DESK = {
    "save": SAVED,
    "save by itself": Click(SECRETARY, _MINE, "", {"note": "Đang soạn"}, sent=f"{_MINE}/draft"),
    "submit": HANDED_IN,
    "ask for time": ASKED,
    "withdraw the request": Click(SECRETARY, ASKED.page, "withdraw", first=(ASKED,)),
    "hand over": HANDED_OVER,
    "end the handing over": Click(SECRETARY, "/my/hand-over", "end", first=(HANDED_OVER,)),
    "make a calendar": CALENDAR,
    "renew the calendar": Click(SECRETARY, "/my/calendar", "renew", first=(CALENDAR,)),
    "end the calendar": Click(SECRETARY, "/my/calendar", "end", first=(CALENDAR,)),
    "accept from above": Click(ABOVE, _THEIRS, "accept", first=(HANDED_IN_BELOW,)),
    "return from above": Click(ABOVE, _THEIRS, "return", {"reason": "thiếu chữ ký"}, first=(HANDED_IN_BELOW,)),
    "report late work": Click(ABOVE, _THEIRS, "escalate"),
    "grant time": Click(ABOVE, _THEIRS, "grant", {"until": "27/12/2024"}, first=(ASKED_BELOW,)),
    "refuse time": Click(ABOVE, _THEIRS, "refuse", {"answer": "phải xong trong tuần"}, first=(ASKED_BELOW,)),
    "receive": RECEIVED,
    "accept": Click(DEPARTMENT, _ITEM, to=f"{_ITEM}/accept", first=(HANDED_IN,)),
    "return": Click(DEPARTMENT, _ITEM, "", {"reason": "thiếu chữ ký"}, to=f"{_ITEM}/return", first=(HANDED_IN,)),
    "extend": Click(DEPARTMENT, _ITEM, "", {"day": "27/12/2024", "reason": "bão"}, to=f"{_ITEM}/extend"),
    "excuse": Click(DEPARTMENT, _ITEM, "", {"reason": "mới thành lập"}, to=f"{_ITEM}/excuse"),
    "reopen": Click(DEPARTMENT, _ITEM, "", {"reason": "ghi nhầm"}, to=f"{_ITEM}/reopen", first=(RECEIVED,)),
    "remind": Click(DEPARTMENT, _ITEM, to=f"{_ITEM}/remind"),
}
LISTED = Click(ADMIN, "/people/import", files={"file": "people"})
SHEET = Click(DEPARTMENT, "/tracking", files={"file": "sheet"})
_BOTH = "?item={item}&item={below}"
MANY = {
    "remind many": Click(DEPARTMENT, f"/bulk/remind{_BOTH}", to="/bulk/remind"),
    "extend many": Click(DEPARTMENT, f"/bulk/extend{_BOTH}", "", {"day": "27/12/2024", "reason": "bão"}, to="/bulk/extend"),
    "receive many": Click(DEPARTMENT, f"/bulk/receive{_BOTH}", "", {"day": "19/12/2024"}, to="/bulk/receive"),
    "reopen many": Click(
        DEPARTMENT, "/bulk/reopen?item={item}", "", {"reason": "ghi nhầm"}, to="/bulk/reopen", first=(RECEIVED,)
    ),
    "look at a list of people": LISTED,
    "write a list of people": Click(ADMIN, "/people/import", to="/people/import/write", on=LISTED),
    "look at a tracking sheet": SHEET,
    "write a tracking sheet": Click(DEPARTMENT, "/tracking", to="/tracking/write", on=SHEET),
}  # fmt: skip

# judging
_DRAFT, _BALLOT = "/cycles/" + JUDGED + "/decisions/" + CELL, f"/cycles/{JUDGED}/ballots/{CELL}"
_MINUTES = {
    "held_on": "19/12/2024", "convened": "30", "present": "30", "issued": "30", "collected": "30", "valid": "30",
    "invalid": "0", "v.{fresh}.good": "30", "v.{fresh}.fair": "0", "v.{fresh}.fail": "0",
}  # fmt: skip
VOTED = Click("cell", f"{_BALLOT}?kind={VOTE}", "", {"number": "07-BB"} | _MINUTES)
DRAFTED = Click(DEPARTMENT, _DRAFT, "draft", {
    "number": "08-QĐ/CB", "decided_on": "19/12/2024", "level.{ready}": "good", "reason.{ready}": "theo phiếu",
})  # fmt: skip
JUDGING = {
    "rate oneself": Click("cell", "/judging/{fresh}/self", "", {"level": "good"}),
    "propose": Click("cell", "/judging/{fresh}/proposed", "", {"level": "good"}),
    "appraise": Click(DEPARTMENT, "/judging/{fresh}/appraised", "", {"level": "good"}),
    "enter a ballot": VOTED,
    "confirm a ballot": Click(DEPARTMENT, "/ballots/3", "", _MINUTES, first=(VOTED,)),
    "draft a decision": DRAFTED,
    "count a draft": Click(DEPARTMENT, _DRAFT, "recount", {"number": "08-QĐ/CB", "level.{ready}": "good"}),
    "confirm a decision": Click(AUTHORITY, "/decisions/1", "", {"checked": "yes"}, to="/decisions/1/confirm"),
    "withdraw a decision": Click(DEPARTMENT, "/decisions/1", "", {"reason": "ghi nhầm số"}, to="/decisions/1/withdraw"),
    "register a complaint": Click(
        DEPARTMENT,
        "/judging/{ready}/complaint",
        "",
        {"complainant": "M04", "received_on": "20/12/2024", "reason": "chưa tính"},
        first=(DRAFTED, Click(AUTHORITY, "/decisions/3", "", {"checked": "yes"}, to="/decisions/3/confirm")),
    ),
    "keep a result": Click(AUTHORITY, "/complaints/1", "keep", {"words": "đã xem lại"}),
    "open a result for a complaint": Click(
        AUTHORITY, "/complaints/1", "reopen", {"words": "có căn cứ", "approver": "Nguyễn Văn An"}
    ),
    "open a result again": Click(
        AUTHORITY, "/judging/{decided}/reopen", "", {"reason": "nhầm biên bản", "approver": "Nguyễn Văn An"}
    ),
}

# the rooms of one unit's review
_DOSSIER = "/cycles/" + DISTRICT + "/dossiers/{list}/BAO"
_MAN = f"{_DOSSIER}/people/CB009"
_MEETINGS, _TOPICS, _OPINIONS = (f"/cycles/{DISTRICT}/{room}/BAO" for room in ("meetings", "topics", "opinions"))
_REMEDIES = f"/cycles/{DISTRICT}/remediation/BAO"
BOOKED = Click(SECRETARY, _MEETINGS, "book", {
    "step": "collective_review", "day": "30/12/2024", "begins": "7h30", "ends": "17h", "place": "Hội trường A",
})  # fmt: skip
SUGGESTED = Click(DEPARTMENT, _TOPICS, "draft", {"words": "Nêu rõ nợ đọng", "ground": "tasks", "proposed_by": "Ban Tổ chức"})
DECIDED = Click(AUTHORITY, _TOPICS, "decide", {"paper": "12-TB", "day": "19/12/2024"}, first=(SUGGESTED,))
ISSUED = Click(DEPARTMENT, _TOPICS, "issue", {"day": "20/12/2024"}, first=(DECIDED,))
FIXED = Click(SECRETARY, "/items/{remedy}/remedy", "fix", {"proof": "báo cáo số 5"})
REVIEW = {
    "attach a paper": Click(
        SECRETARY, _MAN, "attach", {"paper": "nhan-xet-noi-cu-tru"}, files={"file": "paper"}
    ),
    "attach it on paper": Click(SECRETARY, _MAN, "attach", {"paper": "nhan-xet-noi-cu-tru", "place": "tủ 3"}),
    "replace a paper": Click(
        SECRETARY, _MAN, "attach", {"paper": "ban-tu-kiem-diem"}, files={"file": "paper"}
    ),
    "take a paper out": Click(SECRETARY, _MAN, "withdraw", {"reason": "nhầm người"}),
    "book a meeting": BOOKED,
    "move a meeting": Click(SECRETARY, _MEETINGS, "move", {"day": "31/12/2024", "reason": "trùng lịch"}, first=(BOOKED,)),
    "cancel a meeting": Click(SECRETARY, _MEETINGS, "cancel", {"reason": "hoãn"}, first=(BOOKED,)),
    "who attends": Click(SECRETARY, _MEETINGS, "attend", {"others": "CB001"}, first=(BOOKED,)),
    "mark a meeting": Click(SECRETARY, _MEETINGS, "mark", {"mark_day": "20/12/2024"}, first=(BOOKED,)),
    "hold a meeting": Click("cell", f"/cycles/{DISTRICT}/meetings/{CELL}", "hold", {"minutes": "01-BB", "reason": "họp gấp"}),
    "ask an opinion": Click(DEPARTMENT, _OPINIONS, "ask", {"kind": "agency", "heard": "YT", "until": "27/12/2024"}),
    "waive an opinion": Click(DEPARTMENT, _OPINIONS, "waive", {"reason": "đã có"}),
    "give an opinion": Click(DEPARTMENT, "/items/{opinion}/opinion", "give", {"words": "nhất trí"}),
    "suggest a topic": SUGGESTED,
    "decide a topic": DECIDED,
    "issue a topic": ISSUED,
    "answer a topic": Click(SECRETARY, _TOPICS, "answer", {"where": "mục II"}, first=(ISSUED,)),
    "drop a topic": Click(DEPARTMENT, _TOPICS, "drop", {"reason": "trùng"}, first=(SUGGESTED,)),
    "open a remedy": Click(SECRETARY, _REMEDIES, "open", {
        "decided_on": "19/12/2024", "approved_by": "Huyện ủy", "approved_on": "19/12/2024", "words-1": "chậm báo cáo",
        "measure-1": "giao lịch", "who-1": "bí thư", "until-1": "31/03/2025",
    }),
    "a fault is mended": FIXED,
}  # fmt: skip

# plans, cycles, letters
_END = f"/cycles/{CODE}/end"
CLOSED = Click(DEPARTMENT, _END, "close", {"reason": "xong"})
LEFT_BACK = Click(DEPARTMENT, "/letters/{letter}", "", {"reason": "chờ"}, to="/letters/{letter}/keep")
OTHER = "khoi-binh-thuan-2024"
LOOKED = Click(DEPARTMENT, f"/cycles/{CODE}/amend", "look", {"plan": OTHER})
_DOCUMENT = "/documents/{document}"
PLANS = {
    "set a date": Click(DEPARTMENT, f"/cycles/{CODE}/dates/tham-dinh", "", {"on": "31/12/2024", "reason": "số 5-TB"}),
    "close a cycle": CLOSED,
    "open a cycle again": Click(DEPARTMENT, _END, "reopen", {"reason": "nhầm", "approver": "Nguyễn Văn An"}, first=(CLOSED,)),
    "look at an amendment": LOOKED,
    "amend": Click(DEPARTMENT, LOOKED.page, "amend", {"reason": "số 5-TB"}, on=LOOKED),
    "open a cycle": Click(DEPARTMENT, f"/plans/{OTHER}", to=f"/plans/{OTHER}/open"),
    "renew a plan": Click(DEPARTMENT, f"/plans/{OTHER}/renew", "write"),
    "bring a document": Click(DEPARTMENT, "/documents", files={"document": "document"}),
    "accept a statement": Click(DEPARTMENT, _DOCUMENT, "accept", {}, place="s1"),
    "drop a statement": Click(DEPARTMENT, _DOCUMENT, "drop", {"reason": "nhắc lại"}, place="s1"),
    "accept the head": Click(DEPARTMENT, _DOCUMENT, "accept", {}, place="head"),
    "settle a warning": Click(DEPARTMENT, _DOCUMENT, "", {"settled": "đã xem"}, place="r0"),
    "add a milestone": Click(
        DEPARTMENT, _DOCUMENT, "accept",
        {"title": "Họp rút kinh", "applies_to": ["grassroots_cell"], "stage": "notify", "clause": "III.1", "reason": "cần"},
        place="add",
    ),
    "drop a draft": Click(DEPARTMENT, _DOCUMENT, "", {"reason": "đã thay"}, place="drop"),
    "keep a letter back": LEFT_BACK,
    "send a letter again": Click(DEPARTMENT, "/letters/{letter}", to="/letters/{letter}/again", first=(LEFT_BACK,)),
    "see an incident": Click(DEPARTMENT, "/incidents", "seen", {"note": "đang gọi"}, to="/incidents/{incident}"),
    "settle an incident": Click(DEPARTMENT, "/incidents", "settled", {"note": "đã gọi"}, to="/incidents/{incident}"),
}  # fmt: skip

# the administrator
_PERSON, _POSTS = "/people/4", "/people/units/BAO"
GRANTED = Click(ADMIN, _PERSON, "grant", {"role": "inspector", "unit": "YT", "starts": "20/12/2024", "ends": "31/12/2024"})
STOOD_IN = Click(ADMIN, _PERSON, "hand_over", {"to": "CB010", "from": "20/12/2024", "until": "31/12/2024"})
ALLOWED = Click(ADMIN, "/settings", "add", {"address": "moi@khoi.example"}, to="/settings/allowed")
HELD = Click(ADMIN, "/settings", "hold", {"reason": "kiểm tra"}, to="/settings/hold")
TEMPLATE = Click(ADMIN, "/settings/papers", "replace", to="/settings/papers/item_page", files={"file": "template"})
TURNED_ON = Click(ADMIN, "/settings", "on", {"typed": "gửi thật"}, to="/settings/sending")
HOUSE = {
    "correct a person": Click(ADMIN, _PERSON, "correct", {"phone": "0901234567"}),
    "print codes": Click(ADMIN, _PERSON, "codes"),
    "end sign-ins": Click(ADMIN, "/people/9", "end_logins"),
    "grant a right": GRANTED,
    "end a right": Click(ADMIN, _PERSON, "end_grant", first=(GRANTED,)),
    "stand in": STOOD_IN,
    "end standing in": Click(ADMIN, _PERSON, "take_back", first=(STOOD_IN,)),
    "appoint somebody known": Click(ADMIN, _POSTS, "appoint", {"person": "CB010"}),
    "appoint somebody new": Click(ADMIN, _POSTS, "appoint", {"name": "Trịnh Thị Mới", "email": "moi@khoi.example"}),
    "relieve": Click(ADMIN, _POSTS, "vacate"),
    "send real mail": TURNED_ON,
    "stop real mail": Click(ADMIN, "/settings", "off", to="/settings/sending", first=(TURNED_ON,)),
    "allow an address": ALLOWED,
    "disallow an address": Click(ADMIN, "/settings", "remove", to="/settings/allowed", first=(ALLOWED,)),
    "hold all mail": HELD,
    "release the mail": Click(ADMIN, "/settings", "release", to="/settings/hold", first=(HELD,)),
    "replace a template": TEMPLATE,
    "restore a template": Click(ADMIN, "/settings/papers", "restore", to="/settings/papers/item_page", first=(TEMPLATE,)),
    "walk the chain": Click(ADMIN, "/log/verified"),
    "try a plan out": Click(ADMIN, "/first-hour", to="/first-hour/run"),
}
CLICKS = DESK | MANY | JUDGING | REVIEW | PLANS | HOUSE
