from __future__ import annotations
import html, re
from pathlib import Path
from tests.board.conftest import Visitor, words
from tests.board.addresses import living_addresses
from hanchot.board.app import PAGES
import sqlalchemy as sa
V = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.I)

def db_texts(house):
    found=set()
    def add(v):
        if isinstance(v,str):
            if V.search(v): found.add(" ".join(v.split()))
            if v[:1] in "[{":
                for s in re.findall(r'"((?:[^"\\]|\\.)*)"',v):
                    if V.search(s): found.add(" ".join(s.split()))
        elif isinstance(v,dict):
            for x in v.values(): add(x)
        elif isinstance(v,(list,tuple)):
            for x in v: add(x)
    with house.db.read() as c:
        for t in sa.inspect(c).get_table_names():
            if t in("event",): continue
            for r in c.execute(sa.text(f"SELECT * FROM {t}")): 
                for v in r: add(v)
    for p in Path("calendars").rglob("*.yaml"): 
        for l in p.read_text().splitlines(): add(l.split("#")[0].split(": ",1)[-1].strip(' -"'))
    return sorted(found,key=len,reverse=True)

def test_audit(board: Visitor) -> None:
    out=open("/tmp/room-english/audit.txt","w")
    ad=living_addresses(board.house)
    texts=db_texts(board.house)
    board.client.cookies.set("hanchot-language","en")
    for path in PAGES:
        r=board.client.get(ad[path],follow_redirects=False)
        if "html" not in r.headers.get("content-type",""): continue
        page=r.text.partition("<body")[2]
        attrs=" ‖ ".join(html.unescape(a) for a in re.findall(r'(?:aria-label|placeholder|title|data-label|alt)="([^"]*)"',page))
        page=re.sub(r"<(textarea|blockquote|pre)\b.*?</\1>","",page,flags=re.S)
        text=re.sub(r"<[^>]+>"," ‖ ",page)
        text=" ".join(html.unescape(text).split())+" ‖ "+attrs
        for t in texts: text=text.replace(t,"·").replace(t.lower(),"·").replace(t[:1].upper()+t[1:],"·")
        left=sorted({s.strip() for s in text.split("‖") if V.search(s)})
        left=[s for s in left if s not in("Tiếng Việt","Hạn Chót")]
        print(f"== {r.status_code} {path} {ad[path]}",*left,sep="\n   ",file=out)
