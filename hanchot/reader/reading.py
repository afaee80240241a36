"""A text into a draft: paragraphs, head, then every sentence's deadlines with clause, stage, actor and recipient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hanchot.domain.draft import Draft, Head, Paragraph, Remark, Statement
from hanchot.reader.grammar.building import Season
from hanchot.reader.grammar.phrases import TABLE_HEADS
from hanchot.reader.grammar.roles import actor_of, carrier_of, recipient_of
from hanchot.reader.grammar.sentences import Found, Sentence, deadlines_in, sentences
from hanchot.reader.grammar.spelling import fold
from hanchot.reader.grammar.stages import stage_of
from hanchot.reader.head import read_head
from hanchot.reader.lines import Block, paragraphs

_CLOSING = re.compile(r"^(?:nơi nhận|t/m\b|tm\.|k/t\b|kt\.|tl\.|t/l\b)")
_ROW = re.compile(r"^\d{1,2}(?:\.\d{1,2})*\.?$")


@dataclass
class _Table:
    """The table one is in: which columns hold deadlines, and which names who does it."""

    due: frozenset[int] = frozenset()
    who: int | None = None


@dataclass
class _Place:
    """What the sentences before have said: the clause's lead, and who carries it out."""

    clause: str | None = None
    lead: str = ""
    heads: dict[str, str] = field(default_factory=dict)
    carrier: str | None = None
    table: _Table | None = field(default=None)


def read_draft(lines: Iterable[str], remarks: Iterable[Remark] = ()) -> Draft:
    """The draft of a document given as lines. Never fails on odd text: what is not understood is left or remarked."""
    blocks = paragraphs(lines)
    head = read_head(blocks)
    season = _season(head)
    statements = tuple(_statements(_body(blocks), season))
    warnings = (*remarks, *_remarks(head, statements))
    kept = tuple(Paragraph(clause=block.clause, text=block.text) for block in blocks)
    return Draft(document=head, deadlines=statements, warnings=warnings, paragraphs=kept)


def _season(head: Head) -> Season:
    bases = [basis.issued_on for basis in head.legal_bases if basis.issued_on]
    since = head.issued_on or max(bases, default=None)
    quarterly = bool(head.title and re.search(r"(?:hằng|hàng) quý|quý [ivx\d]", fold(head.title)))
    return Season(head.year, head.issued_on, since, quarterly)


def _body(blocks: list[Block]) -> Iterator[tuple[int, Block]]:
    """The paragraphs that can hold duties: not the bases, nor what follows the signature (an annex goes on)."""
    closed = False
    for index, block in enumerate(blocks):
        low = fold(block.text)
        if _CLOSING.match(low):
            closed = True
        elif closed and (block.path.at("annex") or block.cells or (block.marker and not block.bullet)):
            closed = False  # an annex, or the regulation that a decision brings with it
        if not closed and not _is_basis(block):
            yield index, block


def _statements(body: Iterator[tuple[int, Block]], season: Season) -> Iterator[Statement]:
    place = _Place()
    for index, block in body:
        _moved(place, block)
        for sentence, labelled, clause in _readable(block, place):
            for found in deadlines_in(sentence, season, labelled=labelled):
                yield _statement(found, sentence, block, index, clause, place)


def _is_basis(block: Block) -> bool:
    """“Căn cứ …;”: what the document rests on, with the days of other documents."""
    low = fold(block.text).lstrip("-+* ")
    asks = re.search(r"(?:đề nghị|yêu cầu|thông báo|hướng dẫn các|giao|phải)(?!\w)", low)
    return block.clause is None and low.startswith(("căn cứ", "thực hiện", "thi hành", "theo ")) and not asks


def _moved(place: _Place, block: Block) -> None:
    """Takes note of where ``block`` stands."""
    if block.clause != place.clause or (block.marker and not block.bullet):
        place.clause, place.lead, place.carrier = block.clause, block.text, None
        place.heads[block.clause or ""] = block.text
    elif not block.bullet and not block.cells and not block.footnote:
        place.lead = block.text
    if carrier := carrier_of(fold(block.text), block.text):
        place.carrier = carrier
    if block.cells:
        place.table = _table(block.cells) or place.table
    elif block.marker and block.marker.level in ("roman", "annex"):
        place.table = None


def _table(cells: tuple[str, ...]) -> _Table | None:
    """The columns of a head row; None for any other row."""
    low = [fold(cell).strip(" :.") for cell in cells]
    if not any(
        cell in ("tt", "stt", "số tt") or cell.startswith(("nội dung", "công việc", "nhiệm vụ", "các bước")) for cell in low
    ):
        return None
    heads = tuple(fold(head) for head in TABLE_HEADS)
    due = frozenset(index for index, cell in enumerate(low) if cell.startswith(heads))
    who = next(
        (
            index
            for index, cell in enumerate(low)
            if re.match(r"(?:cơ quan|đơn vị|bộ phận|người)\s+(?:thực hiện|chủ trì)|chủ trì|thực hiện", cell)
        ),
        None,
    )
    return _Table(due, who)


def _readable(block: Block, place: _Place) -> Iterator[tuple[Sentence, bool, str | None]]:
    """The sentences of a paragraph, or of a table's row cell by cell, and whether a column says that they are deadlines."""
    if not block.cells:
        for sentence in sentences(block.text):
            yield sentence, False, block.clause
        return
    if _table(block.cells):
        return
    clause, start = _row_clause(block), 0
    for index, cell in enumerate(block.text.split("\t")):
        labelled = bool(place.table and index in place.table.due)
        for sentence in sentences(cell):
            yield Sentence(sentence.text, sentence.folded, sentence.start + start), labelled, clause
        start += len(cell) + 1


def _row_clause(block: Block) -> str | None:
    number = block.cells[0].rstrip(".")
    if not _ROW.match(block.cells[0]) or (block.marker and not block.bullet):
        return block.clause
    return f"{block.clause}.{number}" if block.clause else number


def _statement(found: Found, sentence: Sentence, block: Block, index: int, clause: str | None, place: _Place) -> Statement:
    deadline, doubt = found.deadline
    whole = Sentence(re.sub(r"\t", " ", block.text), fold(block.text), 0) if block.cells else sentence
    stage, why = stage_of(whole.folded, found.start + (sentence.start if block.cells else 0), _above(place))
    return Statement(
        deadline=deadline,
        stage=stage,
        why_stage=why,
        actor=_actor(whole, block, place),
        recipient=recipient_of(whole.text, whole.folded),
        clause=clause,
        phrase=sentence.text[found.start : found.end].strip(" ,;:("),
        quote=re.sub(r"\s+", " ", whole.text).strip(),
        paragraph=index,
        doubt=doubt,
    )


def _above(place: _Place) -> tuple[str, ...]:
    """What stands over the sentence: the paragraph that leads its list, then the headings of its clauses, nearest first."""
    parts = (place.clause or "").split(".")
    heads = [place.heads.get(".".join(parts[:depth]), "") for depth in range(len(parts), 0, -1)]
    return tuple(dict.fromkeys((place.lead, *heads)))


def _actor(sentence: Sentence, block: Block, place: _Place) -> str | None:
    if block.cells and place.table and place.table.who is not None and place.table.who < len(block.cells):
        return block.cells[place.table.who] or None
    return actor_of(sentence.text, sentence.folded) or place.carrier or _lead_actor(place)


def _lead_actor(place: _Place) -> str | None:
    """“1. Các chi, đảng bộ cơ sở” above a list of duties names who does them."""
    text = re.sub(r"^\(?[\w.]{1,6}[.)/-]\s*", "", place.lead).strip(" :.")
    if text.isupper() or re.match(r"(?:tiến độ|thời gian|về |nội dung|đối tượng|tổ chức thực hiện)", fold(text)):
        return None
    known = re.match(
        r"(?:các|ban|đảng|chi|ủy|văn phòng|cấp|thường trực|phòng|sở|hội đồng|tổ|trưởng|cơ quan|đơn vị)\s", fold(text)
    )
    return text if known and len(text) <= 120 else actor_of(place.lead, fold(place.lead))


def _remarks(head: Head, statements: tuple[Statement, ...]) -> Iterator[Remark]:
    if head.number is None:
        yield Remark(code="missing-number", message="Không thấy số của văn bản; điền khi xác nhận nếu văn bản có số.")
    if head.issued_on is None:
        yield Remark(code="missing-issue-date", message="Không thấy ngày ban hành; điền khi xác nhận.")
    if head.year is None:
        yield Remark(code="no-year", message="Không thấy năm của đợt; hạn không ghi năm được hiểu là của mọi năm.")
    if not statements:
        yield Remark(code="no-deadline", message="Không tìm thấy hạn nào; kiểm tra lại tệp, hoặc thêm mốc bằng tay.")
    for one in statements:
        if one.doubt:
            yield Remark(code="doubt", message=f"{one.clause or 'văn bản'}: {one.doubt}", quote=one.quote)
