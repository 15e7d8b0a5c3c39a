"""Take in a paper that is no script: read it, keep its passages, index them. Each step can be done again."""

from pathlib import Path

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from assistant.domain.citations import SourceKind
from assistant.errors import BadInput
from assistant.knowledge.papers import Paper, guessed_kind, kind_named, load_bytes, made, read_paper
from assistant.screenplay import parse
from assistant.workflows.state import Context, Event, RunState

SCRIPTS = frozenset({".fountain", ".fdx", ".spmd", ".ftn"})
PAPERS = frozenset({".md", ".markdown", ".csv", ".tsv", ".docx", ".xlsx", ".eml"})


def is_script(path: Path, kind: str = "") -> bool:
    """Whether a file goes in as a draft: by the kind a person named, its suffix, its name, and what is in it."""
    suffix = path.suffix.lower()
    if kind:
        return kind_named(kind) == "script"
    if suffix in PAPERS or guessed_kind(path.name) != "note":
        return suffix in SCRIPTS
    if suffix not in (".txt", ".pdf"):
        return True  # the script's reader says best why it can not read it
    try:
        script = parse(path)
    except BadInput:
        return False
    return any(line.kind == "dialogue" for scene in script.scenes for line in scene.lines)


def paper_of(path: Path, kind: str = "") -> Paper:
    """The paper in a file. Raises NotFound or BadInput."""
    data = load_bytes(path)
    named: SourceKind | None = kind_named(kind) if kind else None
    if data.startswith(b"%PDF-"):
        from assistant.screenplay.pdf import pdf_lines

        rows = pdf_lines(data)
        return made(data, path.name, [text for _, text in rows], named, [page for page, _ in rows])
    return read_paper(data, path.name, named)


def read_in(state: RunState, runtime: Runtime[Context]) -> RunState:
    """Note the paper as a source and keep its passages."""
    context, path = runtime.context, Path(state["file"])
    context.progress(Event("read", 0, 1, path.name))
    paper = paper_of(path, state.get("kind", ""))
    context.sources.add(paper.sha256, paper.file, paper.kind)
    if context.sources.indexed_with(paper.sha256) != context.knowledge.fingerprint:
        context.sources.replace_passages(paper.sha256, paper.passages())
    context.progress(Event("read", 1, 1, paper.kind))
    return {"source": paper.sha256, "kind": paper.kind}


def index_it(state: RunState, runtime: Runtime[Context]) -> RunState:
    """Bring its passages into the index; it is served once all of them are in."""
    context = runtime.context
    context.knowledge.index(state["source"], None, lambda done, total: context.progress(Event("index", done, total)))
    return {}


def build_papers() -> "StateGraph[RunState, Context]":
    """File → passages → index. The caller compiles it with its checkpointer."""
    graph = StateGraph(RunState, context_schema=Context)
    graph.add_node("read", read_in)
    graph.add_node("index", index_it)
    graph.add_edge(START, "read")
    graph.add_edge("read", "index")
    graph.add_edge("index", END)
    return graph
