"""Data about people that slipped into a lesson: addresses, telephone numbers, accounts, cards, numbers of a register.

Where a number has a check digit it is counted, so that any other long number is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from peerlearn.core.words import N_
from peerlearn.quizzes.problem import Level


class Trace(NamedTuple):
    """Something about a person that was found, and how sure that is."""

    level: Level
    code: str
    name: str


_MAIL = re.compile(
    r"(?<![\w.+/@-])([A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,18})(?![\w@/-])(?!:[\w/~])"
)
_INVENTED_HOSTS = frozenset(
    "example beispiel ejemplo exemple esempio exemplo voorbeeld exempel eksempel yourcompany your-company mycompany"
    " company yourdomain your-domain domain mydomain test invalid localhost local firma acme contoso fabrikam"
    " foo bar".split()
)
_ROLES = frozenset(
    "info support help helpdesk it hr security noreply no-reply donotreply sales office team admin webmaster postmaster"
    " abuse privacy feedback contact kontakt service servicedesk service-desk hello mail git payroll facilities legal"
    " datenschutz personal einkauf buchhaltung billing invoices finance accounting press jobs careers compliance dpo"
    " root user username name first.last firstname.lastname vorname.nachname someone somebody me you".split()
)
_SHELL = re.compile(r"(?:\b(?:ssh|scp|sftp|rsync|git clone|ssh-copy-id|mosh)\s|://)[^\s]{0,80}(?:\s[^\s]{1,80}){0,4}$")

_INTERNATIONAL = re.compile(
    r"(?<![\w+.])(?<!\d )(?:\+|\b00)([1-9]\d{0,2}(?:[ \u00a0./()-]{1,3}\d{1,5}|\d{1,4}){2,6})(?![\w-])"
)
_AMERICAN = re.compile(r"(?<![\w.+/-])(?:\(\d{3}\) ?|\d{3}-)[2-9]\d{2}-\d{4}(?![\w-])")
_NATIONAL = re.compile(
    r"(?:\b(?:phone|mobile|cell|tel|telephone|call|dial|telefon|handy|mobil|rufnummer|durchwahl|téléphone|portable"
    r"|appelez|teléfono|móvil|telefono|cellulare|telefone|celular|telefoon|mobiel|tlf|puhelin)\b|☎|☏|📞|📱|电话|電話|手机)"
    r"[^\d\n]{0,24}(\(?0\d{1,5}\)?(?:[ \u00a0./-]{1,3}\d{1,6}|\d{1,4}){1,6})(?![\w-])",
    re.IGNORECASE,
)
_NOBODYS = re.compile(
    r"^(?:1?\d{3}55501\d\d|(?:44|0)?(?:1632960|7700900|2079460)\d{3}|(?:49|0)?(?:30|40|69|89|221)?23125\d{3}"
    r"|(?:33|0)?[1-5]99\d{6}|(?:\d{1,3})?0?800\d+|1?8(?:00|33|44|55|66|77|88)\d{7})$"
)
_INVENTED_DIGITS = re.compile(r"12345|23456|34567|98765|(\d)\1{5}")

_IBAN = re.compile(r"(?<![\w-])([A-Z]{2}\d{2})((?: ?[A-Z0-9]){11,30})(?![\w-])")
_IBAN_LENGTHS = (
    "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22"
    " DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28"
    " IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 MC:27 MD:24"
    " ME:22 MK:19 MR:27 MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SE:24"
    " SI:19 SK:24 SM:27 TN:24 TR:26 UA:29 VA:22 VG:24 XK:20"
)
_LENGTHS = {pair[:2]: int(pair[3:]) for pair in _IBAN_LENGTHS.split()}
_KNOWN_EXAMPLES = frozenset(
    "DE89370400440532013000 GB82WEST12345698765432 GB29NWBK60161331926819 FR1420041010050500013M02606"
    " AT611904300234573201 CH9300762011623852957 NL91ABNA0417164300 ES9121000418450200051332 BE68539007547034"
    " IT60X0542811101000000123456 PL61109010140000071219812874 DK5000400440116243 SE4550000000058398257466"
    " NO9386011117947 FI2112345600000785 PT50000201231234567890154 IE29AIBK93115212345678 LU280019400644750000"
    " 4111111111111111 4242424242424242 4012888888881881 4000056655665556 5555555555554444 5105105105105100"
    " 5200828282828210 2223003122003222 2223000048400011 378282246310005 371449635398431 378734493671000"
    " 6011111111111117 6011000990139424 3530111333300000 3566002020360505 30569309025904 38520000023237"
    " 4000000000000002 4000002500003155 5431111111111111 4444333322221111 RSSMRA85M01H501Z RSSMRA80A01H501U"
    " 131052-308T 123.456.789-09"
    " 111.444.777-35 11010519491231002X 19811228-9874 811228-9874 640823-3234 12345678Z 00000000T X1234567L"
    " 44051401359".split()
)
_CARD = re.compile(
    r"(?<![\w.,+/#-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3[47]\d{2}([ -]?)\d{6}\2\d{5}"
    r"|3[068]\d{2}([ -]?)\d{6}\3\d{4})(?![\w-]|[.,]\d)"
)
_CARD_WORD = re.compile(
    r"card|karte|visa|mastercard|amex|maestro|tarjeta|carte|carta|cartão|kaart|kort|pan\b", re.IGNORECASE
)


def traces_in(line: str) -> Iterator[Trace]:
    """What a line tells about people, as far as that can be seen from its form."""
    if "@" in line and any(_is_somebodys(found, line) for found in _MAIL.finditer(line)):
        yield Trace("warning", "mail-address", N_("an e-mail address"))
    if any(_is_iban(found[1] + found[2]) for found in _IBAN.finditer(line)):
        yield Trace("warning", "bank-account", N_("a bank account"))
        return
    if sum(sign.isdigit() for sign in line) < 5:
        return
    if card := next((found for found in _CARD.finditer(line) if _is_card(found[0])), None):
        sure = not card[0].isdigit() or bool(_CARD_WORD.search(line))
        yield Trace("error" if sure else "warning", "card-number", N_("the number of a payment card"))
    elif name := next(registered(line), None):
        yield Trace("error", "person-number", name)
    elif _has_phone(_CARD.sub("", _IBAN.sub("", line))):
        yield Trace("warning", "phone-number", N_("a telephone number"))


def _is_somebodys(found: re.Match[str], line: str) -> bool:
    labels = found[2].casefold().split(".")
    invented = any(label in _INVENTED_HOSTS for label in labels)
    return not (
        invented or found[1].casefold() in _ROLES or _SHELL.search(line[max(0, found.start() - 300) : found.start()])
    )


def _has_phone(line: str) -> bool:
    numbers = [found[1] for found in _INTERNATIONAL.finditer(line)] if "+" in line or "00" in line else []
    numbers += [found[0] for found in _AMERICAN.finditer(line)] if "-" in line else []
    numbers += [found[1] for found in _NATIONAL.finditer(line)]
    return any(_is_phone("".join(filter(str.isdigit, number))) for number in numbers)


def _is_phone(digits: str) -> bool:
    return 8 <= len(digits) <= 15 and not _NOBODYS.match(digits) and not _INVENTED_DIGITS.search(digits)


def _is_iban(value: str) -> bool:
    """Whether a bank account's two check digits are right: its length and its rest by 97."""
    plain = value.replace(" ", "")
    length = _LENGTHS.get(plain[:2], 0)
    plain = plain[:length]
    if not length or len(plain) != length or plain in _KNOWN_EXAMPLES:
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _is_card(value: str) -> bool:
    digits = "".join(filter(str.isdigit, value))
    two, four = int(digits[:2]), int(digits[:4])
    issued = (
        (digits[0] == "4" and len(digits) in (13, 16, 19))
        or ((51 <= two <= 55 or 2221 <= four <= 2720) and len(digits) == 16)
        or (two in (34, 37) and len(digits) == 15)
        or ((four == 6011 or two in (64, 65) or 3528 <= four <= 3589) and len(digits) == 16)
        or (two in (36, 38, 30) and len(digits) == 14)
    )
    return issued and len(set(digits)) > 4 and digits not in _KNOWN_EXAMPLES and luhn(digits)


def luhn(digits: str) -> bool:
    """Whether a number ends with the check digit that cards and some registers use."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


# numbers of registers: only those whose check digits make a mistake unlikely, or that are named beside them

_ITALIAN = re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)")
_ITALIAN_ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)
_FRENCH = re.compile(r"(?<![\w-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?![\w-])")
_FINNISH = re.compile(r"(?<![\w-])(\d{2})(\d{2})\d{2}[-+A]\d{3}[0-9A-FHJ-NPR-Y](?![\w-])")
_FINNISH_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_BRAZILIAN = re.compile(r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])")
_CHINESE = re.compile(r"(?<!\w)[1-8]\d{5}((?:19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx](?!\w)")
_SWEDISH = re.compile(r"(?<![\w-])(?:19|20)?(\d{2})(\d{2})(\d{2})[-+]\d{4}(?![\w-])")
_SPANISH = re.compile(r"(?<!\w)([XYZ]?)(\d{7,8})-?([A-HJ-NP-TV-Z])(?!\w)")
_POLISH = re.compile(r"(?<!\w)\d{11}(?!\w)")
_GERMAN = re.compile(r"(?<!\w)[1-9]\d(?: ?\d{3}){3}(?!\w)")
_AMERICAN_SSN = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_NAMED = {
    "es": re.compile(r"\b(?:dni|nie|nif)\b", re.IGNORECASE),
    "pl": re.compile(r"\bpesel\b", re.IGNORECASE),
    "de": re.compile(r"steuer-?id|identifikationsnummer|\bidnr\b|\btax id\b", re.IGNORECASE),
    "us": re.compile(r"\bssn\b|social security", re.IGNORECASE),
}
NAME = N_("the number of a person in a register")


def registered(line: str) -> Iterator[str]:
    """The numbers of people in registers of states that stand in a line, each by what it is."""
    for pattern, check in (
        (_ITALIAN, _italian),
        (_FRENCH, _french),
        (_FINNISH, _finnish),
        (_BRAZILIAN, _brazilian),
        (_CHINESE, _chinese),
        (_SWEDISH, _swedish),
    ):
        for found in pattern.finditer(line):
            if found[0] not in _KNOWN_EXAMPLES and check(found):
                yield NAME
    for country, pattern, check in (
        ("es", _SPANISH, _spanish),
        ("pl", _POLISH, _polish),
        ("de", _GERMAN, _german),
        ("us", _AMERICAN_SSN, _any_digits),
    ):
        if _NAMED[country].search(line):
            for found in pattern.finditer(line):
                if found[0] not in _KNOWN_EXAMPLES and check(found):
                    yield NAME


def _italian(found: re.Match[str]) -> bool:
    total = sum(
        _ITALIAN_ODD[sign] if place % 2 == 0 else int(sign) if sign.isdigit() else ord(sign) - ord("A")
        for place, sign in enumerate(found[0][:15])
    )
    return chr(ord("A") + total % 26) == found[0][15]


def _french(found: re.Match[str]) -> bool:
    digits = found[0].replace(" ", "")
    return 97 - int(digits[:13]) % 97 == int(digits[13:]) and not _INVENTED_DIGITS.search(digits)


def _finnish(found: re.Match[str]) -> bool:
    digits = found[0][:6] + found[0][7:10]
    return _is_day(2000, found[2], found[1]) and _FINNISH_SIGNS[int(digits) % 31] == found[0][10]


def _brazilian(found: re.Match[str]) -> bool:
    digits = [int(sign) for sign in found[0] if sign.isdigit()]
    for length in (9, 10):
        total = sum(digit * weight for digit, weight in zip(digits, range(length + 1, 1, -1), strict=False))
        if total * 10 % 11 % 10 != digits[length]:
            return False
    return len(set(digits)) > 1


def _chinese(found: re.Match[str]) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(found[0], weights, strict=False))
    return _is_day(int(found[1]), found[2], found[3]) and "10X98765432"[total % 11] == found[0][17].upper()


def _swedish(found: re.Match[str]) -> bool:
    digits = "".join(filter(str.isdigit, found[0]))[-10:]
    return _is_day(2000, found[2], found[3]) and luhn(digits)


def _spanish(found: re.Match[str]) -> bool:
    number = int((("XYZ".index(found[1]) if found[1] else "") and str("XYZ".index(found[1])) + found[2]) or found[2])
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == found[3]


def _polish(found: re.Match[str]) -> bool:
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
    total = sum(int(digit) * weight for digit, weight in zip(found[0], weights, strict=False))
    return (10 - total % 10) % 10 == int(found[0][10])


def _german(found: re.Match[str]) -> bool:
    digits, product = found[0].replace(" ", ""), 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def _any_digits(found: re.Match[str]) -> bool:
    return not _INVENTED_DIGITS.search(found[0].replace("-", "")) and found[0] != "078-05-1120"


def _is_day(year: int, month: str, day: str) -> bool:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True
