"""`pa models`, `route`, `costs`, `trace`, `egress`: which model, why, for how much, and what it was sent."""

from typing import Annotated, Any

import typer

from assistant.interfaces.cli.common import JsonOption, ProductionOption, open_app, print_json

TaskOption = Annotated[str, typer.Option("--task", "-t", help="breakdown, synopsis, schedule, continuity, chat …")]
PrecisionOption = Annotated[
    str | None,
    typer.Option("--precision", help="draft, standard or final. Default: the production's.", show_default=False),
]
NameArgument = Annotated[str, typer.Argument(help="A model's name as `pa models list` shows it.", show_default=False)]

models = typer.Typer(no_args_is_help=True, help="The models this production knows, and what is known of them.")
route = typer.Typer(no_args_is_help=True, help="How a model is chosen for a task.")


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.add_typer(models, name="models")
    cli.add_typer(route, name="route")
    cli.command("costs")(costs)
    cli.command("trace")(trace)
    cli.command("egress")(egress)


@route.command("explain")
def explain(
    task: TaskOption = "breakdown",
    precision: PrecisionOption = None,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who could take a task, who may not and under which rule, who is chosen, why, and for how much."""
    plan = open_app(production, {"production": {"precision": precision}}).llm.plan(task)
    if as_json:
        print_json({"schema": "pa.route/1", **plan.as_json()})
        return
    from assistant.interfaces.cli import render_routing

    render_routing.plan(plan.as_json())


@models.command("list")
def list_models(production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """All models with their provider, price, places and terms."""
    from routers.upkeep import as_json as facts

    rows = [facts(row) for row in open_app(production).router.registry.rows.values()]
    if as_json:
        print_json({"schema": "pa.models/1", "models": rows})
        return
    from assistant.interfaces.cli import render_routing

    render_routing.models(rows)


@models.command("rank")
def rank_models(
    task: TaskOption = "breakdown", production: ProductionOption = None, as_json: JsonOption = False
) -> None:
    """What models have shown at a task, in evals and in people's decisions; `*` is whom the router takes now."""
    from assistant.wiring import ranking

    app = open_app(production)
    rows = ranking(app.llm.plan(task), app.router.cards, app.folder)
    if as_json:
        print_json({"schema": "pa.models.rank/1", "task": task, "models": rows})
        return
    from assistant.interfaces.cli import render_routing

    render_routing.ranking(task, rows)


@models.command("show")
def show_model(name: NameArgument, production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """Everything known of one model."""
    from routers.upkeep import as_json as facts

    row = facts(open_app(production).router.registry[name])
    if as_json:
        print_json({"schema": "pa.model/1", **row})
        return
    from assistant.interfaces.cli import render_routing

    render_routing.facts(row)


@models.command("add")
def add_model(
    name: NameArgument,
    wire: Annotated[str, typer.Option(help="The name on the wire, e.g. openai/my-model.")],
    provider: Annotated[str, typer.Option(help="A provider of the registry.")] = "openai_compatible",
    base_url: Annotated[str, typer.Option(help="Where your own server answers.")] = "",
    region: Annotated[str, typer.Option(help="Where it is called and processed.")] = "here",
    price_in: Annotated[str, typer.Option(help="US dollars per million tokens in.")] = "0",
    price_out: Annotated[str, typer.Option(help="US dollars per million tokens out.")] = "0",
    window: Annotated[int, typer.Option(help="Tokens of context.")] = 32768,
    max_output: Annotated[int, typer.Option(help="Tokens of answer at most.")] = 4096,
    json_mode: Annotated[str, typer.Option(help="native, tool or prompt.")] = "prompt",
    tools: Annotated[bool, typer.Option("--tools", help="It can call tools, such as queries to the tables.")] = False,
    embedding: Annotated[bool, typer.Option("--embedding", help="It makes vectors for the search.")] = False,
    production: ProductionOption = None,
) -> None:
    """Add a model to this production, for example a server of your own; the row is checked before it is written."""
    abilities = ["json_schema", "streaming"] if json_mode != "prompt" else ["streaming"]
    layer: dict[str, Any] = {
        "wire": wire,
        "provider": provider,
        "calls": [region],
        "reaches": [region],
        "abilities": ["embedding"] if embedding else [*abilities, *(["tools"] if tools else [])],
        "json_mode": json_mode,
        "window": window,
        "max_output": max_output,
        "price": {"input": price_in, "output": price_out, "stated": "by hand"},
    }
    app = open_app(production)
    path = app.write_models({"models": {name: layer | ({"base_url": base_url} if base_url else {})}})
    typer.echo(f"Added {name} in {path}. Check it: pa models check", err=True)


@models.command("check")
def check_models(production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """Which models this production may use right now, the rule that stops each other one, what looks out of date."""
    from assistant.llm import EMBEDDING

    app = open_app(production)
    makes = {
        row.id: "vectors" if "embedding" in row.abilities else "answers" for row in app.router.registry.rows.values()
    }
    rows = [
        {"model": item["model"], "region": item["region"], "makes": made}
        | {"eligible": item["eligible"], "rules": item["rules"]}
        for task, made, chars in (("breakdown", "answers", 4000), (EMBEDDING, "vectors", 400))
        for item in app.llm.plan(task, chars, 1).as_json()["candidates"]
        if makes[item["model"]] == made
    ]
    if as_json:
        print_json({"schema": "pa.models.check/1", "models": rows, "doubts": app.audit_models()})
        return
    from assistant.interfaces.cli import render_routing

    render_routing.eligibility(rows)
    for doubt in app.audit_models():
        typer.echo(f"look at: {doubt}")


@models.command("sync")
def sync_models(
    provider: Annotated[str, typer.Argument(help="bedrock")],
    region: Annotated[str, typer.Option("--region", help="An AWS Region, e.g. eu-west-1.")],
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the account what it may use from a Region, where that runs, and what the account keeps; write the rows."""
    if provider != "bedrock":
        raise typer.BadParameter("only bedrock can be asked what it has")
    app = open_app(production)
    found = app.sync_bedrock(region)
    path = app.write_models(found.layer)
    if as_json:
        left_out = [{"model": name, "why": why} for name, why in found.left_out]
        print_json({"schema": "pa.sync/1", "rows": found.layer["models"], "left_out": left_out})
        return
    typer.echo(f"{region}: {len(found.layer['models'])} rows in {path}; {found.account.note}", err=True)
    for name, why in found.left_out:
        typer.echo(f"  left out {name}: {why}", err=True)


def costs(production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """What was spent, by task and model, and what is left under each cap."""
    app = open_app(production)
    rows, caps = app.spent()
    if as_json:
        print_json({"schema": "pa.costs/1", "spent": rows, "caps": caps})
        return
    from assistant.interfaces.cli import render_routing

    render_routing.costs(rows, caps)


def trace(
    identity: Annotated[str, typer.Argument(help="An attempt's id, as elements and answers carry it.")],
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every attempt of one call: model, region, policy, reason, tokens, cost, outcome."""
    from assistant.errors import NotFound

    rows = open_app(production).router.ledger.trace(identity)
    if not rows:
        raise NotFound(f"There is no attempt {identity}.", "`pa elements --json` shows each element's attempt.")
    if as_json:
        print_json({"schema": "pa.trace/1", "attempts": rows})
        return
    from assistant.interfaces.cli import render_routing

    render_routing.trace(rows)


def egress(production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """What left this machine: what kind of text, how much, to whom, where, under which rule."""
    app = open_app(production)
    rows = app.router.ledger.egress(app.store.production)
    if as_json:
        print_json({"schema": "pa.egress/1", "egress": rows})
        return
    from assistant.interfaces.cli import render_routing

    render_routing.egress(rows)
