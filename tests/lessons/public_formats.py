"""Data about people and what opens doors, in the formats that public specifications define: made from the definitions.

ISO 13616 says how the account numbers of each country are built and checked, ISO/IEC 7812 how the numbers of cards are,
E.164 how a telephone is called from abroad; RFC 3986, 6750, 7468, 7519 and 7617 where passwords and tokens stand.
"""

from __future__ import annotations

import base64
import string
from collections.abc import Iterator
from random import Random

ACCOUNTS = (
    "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n"
    " DE18n DK14n DO4c20n EE16n EG25n ES20n FI14n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT24c HR17n"
    " HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c"
    " LV4a13c MC10n11c2n MD20c ME18n MK3n10c2n MR23n MT4a5n18c MU4a19n3a NL4a10n NO11n PK4a16c PL24n PS4a21c PT21n"
    " QA4a21c RO4a16c RS18n SA2n18c SE20n SI15n SK20n SM1a10n12c TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n"
)
_SIGNS = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + string.ascii_uppercase}
CARDS = {"Visa": ("4", 16), "Mastercard": ("51 52 53 54 55 2221 2500 2719", 16), "American Express": ("34 37", 15)}
CARDS |= {"Diners Club": ("36 38", 14), "Discover": ("6011 65", 16), "JCB": ("3528 3589", 16)}
TELEPHONES = "+44 20 7{7} +49 89 4{7} +33 1 4{7} +34 91 4{6} +39 06 4{7} +41 44 2{6} +43 1 5{6} +31 20 6{6} +1 415 4{6}"
TELEPHONES += " +46 8 5{6} +47 22 4{5} +45 33 1{5} +48 22 5{6} +351 21 3{6} +81 3 3{7} +91 22 6{7} +61 2 9{7}"
_PEM = ("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY")


def samples(seed: int, each: int) -> Iterator[tuple[str, str]]:
    """So many of each format, with its name, in a sentence or a file as somebody would paste it."""
    chance = Random(seed)
    for _again in range(each):
        for structure in ACCOUNTS.split():
            yield f"account {structure[:2]}", f"Please transfer it to {account(structure, chance)} by Friday."
        for name, (starts, length) in CARDS.items():
            number = card(chance.choice(starts.split()), length, chance)
            yield f"card {name}", f"The company card is {number}, valid until 09/28."
        for country in TELEPHONES.split(" +"):
            yield f"telephone +{country.lstrip('+').split()[0]}", f"Reach her at +{telephone(country, chance)}."
        for name in _PEM:
            body = "\n".join(some(64, string.ascii_letters + string.digits + "+/", chance) for _line in range(12))
            yield f"key {name}", f"-----BEGIN {name}-----\n{body}\n-----END {name}-----"
        yield from _tokens(chance)


def _tokens(chance: Random) -> Iterator[tuple[str, str]]:
    secret = some(18, string.ascii_letters + string.digits, chance)
    basic = base64.b64encode(f"deploy:{secret}".encode()).decode()
    part = [base64.urlsafe_b64encode(chance.randbytes(size)).decode().rstrip("=") for size in (60, 32)]
    head = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').decode().rstrip("=")
    yield "signed token", f"{head}.eyJ{part[0]}.{part[1]}"
    yield "bearer", f"Authorization: Bearer {some(43, string.ascii_letters + string.digits + '-_', chance)}"
    yield "basic", f"Authorization: Basic {basic}"
    yield "address with a password", f"https://deploy:{secret}@git.corp-intern.net/tools.git"


def some(count: int, signs: str, chance: Random) -> str:
    return "".join(chance.choice(signs) for _each in range(count))


def account(structure: str, chance: Random) -> str:
    """An account number of a country, its two check digits by ISO 7064, in groups of four as it is written."""
    country, body, count = structure[:2], "", ""
    for sign in structure[2:]:
        if sign.isdigit():
            count += sign
        else:
            body, count = body + some(int(count), _SIGNS[sign], chance), ""
    rest = int("".join(str(int(sign, 36)) for sign in body + country + "00")) % 97
    whole = f"{country}{98 - rest:02}{body}"
    return " ".join(whole[place : place + 4] for place in range(0, len(whole), 4))


def card(start: str, length: int, chance: Random) -> str:
    """A card's number with the check digit of ISO/IEC 7812."""
    body = start + some(length - 1 - len(start), string.digits, chance)
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body)))
    whole = body + str(-sum(number // 10 + number % 10 for number in doubled) % 10)
    if length == 16:
        return " ".join(whole[place : place + 4] for place in range(0, 16, 4))
    return f"{whole[:4]} {whole[4:10]} {whole[10:]}"


def telephone(pattern: str, chance: Random) -> str:
    """A number as it is called from abroad: `7{7}` is a seven and seven more digits."""
    *fixed, last = pattern.lstrip("+").split()
    return " ".join([*fixed, last[0] + some(int(last[2]), string.digits, chance)])
