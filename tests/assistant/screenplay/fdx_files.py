"""Small Final Draft files, written as the program writes them."""

from collections.abc import Sequence

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'


def paragraph(kind: str, *runs: str, inside: str = "", **attributes: str) -> str:
    """One paragraph; a run is text or a ready `<Text …>`."""
    said = "".join(f' {name}="{value}"' for name, value in attributes.items())
    texts = "".join(run if run.startswith("<Text") else f"<Text>{run}</Text>" for run in runs)
    return f'<Paragraph{said} Type="{kind}">{inside}{texts}</Paragraph>\n'


def scene(text: str, number: str = "", length: str = "", inside: str = "") -> str:
    """A heading's paragraph with its scene properties."""
    properties = (
        f'<SceneProperties Length="{length}" Page="1" Title="">{inside}</SceneProperties>' if length or inside else ""
    )
    attributes = {"Number": number} if number else {}
    return paragraph("Scene Heading", text, inside=properties, **attributes)


def element(kind: str, left: float, right: float, before: str) -> str:
    """The settings of an element: its indents in inches and the space before it in points."""
    spec = f'<ParagraphSpec LeftIndent="{left}" RightIndent="{right}" SpaceBefore="{before}"/>'
    return f'<ElementSettings Type="{kind}">{spec}</ElementSettings>'


def file(content: Sequence[str], after: str = "", version: str = "5") -> bytes:
    """A whole file around these paragraphs."""
    body = "".join(content)
    return (
        f'{HEAD}<FinalDraft DocumentType="Script" Template="No" Version="{version}">'
        f"<Content>{body}</Content>{after}</FinalDraft>"
    ).encode()
