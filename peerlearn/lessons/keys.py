"""How keys and tokens look that vendors hand out: each has a mark of its own, so hardly anything else is taken for one.

Every pattern is bounded, so that looking takes time in proportion to the text. A pattern is only tried where one of
its marks stands in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from peerlearn.core.words import N_

_WORD = r"[A-Za-z0-9_-]"
_START = r"(?<![A-Za-z0-9_-])"
_END = r"(?![A-Za-z0-9])"
_HEX = r"[0-9a-f]"


class Shape(NamedTuple):
    """What a kind of key looks like; `marks` are what stands in each of them, in small letters."""

    name: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]


def _shape(name: str, marks: str, pattern: str) -> Shape:
    return Shape(name, tuple(marks.split()), re.compile(_START + pattern + _END))


def _own(mark: str, rest: str, name: str = "") -> Shape:
    """A token that begins with a mark which its vendor put there for finding it."""
    return _shape(name or N_("an access token"), mark.lower(), re.escape(mark) + rest)


SHAPES: tuple[Shape, ...] = (
    _shape(N_("an AWS access key"), "akia asia abia acca", r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}"),
    _own("ABSK", r"[A-Za-z0-9+/]{100,130}={0,2}", N_("an AWS access key")),
    _shape(
        N_("an AWS secret key"),
        "secret_access_key secretaccesskey",
        r"(?i:(?:aws_)?secret_?access_?key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?[A-Za-z0-9/+]{40}",
    ),
    _shape(N_("a GitHub token"), "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    _own("github_pat_", r"[A-Za-z0-9_]{40,255}", N_("a GitHub token")),
    _shape(
        N_("a GitLab token"),
        "glpat- gldt- glrt- glptt- glft- glsoat- glcbt- glimt- glagent- glffct- gloas-",
        rf"gl(?:pat|dt|rt|ptt|ft|soat|cbt|imt|agent|ffct|oas)-{_WORD}{{20,300}}",
    ),
    _own("GR1348941", rf"{_WORD}{{20}}", N_("a GitLab token")),
    _shape(N_("a Slack token"), "xox xapp-", r"(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{20,200}"),
    _shape(
        N_("a Slack webhook"),
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Z0-9]{6,14}/[A-Z0-9]{6,20}/[A-Za-z0-9/]{16,60}",
    ),
    _shape(
        N_("a Discord webhook"), "/api/webhooks/", rf"discord(?:app)?\.com/api/webhooks/\d{{15,22}}/{_WORD}{{40,100}}"
    ),
    _shape(
        N_("a Teams webhook"),
        "webhook.office.com outlook.office.com",
        r"(?:webhook|outlook)\.office\.com/webhook[a-z0-9]{0,4}/[0-9a-fA-F-]{36}@[0-9a-fA-F-]{36}/[\w/-]{20,200}",
    ),
    _shape(N_("a Discord token"), ".", rf"[MNO][A-Za-z0-9_-]{{23,25}}\.[A-Za-z0-9_-]{{6}}\.{_WORD}{{27,38}}"),
    _own("AIza", rf"{_WORD}{{35}}", N_("a Google API key")),
    _own("GOCSPX-", rf"{_WORD}{{28}}", N_("a Google client secret")),
    _own("ya29.", rf"{_WORD}{{30,400}}", N_("a Google token")),
    _own("1//0", rf"{_WORD}{{40,160}}", N_("a Google token")),
    _shape(N_("a Stripe key"), "sk_live_ rk_live_ sk_test_ rk_test_", r"(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{16,120}"),
    _own("whsec_", r"[0-9A-Za-z+/]{24,64}={0,2}", N_("a webhook secret")),
    _own("SG.", rf"{_WORD}{{16,26}}\.{_WORD}{{39,50}}", N_("a SendGrid key")),
    _own("key-", rf"{_HEX}{{32}}", N_("a Mailgun key")),
    _shape(N_("a Mailchimp key"), "-us", rf"{_HEX}{{32}}-us\d{{1,2}}"),
    _shape(N_("a Twilio key"), "sk", rf"SK{_HEX}{{32}}"),
    _own("xkeysib-", rf"{_HEX}{{64}}-[A-Za-z0-9]{{16}}", N_("a Brevo key")),
    _own("npm_", r"[A-Za-z0-9]{36}", N_("an npm token")),
    _shape(N_("a PyPI token"), "pypi-age", rf"pypi-AgE[A-Z]{_WORD}{{50,400}}"),
    _own("cio", r"(?=[A-Za-z]{0,31}\d)[A-Za-z0-9]{32}", N_("a crates.io token")),
    _own("CLOJARS_", rf"{_HEX}{{60}}", N_("a Clojars token")),
    _own("rubygems_", rf"{_HEX}{{48}}", N_("a RubyGems key")),
    _own("dckr_pat_", rf"{_WORD}{{20,40}}", N_("a Docker Hub token")),
    _own("oy2", r"[a-z0-9]{43}", N_("a NuGet key")),
    _shape(N_("an API key"), "sk-", rf"sk-(?:proj-|ant-|or-|svcacct-|admin-)?{_WORD}{{32,250}}"),
    _own("hf_", r"[A-Za-z0-9]{30,40}", N_("a Hugging Face token")),
    _own("r8_", r"[A-Za-z0-9]{37}", N_("a Replicate token")),
    _own("gsk_", r"[A-Za-z0-9]{48,56}", N_("an API key")),
    _own("xai-", r"[A-Za-z0-9]{70,90}", N_("an API key")),
    _own("pplx-", r"[A-Za-z0-9]{44,60}", N_("an API key")),
    _shape(N_("a Shopify token"), "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _shape(N_("a Square token"), "sq0", rf"sq0(?:atp|csp|idp)-{_WORD}{{22,43}}"),
    _shape(N_("a DigitalOcean token"), "dop_v1_ doo_v1_ dor_v1_", rf"do[opr]_v1_{_HEX}{{64}}"),
    _own("dapi", rf"{_HEX}{{32}}(?:-\d)?", N_("a Databricks token")),
    _shape(N_("a Doppler token"), "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9.]{40,60}"),
    _own("lin_api_", r"[A-Za-z0-9]{40}", N_("a Linear key")),
    _shape(N_("a Notion token"), "secret_ ntn_", r"(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,50})"),
    _shape(N_("an Atlassian token"), "atatt3 atctt3 atbb", r"(?:AT[AC]TT3[\w=-]{100,250}|ATBB[A-Za-z0-9]{32})"),
    _shape(N_("an Azure client secret"), "q~", r"[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}"),
    _shape(N_("an Azure token"), "azdo", r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}"),
    _shape(N_("an Azure key"), "accountkey=", r"(?i:AccountKey)=[A-Za-z0-9+/]{80,90}={0,2}"),
    _shape(N_("an Azure key"), "sharedaccesskey=", r"(?i:SharedAccessKey)=[A-Za-z0-9+/]{40,90}={0,2}"),
    _shape(N_("a signed address"), "sig=", r"sig=[A-Za-z0-9%+/]{40,120}={0,2}"),
    _shape(N_("a Telegram token"), ":a", rf"\d{{8,10}}:A{_WORD}{{34}}"),
    _own("HRKU-", rf"{_WORD}{{36,70}}", N_("a Heroku key")),
    _shape(N_("a Fly.io token"), "fo1_ fm1_ fm2_", rf"(?:fo1_{_WORD}{{43}}|fm[12]_[A-Za-z0-9+/]{{100,800}}={{0,2}})"),
    _shape(
        N_("a Tailscale key"), "tskey-", r"tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,30}-[A-Za-z0-9]{20,60}"
    ),
    _shape(N_("a Sourcegraph token"), "sgp_", rf"sgp_(?:{_HEX}{{16}}_|local_)?{_HEX}{{40}}"),
    _shape(
        N_("a secret key"),
        "secret_key",
        r"SECRET_KEY[\"']?\s{0,3}[:=]\s{0,3}[\"'](?:django-insecure-)?[A-Za-z0-9!@#$%^&*()=+_-]{50}(?=[\"'])",
    ),
    _shape(N_("a Vault token"), "hvs. hvb. hvr.", rf"hv[sbr]\.{_WORD}{{24,200}}"),
    _shape(N_("a Terraform token"), ".atlasv1.", rf"[A-Za-z0-9]{{14}}\.atlasv1\.{_WORD}{{60,70}}"),
    _shape(N_("a PlanetScale key"), "pscale_", r"pscale_(?:tkn|pw|oauth)_[\w.-]{32,64}"),
    _own("PMAK-", rf"{_HEX}{{24}}-{_HEX}{{34}}", N_("a Postman key")),
    _shape(N_("a Grafana token"), "glsa_ glc_", rf"(?:glsa_[A-Za-z0-9]{{32}}_{_HEX}{{8}}|glc_[A-Za-z0-9+/]{{32,400}})"),
    _shape(N_("a New Relic key"), "nrak- nrii- nrjs- nraa-", rf"(?:NRAK|NRII|NRJS|NRAA)-{_WORD}{{19,32}}"),
    _shape(N_("a Sentry token"), "sntrys_ sntryu_", r"sntry[su]_[A-Za-z0-9+/=_-]{40,300}"),
    _own("dt0c01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}", N_("a Dynatrace token")),
    _shape(N_("a Figma token"), "figd_ figu_", rf"fig[du]_{_WORD}{{36,50}}"),
    _own("pat", rf"[A-Za-z0-9]{{14}}\.{_HEX}{{64}}", N_("an Airtable token")),
    _shape(N_("a HubSpot token"), "pat-", rf"pat-(?:na|eu|ap)\d-{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"),
    _own("v1.0-", rf"{_HEX}{{24}}-{_HEX}{{146}}", N_("a Cloudflare key")),
    _own("nfp_", r"[A-Za-z0-9]{36,44}", N_("a Netlify token")),
    _own("sbp_", rf"{_HEX}{{40}}", N_("a Supabase token")),
    _own("pul-", rf"{_HEX}{{40}}", N_("a Pulumi token")),
    _own("LTAI", r"[A-Za-z0-9]{12,24}", N_("an Alibaba key")),
    _own("AKID", r"[A-Za-z0-9]{32}", N_("a Tencent key")),
    _own("EAA", r"[A-Za-z0-9]{80,300}", N_("a Facebook token")),
    _own("sl.", rf"{_WORD}{{120,200}}", N_("a Dropbox token")),
    _own("AKCp", r"[A-Za-z0-9]{60,80}", N_("an Artifactory key")),
    _shape(N_("a SonarQube token"), "sqp_ squ_ sqa_", rf"sq[pua]_{_HEX}{{40}}"),
    _shape(N_("a CircleCI token"), "ccipat_", rf"CCIPAT_[A-Za-z0-9]{{20,24}}_{_HEX}{{40}}"),
    _own("bkua_", rf"{_HEX}{{40}}", N_("a Buildkite token")),
    _own("CFPAT-", rf"{_WORD}{{43}}", N_("a Contentful token")),
    _own("tfp_", rf"{_WORD}{{40,64}}", N_("a Typeform token")),
    _own("ops_eyJ", rf"{_WORD}{{100,900}}", N_("a 1Password token")),
    _own("AGE-SECRET-KEY-1", r"[A-Z0-9]{58}", N_("a private key")),
    _shape(N_("a signed token"), "eyj", rf"eyJ{_WORD}{{10,1500}}\.eyJ{_WORD}{{10,3000}}\.{_WORD}{{20,800}}"),
)
_BLOCK = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:")
_CONTENT = re.compile(r"[A-Za-z0-9+/]{32}")
_LINES_OF_BLOCK = 8
_INVENTED = re.compile(r"example|your|placeholder|dummy|redacted|x{6}|\*{4}", re.IGNORECASE)
_PADDED = re.compile(r"(?:0123456789|1234567890|abcdefghij)", re.IGNORECASE)


def shapes_in(text: str) -> tuple[Shape, ...]:
    """The kinds of keys whose marks stand in a text: only these need to be looked for."""
    small = text.lower()
    return tuple(shape for shape in SHAPES if any(mark in small for mark in shape.marks))


def key_in(line: str, shapes: Sequence[Shape] = SHAPES) -> str | None:
    """What kind of key stands in a line; None when there is none, or only one that was plainly invented."""
    for shape in shapes:
        for found in shape.pattern.finditer(line):
            if not is_invented(found[0]):
                return shape.name
    return None


def is_invented(value: str) -> bool:
    """Whether a value says of itself that it is no real one: EXAMPLE, xxxxxx, one sign again and again."""
    tail = value[-12:]
    return bool(_INVENTED.search(value)) or len(set(tail)) <= 2 or bool(_PADDED.search(value[-20:]))


def private_keys(lines: Sequence[tuple[int, str]]) -> Iterator[int]:
    """The numbers of the lines where a private key begins that is really there, and not only spoken of."""
    for place, (number, line) in enumerate(lines):
        begin = _BLOCK.search(line) if "-----BEGIN" in line or "PuTTY" in line else None
        if begin:
            rest = [line[begin.end() :], *(text for _, text in lines[place + 1 : place + 1 + _LINES_OF_BLOCK])]
            content = (found[0] for text in rest for found in _CONTENT.finditer(text[:400]))
            if any(not is_invented(each) for each in content):
                yield number


def is_begin(line: str) -> bool:
    """Whether a private key may begin in this line."""
    return bool(_BLOCK.search(line))
