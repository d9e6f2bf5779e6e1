"""Re-creates the vendored front-end files from their npm packages: `python tools/vendor.py`.

Everything lands in `peerlearn/ui/static`: one style reset, two typefaces and the icon sprite. Name, version,
licence and sha256 of each file are recorded in `vendor/vendor.json`; a test hashes the files again.
Needs npm; nothing at run time does.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "peerlearn" / "ui" / "static"
VENDOR = STATIC / "vendor"


@dataclass(frozen=True)
class Package:
    """One npm package and which of its files we ship under which name."""

    name: str
    version: str
    files: dict[str, str]
    licence_file: str = "LICENSE"

    @property
    def slug(self) -> str:
        return self.name.split("/")[-1]


PACKAGES = (
    Package("bootstrap", "5.3.9", {"dist/css/bootstrap-reboot.css": "bootstrap-reboot.css"}),
    Package(
        "@fontsource-variable/gabarito",
        "5.3.0",
        {"files/gabarito-latin-wght-normal.woff2": "gabarito.woff2"},
    ),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        {"files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "atkinson-hyperlegible-next.woff2"},
    ),
)
ICON_PACKAGE = Package("lucide-static", "1.62.0", {})

# Where our name differs from the package's, the package's stands behind the equals sign.
ICONS = """
activity archive arrow-down arrow-left arrow-right arrow-up arrow-up-right at-sign award badge-check bell
bell-off bold book-open book-open-check bookmark bookmark-check brain briefcase bug building-2 calendar
calendar-check calendar-clock chart-column chart-line check check-check chevron-down chevron-left
chevron-right chevron-up circle circle-alert circle-check circle-dot circle-help=circle-question-mark
circle-x clipboard-check clock code coins compass copy crown database download ellipsis ellipsis-vertical
external-link eye eye-off file-plus file-text filter=funnel flag flame folder folder-open gauge gift
git-branch git-compare git-merge globe graduation-cap grip-vertical hand-heart hand-helping handshake hash
heading headphones headset heart heart-handshake history home=house hourglass image inbox info italic
key-round keyboard lamp languages laptop layers layout-grid leaf lightbulb link list list-checks list-filter
list-ordered loader=loader-circle lock log-in log-out mail map map-pin medal megaphone menu message-circle
message-circle-heart message-square message-square-plus mic milestone minus monitor moon
more-horizontal=ellipsis mountain network notebook-pen package palette party-popper pause pen-line pencil
pencil-line percent phone pickaxe pilcrow pin play plus presentation puzzle quote radar receipt refresh-cw
repeat rocket rotate-ccw ruler save scale school search send settings share-2 shield shield-alert
shield-check shuffle signpost sliders-horizontal snowflake sparkles spell-check split sprout square-check
star stethoscope sun table table-2 tag target telescope text-cursor-input thermometer thumbs-down thumbs-up
timer toggle-left toolbox trash-2 trending-down trending-up triangle-alert trophy type undo-2
unlock=lock-open upload user user-check user-plus user-x users video vote wallet wand-sparkles webhook
wifi-off workflow wrench x zap
"""


def unpack(package: Package, into: Path) -> Path:
    """Fetch one package with `npm pack` and return the folder with its files."""
    spec = f"{package.name}@{package.version}"
    packed = subprocess.run(["npm", "pack", "--silent", spec], cwd=into, check=True, capture_output=True, text=True)
    folder = into / package.slug
    with tarfile.open(into / packed.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def sprite(icons: Path) -> str:
    """All our icons as <symbol>s of one SVG file."""
    symbols = []
    for word in ICONS.split():
        ours, _, theirs = word.partition("=")
        source = (icons / f"{theirs or ours}.svg").read_text(encoding="utf-8")
        found = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
        if found is None:
            raise SystemExit(f"{theirs or ours}.svg holds no drawing")
        drawing = re.sub(r"\s+", " ", found[1]).replace(" />", "/>").replace("> <", "><").strip()
        symbols.append(f'<symbol id="{ours}" viewBox="0 0 24 24">{drawing}</symbol>')
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round">'
    )
    return "\n".join([head, *symbols, "</svg>", ""])


def record(package: Package, meta: dict[str, str], files: list[str]) -> dict[str, object]:
    """What vendor.json says about one package; file paths are relative to `static/`."""
    return {
        "name": package.name,
        "version": package.version,
        "licence": meta["license"],
        "licence_text": f"vendor/licences/{package.slug}.txt",
        "files": {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in files},
    }


def main() -> None:
    """Fetch, copy, build the sprite, write the record."""
    (VENDOR / "licences").mkdir(parents=True, exist_ok=True)
    records = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in (*PACKAGES, ICON_PACKAGE):
            folder = unpack(package, Path(scratch))
            shipped = []
            for source, target in package.files.items():
                (VENDOR / target).write_bytes((folder / source).read_bytes())
                shipped.append(f"vendor/{target}")
            if package is ICON_PACKAGE:
                (STATIC / "icons.svg").write_text(sprite(folder / "icons"), encoding="utf-8")
                shipped.append("icons.svg")
            licence = (folder / package.licence_file).read_text(encoding="utf-8")
            (VENDOR / "licences" / f"{package.slug}.txt").write_text(licence, encoding="utf-8")
            meta = json.loads((folder / "package.json").read_text(encoding="utf-8"))
            records.append(record(package, meta, shipped))
            print(f"{package.name} {package.version}: {', '.join(shipped)}")
    (VENDOR / "vendor.json").write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
