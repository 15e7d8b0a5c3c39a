"""The only door to typst: a template of ours and plain data in, a PDF out."""

import json
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "report"


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """Set `report/<template>.typ`; the data travels as JSON, so no text of a script is ever read as markup."""
    import typst

    source: Any = (TEMPLATES / f"{template}.typ").read_bytes()
    told = {"data": json.dumps(data, ensure_ascii=False)}
    pdf: bytes = typst.compile(source, root=TEMPLATES, sys_inputs=told)
    return pdf
