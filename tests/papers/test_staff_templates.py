"""Staff may bring templates of their own: placeholders from the closed list, and nothing that runs."""

from __future__ import annotations

import io
import random
import tracemalloc
import zipfile

import pytest
from docx import Document

from hanchot.domain.errors import BadDocument
from hanchot.papers import placeholders, template_file, word
from tests.papers import samples

PAPER = "reminder_letter"


def template(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def saved(document: object) -> bytes:
    target = io.BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same file with one part put in or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        for part in source.namelist():
            if part != name:
                archive.writestr(part, source.read(part))
        archive.writestr(name, content)
    return target.getvalue()


def document_xml(text: str, more: str = "") -> bytes:
    """A main part of one paragraph; ``more``: runs after the text."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r>{more}</w:p></w:body>"
    return f'<w:document xmlns:w="{word}">{body}</w:document>'.encode()


def said(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def test_a_template_with_known_placeholders_is_filled() -> None:
    own = template(
        "{{ head.number }}", "{%p for duty in duties %}", "{{ duty.unit }}: {{duty.standing}}", "{%p endfor %}",
        "{% if closing %}{{ closing }}{% else %}–{% endif %}", "{# ghi chú cho người sửa mẫu #}",
    )  # fmt: skip
    view = samples.reminder_letter()

    assert said(word.render(view, own))[:4] == [
        view.head.number,
        *(f"{duty.unit}: {duty.standing}" for duty in view.duties),
        view.closing,
    ]


def test_word_may_tear_a_placeholder_into_several_runs() -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ head.", "num", "ber }", "}"):
        paragraph.add_run(piece).bold = piece == "num"

    assert samples.reminder_letter().head.number in said(word.render(samples.reminder_letter(), saved(document)))


def test_headers_are_filled_too() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{ head.issuer }}"
    made = Document(io.BytesIO(word.render(samples.reminder_letter(), saved(document))))

    assert made.sections[0].header.paragraphs[0].text == samples.reminder_letter().head.issuer


def test_what_a_template_leaves_out_is_told() -> None:
    left_out = word.check_template(template("{{ opening }}"), PAPER)

    assert "duties[].deadline" in left_out
    assert "opening" not in left_out


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ mat_khau }}", "mat_khau"),
        ("{{ head.secret }}", "head.secret"),
        ("{% for d in duties %}{{ d.rating }}{% endfor %}", "d.rating"),
        ("{{ loop.index }}", "loop.index"),
        ("{{ duties }}", "duties"),
        ("{{ head }}", "head"),
        ("{{ opening.upper }}", "opening.upper"),
        ("{% for letter in opening %}{{ letter }}{% endfor %}", "opening"),
        ("{{ groups }}", "groups"),  # of another paper
    ],
)
def test_an_unknown_placeholder_is_refused_by_name_with_the_list_of_known_ones(text: str, named: str) -> None:
    with pytest.raises(BadDocument) as refusal:
        word.check_template(template(text), PAPER)

    assert f"“{named}”" in refusal.value.message
    assert "head.issuer" in refusal.value.way_out


ATTACKS = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ head.__class__ }}",
    "{{ head['__class__'] }}",
    "{{ head|attr('__class__') }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id') }}",
    "{{ lipsum() }}",
    "{{ 'a'*10**9 }}",
    "{{ 9**9**9 }}",
    "{{ [0]*10**9 }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ opening*10**9 }}",
    "{{ opening ~ opening }}",
    "{{ opening|center(10**9) }}",
    "{{ opening if 9**9**9 else opening }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{% for x in 'a'*10**9 %}x{% endfor %}",
    "{% for x in duties recursive %}{{ loop(duties) }}{% endfor %}",
    "{% for a in duties %}{% for b in duties %}{{ b.unit }}{% endfor %}{% endfor %}",
    "{% for a in duties if a.unit %}x{% endfor %}",
    "{% if opening == 'x' %}x{% endif %}",
    "{% set x = 'a'*10**9 %}{{ x }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'x' %}",
    "{% block b %}x{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with x = 1 %}{{ x }}{% endwith %}",
    "{% call opening() %}{% endcall %}",
    "{% autoescape false %}{{ opening }}{% endautoescape %}",
    "{{ opening|safe }}",
    "{{ " + "(" * 500 + "opening" + ")" * 500 + " }}",
    "{{ " + "9" * 5000 + " }}",
    "{{ opening",
    "{% endfor %}",
    "{% for x in duties %}",
    "{{r opening }}",
    "{{p opening }}",
    "{% vm %}",
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ATTACKS)
def test_whatever_runs_or_swells_is_refused_before_it_runs(text: str) -> None:
    """A refusal in words, in little time and memory; the sandbox alone would have let ``'a'*10**9`` through."""
    own = template(text)
    tracemalloc.start()
    try:
        with pytest.raises(BadDocument):
            word.render(samples.reminder_letter(), own)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()


def test_the_same_holds_in_a_header() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{ 'a'*10**9 }}"

    with pytest.raises(BadDocument):
        word.check_template(saved(document), PAPER)


FAR = b"<R><Relationship Id='r' Type='x/attachedTemplate' Target='http://x' TargetMode='External'/></R>"


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/vbaProject.bin", b"x"),
        ("word/embeddings/oleObject1.bin", b"x"),
        ("word/activeX/activeX1.xml", b"<x/>"),
        ("word/styles.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
        ("word/footnotes.xml", b"<x>{{ opening }}</x>"),
        (
            "word/_rels/settings.xml.rels",
            FAR,
        ),
        ("word/document.xml", document_xml("{{ opening }}" * (template_file.MAX_MARKS + 1))),
        ("word/document.xml", document_xml("x" * template_file.MAX_TEXT_PART)),
        ("word/document.xml", b"<not closed"),
        ("word/document.xml", b"<x/>"),
    ],
)
def test_a_file_with_harm_in_it_is_refused(part: str, content: bytes) -> None:
    with pytest.raises(BadDocument):
        word.check_template(with_part(template("{{ opening }}"), part, content), PAPER)


def test_what_is_no_word_file_is_refused() -> None:
    sound = template("{{ opening }}")
    chance = random.Random(4)
    for data in (b"", b"PK", b"%PDF-1.4", sound[:-200], sound[: len(sound) // 2]):
        with pytest.raises(BadDocument):
            word.check_template(data, PAPER)
    for _ in range(60):  # a flipped byte is either harmless or refused in words
        broken = bytearray(sound)
        broken[chance.randrange(len(sound))] ^= 1 << chance.randrange(8)
        try:
            word.render(samples.reminder_letter(), bytes(broken))
        except BadDocument as refusal:
            assert refusal.way_out


RUN = "<w:r><w:t>x</w:t></w:r>"
SLOW = {
    "never closed": ("{{" * 240 + "y" * 240_000, ""),
    "closed at the end": ("{{" * 240 + "y" * 240_000 + "}}" * 240, ""),
    "too much for the patterns": ("{{" * 390 + "y" * 900_000, ""),
    "rich text": ("", ("<w:r><w:t>{{r x</w:t></w:r>" + RUN * 20) * 240),
    "merged cells": ("", "<w:tc><w:tcPr></w:tcPr><w:p><w:r><w:t>{% vm %}</w:t></w:r></w:p>" + RUN * 40_000 + "</w:tc>"),
    "joined paragraphs": ("", ("<w:r><w:t>-%} {%- x</w:t></w:r>" + RUN * 20) * 240),
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize(("text", "more"), SLOW.values(), ids=SLOW)
def test_hostile_markup_is_judged_in_bounded_time(text: str, more: str) -> None:
    """The patterns that mend torn placeholders are the slow part: about as much as is let through to them."""
    with pytest.raises(BadDocument):
        word.check_template(with_part(template("x"), "word/document.xml", document_xml(text, more)), PAPER)


@pytest.mark.timeout(10)
def test_tags_that_never_close_cost_nothing() -> None:
    template_file.check_container(with_part(template("x"), "word/footnotes.xml", b"{<" * 500_000))


def test_the_closed_list_reads_as_staff_write_it() -> None:
    known = placeholders.names("results_decided")

    assert {"head.issuer", "signature.name", "recipients[]", "groups[].title", "groups[].rows[].decided"} <= set(known)
