"""Noticing that files were saved, by looking at their times and sizes: it works on every disk and needs nothing."""

from __future__ import annotations

from pathlib import Path

from peerlearn.lessons import folders

State = tuple[int, int, int]


class Watcher:
    """The lesson files of a folder, and how each looked last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[Path, State] = {}

    def changed(self) -> list[Path]:
        """The files that are new or were saved since the last look; at the first look, all."""
        now = {path: state for path in folders.lesson_paths(self.folder) if (state := _state_of(path))}
        changed = [path for path, state in now.items() if self._seen.get(path) != state]
        self._seen = now
        return changed

    def forget(self, path: Path) -> None:
        """Let a file count as changed at the next look, because nothing could be done with it."""
        self._seen.pop(path, None)


def _state_of(path: Path) -> State | None:
    """What differs when a file is saved: also when it is replaced by one of the same size and time."""
    try:
        found = path.lstat()
    except OSError:
        return None  # gone since the folder was listed
    return found.st_mtime_ns, found.st_size, found.st_ino
