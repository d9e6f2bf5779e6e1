"""Style sheets and scripts without a build: every feature's CSS becomes one file, all files share one version."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

UI = "ui"
LAYERS = b"@layer reset, tokens, base, components, features;\n"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}
COMPRESSED = frozenset({".css", ".js", ".svg", ".webmanifest"})


@dataclass(frozen=True)
class Asset:
    """One file as it goes over the wire, with its gzip twin where that is smaller."""

    body: bytes
    mimetype: str
    gzipped: bytes | None = None


@dataclass(frozen=True)
class Assets:
    """All files of one release: `css` is the whole look, `files` maps "<feature>/<file>" to the rest."""

    version: str
    css: Asset
    files: Mapping[str, Asset] = field(default_factory=dict)

    @property
    def css_url(self) -> str:
        return f"/assets/app.{self.version}.css"

    def url(self, name: str) -> str:
        """The address of "<feature>/<file>"; it changes with every release, so browsers keep it for ever."""
        if name not in self.files:
            raise KeyError(f"no such file in a static folder: {name}")
        return f"/assets/{self.version}/{name}"


def static_folders(package: Path, features: Iterable[str]) -> dict[str, Path]:
    """The static folders of these features, in the given order, the look always first."""
    names = [UI, *(name for name in features if name != UI)]
    return {name: package / name / "static" for name in names if (package / name / "static").is_dir()}


def concatenate(folders: Mapping[str, Path]) -> bytes:
    """One style sheet, lowest layer first: reset, tokens, base, components, then one file per feature."""
    look = folders[UI]
    parts = [LAYERS, _layer("reset", look / "vendor" / "bootstrap-reboot.css")]
    parts += [_layer("tokens", look / "tokens.css"), _layer("base", look / "base.css")]
    parts += [_layer("components", path) for path in sorted((look / "components").glob("*.css"))]
    for name, folder in folders.items():
        parts += [_layer("features", path) for path in [folder / f"{name}.css"] if path.exists()]
    return b"".join(parts)


def _layer(name: str, path: Path) -> bytes:
    text = path.read_text(encoding="utf-8")
    slim = re.sub(r"/\*(?!!).*?\*/|@charset[^;]*;", "", text, flags=re.DOTALL)
    slim = re.sub(r"\n\s*", "\n", slim).strip()
    return f"@layer {name} {{\n{slim}\n}}\n".encode()


def gather(folders: Mapping[str, Path]) -> Assets:
    """Read every file once; the version is a hash over all of them."""
    css = concatenate(folders)
    bodies = {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for name, folder in folders.items()
        for path in sorted(folder.rglob("*"))
        if path.suffix in TYPES and path.suffix != ".css"
    }
    digest = hashlib.sha256(css)
    for name, body in bodies.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
    version = digest.hexdigest()[:12]
    css = css.replace(b"/assets/_/", f"/assets/{version}/".encode())
    files = {name: _asset(body, Path(name).suffix) for name, body in bodies.items()}
    return Assets(version, _asset(css, ".css"), files)


def _asset(body: bytes, suffix: str) -> Asset:
    small = gzip.compress(body, 9, mtime=0) if suffix in COMPRESSED else None
    return Asset(body, TYPES[suffix], small)


def newest_change(folders: Mapping[str, Path]) -> float:
    """When any of these files last changed; a development server gathers anew after that."""
    return max(path.stat().st_mtime for folder in folders.values() for path in folder.rglob("*"))


def component_names(templates: Path) -> list[str]:
    """The components: every template that is not a page of its own."""
    pages = {"portfolio"}
    return sorted(path.stem for path in templates.glob("*.html") if path.stem not in pages)


def icon_names(sprite: str) -> list[str]:
    """The names of all icons in the sprite."""
    return re.findall(r'<symbol id="([^"]+)"', sprite)
