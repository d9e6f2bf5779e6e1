"""Keys and tokens in the formats of their vendors, filled with signs by a seed: facts from outside for our patterns.

`{36:A}` stands for 36 signs of the set A. Prefix, length and alphabet of each part are written down as we know them;
no vendor's page was compared line by line.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from random import Random

_ALNUM = string.ascii_letters + string.digits
_SETS = {
    "A": _ALNUM,
    "U": _ALNUM + "_-",
    "B": _ALNUM + "+/",
    "X": "0123456789abcdef",
    "C": string.ascii_uppercase + string.digits,
    "D": string.digits,
    "L": string.ascii_lowercase + string.digits,
    "5": string.ascii_uppercase + "234567",
    "S": string.ascii_lowercase + string.digits + "!@#$%^&*(-_=+)",
    "Z": _ALNUM + "~_.",
}
_PART = re.compile(r"\{(\d+):(\w)\}")
_PEM = "-----BEGIN %s-----\n" + "{64:B}\n" * 12 + "{40:B}\n-----END %s-----"
_JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ{70:U}.{43:U}"
FORMATS: dict[str, str] = {
    "AWS access key": "AKIA{16:5}",
    "AWS temporary key": "ASIA{16:5}",
    "AWS secret in a file": "aws_secret_access_key = {40:B}",
    "AWS secret in the environment": "export AWS_SECRET_ACCESS_KEY={40:B}",
    "AWS session token": "AWS_SESSION_TOKEN=IQoJb3JpZ2luX2Vj{260:B}",
    "AWS Bedrock key": "ABSK{120:B}",
    "GitHub classic": "ghp_{36:A}",
    "GitHub OAuth": "gho_{36:A}",
    "GitHub app, user": "ghu_{36:A}",
    "GitHub app, server": "ghs_{36:A}",
    "GitHub refresh": "ghr_{76:A}",
    "GitHub fine-grained": "github_pat_{22:A}_{59:A}",
    "GitLab personal": "glpat-{20:U}",
    "GitLab routable": "glpat-{27:U}.{2:L}.{9:L}",
    "GitLab deploy": "gldt-{20:U}",
    "GitLab runner": "glrt-{20:U}",
    "GitLab runner registration": "GR1348941{20:U}",
    "GitLab trigger": "glptt-{40:X}",
    "GitLab OAuth application": "gloas-{64:X}",
    "GitLab job": "glcbt-{2:X}_{20:U}",
    "GitLab agent": "glagent-{50:U}",
    "Slack bot": "xoxb-{12:D}-{13:D}-{24:A}",
    "Slack user": "xoxp-{12:D}-{12:D}-{13:D}-{32:X}",
    "Slack app": "xapp-1-A{10:C}-{13:D}-{64:X}",
    "Slack configuration": "xoxe.xoxp-1-{166:A}",
    "Slack webhook": "https://hooks.slack.com/services/T{10:C}/B{10:C}/{24:A}",
    "Stripe live": "sk_live_{24:A}",
    "Stripe long": "sk_live_51{97:A}",
    "Stripe test": "sk_test_{24:A}",
    "Stripe restricted": "rk_live_{99:A}",
    "Stripe webhook": "whsec_{32:A}",
    "Google API key": "AIza{35:U}",
    "Google client secret": "GOCSPX-{28:U}",
    "Google access": "ya29.{150:U}",
    "Google refresh": "1//0{1:D}{90:U}",
    "Google service account": '"private_key": "-----BEGIN PRIVATE KEY-----\\n{64:B}\\n{64:B}\\n{64:B}\\n"',
    "Azure client secret": "{3:A}8Q~{34:Z}",
    "Azure storage": "DefaultEndpointsProtocol=https;AccountName={9:L};AccountKey={86:B}==",
    "Azure service bus": "Endpoint=sb://{8:L}.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={43:B}=",
    "Azure signed address": "https://{8:L}.blob.core.windows.net/c/f?sv=2023-01-03&sr=b&sp=r&sig={41:A}%2B{1:A}%3D",
    "Azure DevOps": "{76:A}AZDO{4:A}",
    "npm": "npm_{36:A}",
    "npm settings": "//registry.npmjs.org/:_authToken=npm_{36:A}",
    "PyPI": "pypi-AgEIcHlwaS5vcmc{150:U}",
    "TestPyPI": "pypi-AgENdGVzdC5weXBpLm9yZw{140:U}",
    "crates.io": "cio{32:A}",
    "Clojars": "CLOJARS_{60:X}",
    "JWT": _JWT,
    "JWT in a header": f"Authorization: Bearer {_JWT}",
    "PEM of RSA": _PEM % (("RSA PRIVATE KEY",) * 2),
    "PEM": _PEM % (("PRIVATE KEY",) * 2),
    "PEM of EC": _PEM % (("EC PRIVATE KEY",) * 2),
    "PEM of OpenSSH": _PEM % (("OPENSSH PRIVATE KEY",) * 2),
    "PEM, encrypted": _PEM % (("ENCRYPTED PRIVATE KEY",) * 2),
    "PGP": _PEM % (("PGP PRIVATE KEY BLOCK",) * 2),
    "SendGrid": "SG.{22:U}.{43:U}",
    "Twilio": "SK{32:X}",
    "Twilio in the environment": "TWILIO_AUTH_TOKEN={32:X}",
    "Mailgun": "key-{32:X}",
    "Mailchimp": "{32:X}-us12",
    "Shopify": "shpat_{32:X}",
    "DigitalOcean": "dop_v1_{64:X}",
    "Databricks": "dapi{32:X}",
    "OpenAI": "sk-proj-{74:U}T3BlbkFJ{74:U}",
    "Anthropic": "sk-ant-api03-{93:U}AA",
    "Hugging Face": "hf_{34:A}",
    "Vault": "hvs.{95:U}",
    "Vault in the environment": "VAULT_TOKEN=s.{24:A}",
    "Terraform": "{14:A}.atlasv1.{67:U}",
    "Docker Hub": "dckr_pat_{27:U}",
    "Telegram": "{10:D}:AA{33:U}",
    "Atlassian": "ATATT3xFfGF0{171:U}={8:C}",
    "Linear": "lin_api_{40:A}",
    "Postman": "PMAK-{24:X}-{34:X}",
    "Grafana": "glsa_{32:A}_{8:X}",
    "Sentry": "sntrys_eyJ{160:B}",
    "Heroku": "HRKU-{60:U}",
    "Cloudflare": "CLOUDFLARE_API_TOKEN={40:U}",
    "Fly.io": "fo1_{43:U}",
    "Tailscale": "tskey-auth-k{11:A}CNTRL-{32:A}",
    "Sourcegraph": "sgp_{16:X}_{40:X}",
    "Confluent": "CONFLUENT_API_SECRET={64:B}",
    "database": "postgresql://app:{16:A}@db.internal:5432/shop",
    "cache": "redis://:{24:A}@cache.internal:6379/0",
    "address with a password": "https://deploy:{20:A}@git.firm.net/x.git",
    "netrc": "machine api.firm.net login bot password {18:A}",
    "Django": "SECRET_KEY = '{50:S}'",
}
AROUND = ("%s", "Use `%s` to sign in.", "    %s", "* first, %s")


def samples(seed: int, each: int) -> Iterator[tuple[str, str]]:
    """`each` samples of every format, with what may stand around one."""
    random = Random(seed)
    for name, pattern in FORMATS.items():
        for number in range(each):
            text = _PART.sub(lambda part: "".join(random.choices(_SETS[part[2]], k=int(part[1]))), pattern)
            yield name, text if "\n" in text else AROUND[number % len(AROUND)] % text
