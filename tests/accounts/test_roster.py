"""Files of people, honest and hostile."""

from __future__ import annotations

import pytest

from peerlearn.accounts import roster

GOOD = "email,name,team\nmara@example.org,Mara Lind,Data\njon@example.org,Jon Berg,\n"


def test_a_plain_file() -> None:
    read = roster.read_bytes(GOOD.encode())
    assert read.problem is None
    assert [(row.line, row.email, row.name, row.team, row.problem) for row in read.rows] == [
        (2, "mara@example.org", "Mara Lind", "Data", None),
        (3, "jon@example.org", "Jon Berg", "", None),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("utf-16"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("email,name", "E-Mail,NAME").encode(),
        GOOD.replace("Mara Lind", '"Mara Lind"').encode(),
        GOOD.replace("Mara Lind", '"Mara\nLind"').encode(),
        (GOOD + "\n\n,,\n").encode(),
    ],
)
def test_forms_in_which_spreadsheets_save(data: bytes) -> None:
    read = roster.read_bytes(data)
    assert read.problem is None
    assert [(row.email, row.name) for row in read.rows] == [
        ("mara@example.org", "Mara Lind"),
        ("jon@example.org", "Jon Berg"),
    ]


@pytest.mark.security
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"email\nmara@example.org\n",
        b"email,name\n",
        b"email,email,name\n",
        b"email,mail,name\na@example.org,b@example.org,Mara\n",
        "email,name\nmara@example.org,Zoë\n".encode("cp1252"),
        b"email,name\nmara@example.org,Ma\x00ra\n",
        b"\xff\xfeo",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04" + b"\x80" * 100,
        b'email,name\n"mara@example.org,Mara\n',
        b'email,name\n"a"b,Mara\n',
        ("email,name," + ",".join(f"c{n}" for n in range(10_000)) + "\n").encode(),
        ("email,name\n" + "".join(f"p{n}@example.org,Person\n" for n in range(5_001))).encode(),
        b"email,name\n" + b"x" * 200_000,
        b"email,name\n" + b"a,b\n" * 500_000,
        ("email,name\n" + "€" * 300_000).encode(),
    ],
)
def test_hostile_files_are_refused_in_a_sentence(data: bytes) -> None:
    read = roster.read_bytes(data)
    assert (read.problem or "").endswith((".", "”.")), read.problem
    assert not read.rows


@pytest.mark.security
@pytest.mark.parametrize(
    "line",
    [
        "mara@example.org,=1+1",
        "mara@example.org,@SUM(1)",
        "mara@example.org,+Mara",
        "mara@example.org,-Mara",
        "mara@example.org,＝cmd",
        "=cmd@example.org,Mara",
        "+a@example.org,Mara",
        "mara,Mara",
        ",Mara",
        "mara@example.org,",
        "mara@example.org,Mаra",
        "mara@example.org,Mara,,Mars/Olympus",
        "mara@example.org,Mara,,,Someday",
        "mara@example.org,Mara,,,89",
        "mara@example.org,Mara,,,,more,cells",
        "mara@example.org," + "M" * 301,
        "mara@example.org,Admin",
    ],
)
def test_a_wrong_row_has_a_sentence(line: str) -> None:
    read = roster.read_text(f"email,name,team,time zone,working days\n{line}\n")
    assert read.problem is None
    assert [bool(row.problem) for row in read.rows] == [True]


def test_the_same_address_twice_is_a_problem_of_the_later_row() -> None:
    read = roster.read_text("email,name\nmara@example.org,Mara\nMARA@example.org,Mara\n")
    assert [bool(row.problem) for row in read.rows] == [False, True]


def test_working_days_and_zones() -> None:
    read = roster.read_text(
        "email,name,time zone,working days\n"
        "a@example.org,Anna,Europe/Berlin,Mon Tue wednesday\n"
        "b@example.org,Bert,,12345\n"
    )
    assert [(row.timezone, row.work_days) for row in read.rows] == [("Europe/Berlin", "123"), ("", "12345")]


@pytest.mark.security
def test_columns_that_nobody_asked_for_are_named_and_ignored() -> None:
    read = roster.read_text("email,name,is_admin,role,password_hash\na@example.org,Anna,1,admin,x\n")
    assert read.ignored == ("is_admin", "role", "password_hash")
