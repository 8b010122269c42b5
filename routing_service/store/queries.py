"""SQL lives in `sql/*.sql`: named queries, and numbered migrations that are never edited."""

import re
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_FOLDER = files("routing_service.store") / "sql"


def load_queries(topic: str) -> dict[str, str]:
    """The queries of `sql/<topic>.sql` by the name in the comment above each."""
    text = (_FOLDER / f"{topic}.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    return {name: body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}


def load_migrations(topic: str) -> tuple[str, ...]:
    """The scripts `sql/<topic>_001.sql` and up; script n leads to version n."""
    names = sorted(
        entry.name
        for entry in _FOLDER.iterdir()
        if re.fullmatch(rf"{topic}_\d{{3}}\.sql", entry.name)
    )
    return tuple((_FOLDER / name).read_text(encoding="utf-8") for name in names)
