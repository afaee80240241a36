"""Words that sample committees are named with. All of it is invented; addresses end in ``mau.example``, which nobody
can register (source: RFC 2606), and telephone numbers begin with 0000, which no Vietnamese number does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split(";"))


_FAMILY = _words(
    """
    Nguyễn; Nguyễn; Nguyễn; Nguyễn; Trần; Trần; Lê; Lê; Phạm; Phạm; Hoàng; Huỳnh; Phan; Vũ; Võ; Đặng; Bùi; Đỗ;
    Hồ; Ngô; Dương; Lý; Đinh; Trương; Đoàn; Lâm; Mai; Tô; Hà; Cao; Châu; Tạ; Lương; Quách; Giàng; Lò; Vàng;
    Nông; Hà
    """
)
_MIDDLE = {
    "nam": _words(
        """
    Văn; Văn; Văn; Đức; Hữu; Quang; Minh; Công; Xuân; Thanh; Ngọc; Đình; Quốc; Thế; Trọng; Anh; Hoàng; Tuấn; Bá;
    Duy
    """
    ),
    "nữ": _words(
        """
    Thị; Thị; Thị; Ngọc; Thu; Thanh; Kim; Bích; Hồng; Minh; Thúy; Phương; Mỹ; Diệu; Lan; Như; Quỳnh; Hải; Tuyết;
    Ánh
    """
    ),
}
_GIVEN = {
    "nam": _words(
        """
    An; Bình; Cường; Dũng; Đạt; Đông; Giang; Hải; Hiếu; Hòa; Hùng; Hưng; Khánh; Kiên; Lâm; Lộc; Long; Mạnh; Nam;
    Nghĩa; Phong; Phú; Phúc; Quân; Quyết; Sơn; Tâm; Thắng; Thành; Thịnh; Thuận; Tiến; Toàn; Trí; Trung; Tú;
    Tùng; Tường; Vinh; Vượng; Xuân; Ý
    """
    ),
    "nữ": _words(
        """
    An; Anh; Ánh; Bích; Chi; Dung; Duyên; Hà; Hạnh; Hằng; Hiền; Hoa; Hồng; Huệ; Hương; Khuê; Lan; Liên; Loan;
    Ly; Mai; My; Nga; Ngân; Ngọc; Nguyệt; Nhung; Oanh; Phượng; Quyên; Quỳnh; Tâm; Thảo; Thoa; Thơm; Thủy; Thúy;
    Trang; Trinh; Tuyết; Uyên; Vân; Xuân; Yến
    """
    ),
}
_PLACE_1 = _words(
    """
    Tân; Phú; Bình; Hòa; Long; An; Vĩnh; Thạnh; Mỹ; Đông; Sơn; Thanh; Phước; Đại; Hưng; Cẩm; Quảng; Trung
    """
)
_PLACE_2 = _words(
    """
    An; Hòa; Phú; Lộc; Thành; Sơn; Bình; Lợi; Hưng; Thuận; Phước; Trung; Mỹ; Thịnh; Khê; Lâm; Giang; Hải; Điền;
    Xuân
    """
)

DEPARTMENTS = _words(
    """
    Sở Nội vụ; Sở Tài chính; Sở Tư pháp; Sở Xây dựng; Sở Công Thương; Sở Y tế; Sở Giáo dục và Đào tạo; Sở Khoa
    học và Công nghệ; Sở Nông nghiệp và Môi trường; Sở Văn hóa, Thể thao và Du lịch; Thanh tra tỉnh; Văn phòng
    Ủy ban nhân dân tỉnh; Tòa án nhân dân tỉnh; Viện kiểm sát nhân dân tỉnh; Cục Thi hành án dân sự; Thống kê
    tỉnh; Kho bạc Nhà nước khu vực; Bảo hiểm xã hội tỉnh; Thuế tỉnh; Chi cục Kiểm lâm; Đài Phát thanh và Truyền
    hình; Báo tỉnh; Trường Chính trị tỉnh; Trường Cao đẳng Kỹ thuật; Trường Cao đẳng Y tế; Bệnh viện Đa khoa
    tỉnh; Bệnh viện Y học cổ truyền; Trung tâm Kiểm soát bệnh tật; Ban Quản lý các khu công nghiệp; Liên minh
    Hợp tác xã; Hội Chữ thập đỏ; Hội Nhà báo; Công ty cổ phần Cấp thoát nước; Công ty cổ phần Môi trường đô thị;
    Công ty Điện lực; Công ty Xổ số kiến thiết; Công ty Thủy lợi; Công ty Lâm nghiệp; Bưu điện tỉnh; Công ty cổ
    phần Vận tải; Công ty cổ phần Dược; Công ty cổ phần In
    """
)
OFFICES = _words(
    """
    Phòng Nội vụ; Phòng Tài chính - Kế hoạch; Phòng Tư pháp; Phòng Kinh tế và Hạ tầng; Phòng Giáo dục và Đào
    tạo; Phòng Y tế; Phòng Nông nghiệp; Phòng Tài nguyên và Môi trường; Phòng Văn hóa và Thông tin; Phòng Lao
    động - Xã hội; Thanh tra; Văn phòng HĐND và UBND; Trung tâm Y tế; Trung tâm Văn hóa - Thể thao; Ban Quản lý
    dự án; Đội Quản lý thị trường; Chi cục Thuế; Chi cục Thi hành án dân sự; Tòa án nhân dân; Viện kiểm sát nhân
    dân; Hạt Kiểm lâm; Bảo hiểm xã hội; Điện lực; Bưu điện; Ngân hàng Chính sách xã hội; Công an; Quân sự; Trung
    tâm Giáo dục thường xuyên; Trạm Thú y; Trường THPT số 1; Trường THPT số 2; Trường THPT số 3
    """
)
FRONTS = _words(
    """
    Ủy ban Mặt trận Tổ quốc Việt Nam; Đoàn Thanh niên Cộng sản Hồ Chí Minh; Hội Liên hiệp Phụ nữ; Hội Nông dân;
    Hội Cựu chiến binh; Liên đoàn Lao động
    """
)
PARTS = _words(
    """
    Văn phòng; Phòng Tổ chức - Hành chính; Phòng Kế hoạch - Tài chính; Phòng Nghiệp vụ 1; Phòng Nghiệp vụ 2;
    Phòng Thanh tra; Phòng Kỹ thuật; Phòng Quản lý dự án; Phòng Công nghệ thông tin; Khối Đoàn thể
    """
)
RURAL_SECTION = ("khối Trường học và Y tế", ("Trường THCS", "Trường Tiểu học", "Trạm Y tế"))
OFFICE_SECTION = ("khối Đơn vị trực thuộc", ("Trung tâm Dịch vụ", "Trung tâm Tư vấn", "Đội Cơ động"))


def person_name(rng: Random) -> str:
    """A full name in Vietnamese order: family, middle, given."""
    sex = rng.choice(("nam", "nữ"))
    return f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE[sex])} {rng.choice(_GIVEN[sex])}"


def places(rng: Random) -> Iterator[str]:
    """Names of communes and wards, each once; numbered when the words run out."""
    names = [f"{a} {b}" for a in _PLACE_1 for b in _PLACE_2 if a != b]
    rng.shuffle(names)
    yield from names
    for number in range(2, 10_000):
        yield from (f"{name} {number}" for name in names)


def ascii_of(text: str) -> str:
    """Without marks, lower case: ``Đặng Thị Ánh`` gives ``dang thi anh``."""
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(c for c in bare if not unicodedata.combining(c)).lower()


def address(name: str, number: int) -> str:
    """An address that reaches nobody and is unique by ``number``."""
    return f"{ascii_of(name).replace(' ', '.')}.{number}@mau.example"


def phone(number: int) -> str:
    return f"0000 {number // 1000 % 1000:03d} {number % 1000:03d}"
