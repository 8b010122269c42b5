"""Transport: what is said when the files of the certificates are not as the settings tell."""

from pathlib import Path

import msgspec
import pytest

from routing_service.server.transport import StartRefused, listening
from routing_service.settings import Settings


@pytest.mark.parametrize("missing", ["tls_cert", "tls_key", "client_ca"])
def test_file_that_cannot_be_read_is_named_with_its_setting(tmp_path: Path, missing: str) -> None:
    files = {name: str(tmp_path / name) for name in ("tls_cert", "tls_key", "client_ca")}
    for name, file in files.items():
        if name != missing:
            Path(file).write_text("")
    with pytest.raises(StartRefused) as refusal:
        listening(msgspec.convert(files, Settings))

    assert refusal.value.reason == "SETTINGS_INVALID"
    assert refusal.value.message.startswith(f"{missing}: {files[missing]} cannot be read")
