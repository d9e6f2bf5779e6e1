"""What must not be shared, generated: keys, passwords and data about people in many spellings and surroundings.

The same seed gives the same. No real key is in here: all are drawn by chance.
"""

from __future__ import annotations

import base64
import json
import string
import uuid
from collections.abc import Callable, Iterator
from random import Random

LETTERS = string.ascii_letters
ALNUM = LETTERS + string.digits
HEX = "0123456789abcdef"
WORDLIKE = ALNUM + "-_"
UPPER = string.ascii_uppercase + string.digits

Make = Callable[[Random], str]


def some(signs: str, least: int, most: int | None = None) -> Make:
    return lambda chance: "".join(chance.choices(signs, k=chance.randint(least, most or least)))


def joined(*parts: str | Make) -> Make:
    return lambda chance: "".join(part if isinstance(part, str) else part(chance) for part in parts)


def part_of_token(values: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def signed_token(chance: Random) -> str:
    head = part_of_token({"alg": chance.choice(["HS256", "RS256", "ES384"]), "typ": "JWT"})
    body = part_of_token(
        {"sub": str(chance.randrange(10**9)), "iat": chance.randrange(10**9), "n": some(LETTERS, 8)(chance)}
    )
    return f"{head}.{body}.{some(WORDLIKE, 43)(chance)}"


def some_uuid(chance: Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


KEYS: dict[str, Make] = {
    "aws": joined(lambda c: c.choice(["AKIA", "ASIA"]), some(UPPER, 16)),
    "github": joined(lambda c: c.choice(["ghp_", "gho_", "ghs_", "ghu_", "ghr_"]), some(ALNUM, 36)),
    "github-fine": joined("github_pat_", some(ALNUM, 22), "_", some(ALNUM, 59)),
    "gitlab": joined(lambda c: c.choice(["glpat-", "gldt-", "glrt-", "glcbt-"]), some(WORDLIKE, 20)),
    "slack": joined("xoxb-", some("123456789", 12), "-", some("123456789", 12), "-", some(ALNUM, 24)),
    "slack-app": joined("xapp-1-A", some(UPPER, 10), "-", some("123456789", 12), "-", some(HEX, 64)),
    "slack-hook": joined(
        "https://hooks.slack.com/services/T", some(UPPER, 8), "/B", some(UPPER, 10), "/", some(ALNUM, 24)
    ),
    "discord-hook": joined("https://discord.com/api/webhooks/", some("123456789", 18), "/", some(WORDLIKE, 68)),
    "teams-hook": joined(
        "https://firm.webhook.office.com/webhookb2/",
        some_uuid,
        "@",
        some_uuid,
        "/IncomingWebhook/",
        some(HEX, 32),
        "/",
        some_uuid,
    ),
    "google": joined("AIza", some(WORDLIKE, 35)),
    "google-client": joined("GOCSPX-", some(ALNUM, 28)),
    "google-token": joined("ya29.", some(ALNUM, 60, 120)),
    "stripe": joined(lambda c: c.choice(["sk_live_", "rk_live_", "sk_test_"]), some(ALNUM, 24, 99)),
    "stripe-hook": joined("whsec_", some(ALNUM, 32)),
    "sendgrid": joined("SG.", some(ALNUM, 22), ".", some(ALNUM, 43)),
    "mailgun": joined("key-", some(HEX, 32)),
    "mailchimp": joined(some(HEX, 32), "-us", some("123456789", 1)),
    "twilio": joined("SK", some(HEX, 32)),
    "brevo": joined("xkeysib-", some(HEX, 64), "-", some(ALNUM, 16)),
    "npm": joined("npm_", some(ALNUM, 36)),
    "pypi": joined("pypi-AgEIcHlwaS5vcmc", some(WORDLIKE, 80, 160)),
    "rubygems": joined("rubygems_", some(HEX, 48)),
    "docker": joined("dckr_pat_", some(ALNUM, 27)),
    "openai": joined("sk-proj-", some(ALNUM, 48, 120)),
    "openai-old": joined("sk-", some(ALNUM, 48)),
    "anthropic": joined("sk-ant-api03-", some(WORDLIKE, 93), "AA"),
    "huggingface": joined("hf_", some(LETTERS, 34)),
    "shopify": joined("shpat_", some(HEX, 32)),
    "square": joined("sq0atp-", some(ALNUM, 22)),
    "digitalocean": joined("dop_v1_", some(HEX, 64)),
    "databricks": joined("dapi", some(HEX, 32)),
    "doppler": joined("dp.pt.", some(ALNUM, 43)),
    "linear": joined("lin_api_", some(ALNUM, 40)),
    "notion": joined("ntn_", some(ALNUM, 46)),
    "atlassian": joined("ATATT3xFfGF0", some(ALNUM, 180)),
    "azure-client": joined(some(ALNUM, 3), "8Q~", some(ALNUM, 34)),
    "azure-storage": joined("AccountKey=", some(ALNUM + "+/", 86), "=="),
    "azure-bus": joined("Endpoint=sb://x/;SharedAccessKey=", some(ALNUM, 43), "="),
    "signed-address": joined("https://x.blob.core.windows.net/a?sv=2024-01-01&sig=", some(ALNUM, 43), "%3D"),
    "telegram": joined(some("123456789", 10), ":AA", some(WORDLIKE, 33)),
    "vault": joined("hvs.", some(ALNUM, 24, 90)),
    "terraform": joined(some(ALNUM, 14), ".atlasv1.", some(ALNUM, 67)),
    "postman": joined("PMAK-", some(HEX, 24), "-", some(HEX, 34)),
    "grafana": joined("glsa_", some(ALNUM, 32), "_", some(HEX, 8)),
    "newrelic": joined("NRAK-", some(UPPER, 27)),
    "sentry": joined("sntryu_", some(HEX, 64)),
    "dynatrace": joined("dt0c01.", some(UPPER, 24), ".", some(UPPER, 64)),
    "figma": joined("figd_", some(ALNUM, 40)),
    "airtable": joined("pat", some(ALNUM, 14), ".", some(HEX, 64)),
    "hubspot": joined("pat-na1-", some_uuid),
    "supabase": joined("sbp_", some(HEX, 40)),
    "sonar": joined("squ_", some(HEX, 40)),
    "age": joined("AGE-SECRET-KEY-1", some(UPPER, 58)),
    "jwt": signed_token,
}

STRONG: Make = lambda c: "".join(  # noqa: E731 - a maker like the others
    c.sample(
        [c.choice(string.ascii_lowercase), c.choice(string.ascii_uppercase), c.choice("23456789"), c.choice("!#%&*+?")],
        4,
    )
    + c.choices(ALNUM + "!#%&*+?", k=c.randint(8, 20))
)
CHOSEN: tuple[Make, ...] = (  # as people choose them
    joined(
        lambda c: c.choice(["Summer", "Berlin", "Dragon", "Coffee", "Liverpool", "Schatz"]),
        some("23456789", 2, 4),
        lambda c: c.choice(["", "!", "?", "#"]),
    ),
    joined(lambda c: c.choice(["tiger", "blue", "kitty", "monkey", "sommer"]), some("23456789", 2, 4)),
    joined(
        lambda c: c.choice(["S0mmer", "P1zza", "M4ster", "Fr33dom", "L0ndon"]),
        lambda c: c.choice(["!", "#1", "_99", "*"]),
    ),
    lambda c: c.choice(["hunter2", "letmein", "qwerty", "sunshine", "iloveyou", "trustno1", "passw0rd", "dragon"]),
)
PASSWORD_NAMES = [
    "Mot de passe",
    *(
        "password Password PASSWORD passwd pwd Passwort Kennwort Contraseña contraseña senha wachtwoord lösenord hasło"
        " heslo DB_PASSWORD MYSQL_ROOT_PASSWORD admin_password smtp_pass Passphrase parola пароль"
    ).split(),
]
KEY_NAMES = (
    "api_key API_KEY apiKey api-key secret SECRET_KEY client_secret clientSecret access_token auth_token token"
    " aws_secret_access_key refresh_token X-Api-Key signing_key"
).split()
GENERATED: tuple[Make, ...] = (
    some(ALNUM, 20, 40),
    some(HEX, 32),
    some(HEX, 40),
    some(HEX, 64),
    some(ALNUM + "+/", 40),
    some_uuid,
)
SETTINGS = (
    "{name}: {value}",
    "{name}={value}",
    "{name} = {value}",
    '{name}: "{value}"',
    "{name} = '{value}'",
    '"{name}": "{value}",',
    "export {name}={value}",
    "{name}:{value}",
    "{name} := `{value}`",
    "**{name}:** `{value}`",
    "- {name}: {value}",
    "| {name} | `{value}` |",
    "{name} => '{value}'",
)
SENTENCES = (
    "The {name} is `{value}`.",
    "Log in with {name}: {value} and choose Save.",
    "Das {name} ist „{value}“.",
    "Use the {name} `{value}` for the first login.",
    "{name} (only for us): {value}",
)
CARRIERS = (
    "{}",
    "Use {} to sign in.",
    "1. Copy `{}` into the file.",
    "> {}",
    '    key = "{}"',
    "| key | {} |",
    "- {}",
    "Der Schlüssel ist {}.",
    "curl -H 'X-Key: {}' https://api.example.com",
    "({})",
    "key={}",
    "“{}”",
    "La clé : {}",
    "{},",
    "https://api.example.com/v1?key={}",
)


def private_key(chance: Random) -> str:
    kind = chance.choice(["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED ", "DSA "])
    lines = "\n".join(some(ALNUM + "+/", 64)(chance) for _ in range(3))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


def with_password(chance: Random) -> str:
    scheme = chance.choice("postgresql postgres mysql mongodb mongodb+srv redis amqp https ftp smtp".split())
    user = chance.choice(["admin", "app", "root", "svc_report", "jane", ""])
    host = chance.choice(["db.firm.internal", "10.0.0.12", "localhost:5432", "cluster0.ab12c.mongodb.net/x"])
    value = chance.choice([some(ALNUM, 8, 24), *CHOSEN])(chance).replace("#", "").replace("?", "")
    return f"{scheme}://{user}:{value}@{host}"


def in_command(chance: Random) -> str:
    value = STRONG(chance)
    return chance.choice(
        [
            f"curl -u admin:{value} https://intern.firm.net/x",
            f"mysql -u root -p{value} shop",
            f"sshpass -p '{value}' ssh web01",
            f"tool login --password {value}",
            f"tool login --token={some(ALNUM, 30)(chance)}",
            f"Authorization: Bearer {some(ALNUM, 40)(chance)}",
            f"Authorization: Basic {base64.b64encode(f'admin:{value}'.encode()).decode()}",
            f"Server=db1;Database=shop;User Id=sa;Password={value};",
        ]
    )


def secrets(seed: int = 20) -> Iterator[tuple[str, str]]:
    """What must be found: its kind, and the text it stands in."""
    chance = Random(seed)
    for name, make in KEYS.items():
        for _ in range(16):
            yield f"key {name}", chance.choice(CARRIERS).format(make(chance))
    for _ in range(40):
        yield "private key", chance.choice(["{}", "Save this:\n\n{}", "```\n{}\n```"]).format(private_key(chance))
    for _ in range(150):
        yield "address with password", chance.choice(CARRIERS[:12]).format(with_password(chance))
    for _ in range(120):
        yield "command", chance.choice(["{}", "`{}`", "    {}", "Run `{}` once."]).format(in_command(chance))
    for _ in range(260):
        setting = chance.choice(SETTINGS + SENTENCES)
        yield "generated password", setting.format(name=chance.choice(PASSWORD_NAMES), value=STRONG(chance))
    for _ in range(160):
        value = chance.choice(CHOSEN)(chance)
        yield (
            "chosen password",
            chance.choice(SETTINGS + SENTENCES).format(name=chance.choice(PASSWORD_NAMES), value=value),
        )
    for _ in range(260):
        value = chance.choice(GENERATED)(chance)
        yield "assigned key", chance.choice(SETTINGS + SENTENCES[:2]).format(name=chance.choice(KEY_NAMES), value=value)
    yield from _people(chance)


# data about people


def iban(chance: Random) -> str:
    country, length = chance.choice(
        [("DE", 18), ("AT", 16), ("ES", 20), ("BE", 12), ("CH", 17), ("PL", 24), ("NO", 11)]
    )
    account = some(string.digits, length)(chance)
    rest = int("".join(str(int(sign, 36)) for sign in f"{account}{country}00")) % 97
    plain = f"{country}{98 - rest:02}{account}"
    return plain if chance.random() < 0.4 else " ".join(plain[n : n + 4] for n in range(0, len(plain), 4))


def check_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 - place % 2)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def card(chance: Random) -> str:
    begin, length = chance.choice([("4", 16), ("51", 16), ("54", 16), ("37", 15), ("6011", 16)])
    digits = begin + some(string.digits, length - len(begin) - 1)(chance)
    digits += check_digit(digits)
    sign = chance.choice(["", " ", "-"])
    cuts = (4, 10) if length == 15 else (4, 8, 12)
    return sign.join(digits[a:b] for a, b in zip((0, *cuts), (*cuts, length), strict=True))


def phone(chance: Random) -> str:
    digits = lambda count: "".join(chance.choices("2679", k=count))  # noqa: E731 - short and local
    return chance.choice(
        [
            f"+49 171 {digits(7)}",
            f"+44 7{digits(3)} {digits(6)}",
            f"+1 ({digits(3)}) {digits(3)}-{digits(4)}",
            f"+33 6 {digits(2)} {digits(2)} {digits(2)} {digits(2)}",
            f"+4917{digits(8)}",
            f"({digits(3)}) {digits(3)}-{digits(4)}",
            f"0049 89 {digits(6)}",
            f"Telefon: 0{digits(3)}/{digits(6)}",
            f"mobile 07{digits(3)} {digits(6)}",
            f"+81 90-{digits(4)}-{digits(4)}",
        ]
    )


def mail(chance: Random) -> str:
    first = chance.choice(["maria", "jonas", "p.keller", "a_okafor", "li.wei", "svenja-b", "kofi", "m.rossi"])
    host = chance.choice(
        [
            "gmail.com",
            "web.de",
            "outlook.com",
            "siemens-partner.net",
            "firm.co.uk",
            "uni-ulm.de",
            "mail.ru",
            "proton.me",
        ]
    )
    return f"{first}{chance.choice(['', '.smith', '77', '+work'])}@{host}"


def cpf(chance: Random) -> str:
    digits = [chance.randrange(10) for _ in range(9)]
    for length in (9, 10):
        total = sum(digit * (length + 1 - place) for place, digit in enumerate(digits))
        digits.append(0 if total % 11 < 2 else 11 - total % 11)
    text = "".join(map(str, digits))
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def henkilo(chance: Random) -> str:
    day = f"{chance.randint(1, 28):02}{chance.randint(1, 12):02}{chance.randint(40, 99)}"
    number = f"{chance.randint(2, 899):03}"
    return f"{day}-{number}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(day + number) % 31]}"


def dni(chance: Random) -> str:
    number = chance.randint(10**7, 10**8 - 1)
    return f"DNI {number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def nir(chance: Random) -> str:
    born = f"{chance.randint(50, 99)}{chance.randint(1, 12):02}"
    plain = f"{chance.choice('12')}{born}{chance.randint(10, 95)}{chance.randint(100_000, 999_999)}"
    return f"{plain}{97 - int(plain) % 97:02}"


def _people(chance: Random) -> Iterator[tuple[str, str]]:
    around = (
        "{}",
        "Write to {} before noon.",
        "- {}",
        "| Maria | {} |",
        "Bitte {} verwenden.",
        "({})",
        "Contact: {}",
        "> {}",
    )
    for kind, make, count in (
        ("iban", iban, 80),
        ("card", card, 80),
        ("phone", phone, 120),
        ("mail", mail, 120),
        ("cpf", cpf, 30),
        ("finnish number", henkilo, 30),
        ("dni", dni, 30),
        ("french number", nir, 30),
    ):
        for _ in range(count):
            yield kind, chance.choice(around).format(make(chance))
