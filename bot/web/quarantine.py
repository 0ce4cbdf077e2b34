"""Bodies that could not be understood, kept for a look: few, short, the oldest thrown away first."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.telemetry import count


@dataclass(frozen=True)
class Quarantine:
    """A folder of at most `most` files of at most `longest` bytes, named by source and sha256; the same body is kept once."""

    folder: Path
    most: int = 50
    longest: int = 64 * 1024

    async def keep(self, source: str, sha: str, body: bytes) -> None:
        """Keep the beginning of a body and count it. A full disk loses the body, never the answer."""
        count("quarantined", source=source)
        await asyncio.to_thread(self._write, f"{source}-{sha[:32]}.body", body[: self.longest])

    def _write(self, name: str, body: bytes) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self.folder / name
            path.touch(mode=0o600)
            path.write_bytes(body)
            kept = sorted(self.folder.glob("*.body"), key=lambda file: file.stat().st_mtime_ns)
            for oldest in kept[: -self.most]:
                oldest.unlink(missing_ok=True)
        except OSError:
            count("failures", where="quarantine")
