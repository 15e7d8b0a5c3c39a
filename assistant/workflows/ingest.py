"""Read a script, store it as a draft, bring it into the index. Each step can be done again without harm."""

from pathlib import Path

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from assistant.knowledge import script_passages
from assistant.screenplay import parse
from assistant.workflows.state import Context, Event, RunState


def read(state: RunState, runtime: Runtime[Context]) -> RunState:
    """Parse the file and store the draft, unless these bytes are stored already or a stored draft is named."""
    context, path = runtime.context, Path(state["file"])
    if "draft" in state:
        script = context.store.screenplay(state["draft"])
        context.sources.add(script.sha256, path.name, "script", state["draft"])
        return {}
    context.progress(Event("read", 0, 1, path.name))
    script = parse(path)
    draft = context.store.add_draft(script, path.name)
    context.sources.add(script.sha256, path.name, "script", draft.seq)
    context.progress(Event("read", 1, 1, f"{len(script.scenes)} scenes"))
    return {"draft": draft.seq}


def index(state: RunState, runtime: Runtime[Context]) -> RunState:
    """Cut the draft into passages and index them, unless they are in already."""
    context = runtime.context
    script = context.store.screenplay(state["draft"])
    passages = script_passages(script, Path(state["file"]).name, state["draft"])
    context.knowledge.index(script.sha256, passages, lambda done, total: context.progress(Event("index", done, total)))
    return {}


def add_ingest_nodes(graph: "StateGraph[RunState, Context]") -> None:
    """The two steps every run that is handed a file begins with."""
    graph.add_node("read", read)
    graph.add_node("index", index)
    graph.add_edge(START, "read")
    graph.add_edge("read", "index")


def build_ingest() -> "StateGraph[RunState, Context]":
    """File → draft → index. The caller compiles it with its checkpointer."""
    graph = StateGraph(RunState, context_schema=Context)
    add_ingest_nodes(graph)
    graph.add_edge("index", END)
    return graph
