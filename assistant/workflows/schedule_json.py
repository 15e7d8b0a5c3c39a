"""The public JSON of a board (`pa schedule --json`), schema pa.schedule/1."""

from typing import Any

from assistant.domain.schedule import Problem
from assistant.schedule import chart, check
from assistant.store.schedules import Board


def as_dict(problem: Problem, board: Board) -> dict[str, Any]:
    """Days with their strips, the day out of days, the price with its bound, and every rule broken."""
    strips = {strip.scene: strip for strip in problem.strips}
    verdict = check(problem, board.schedule)
    days = []
    for number, day in board.schedule.numbered:
        placed = [strips[scene] for scene in day.scenes if scene in strips]
        places = list(dict.fromkeys(strip.location for strip in placed))
        days.append(
            {
                "day": number,
                "date": day.date.isoformat(),
                "unit": day.unit,
                "location": " / ".join(places),
                "eighths": sum(strip.eighths for strip in placed),
                "strips": [strip.label for strip in placed],
            }
        )
    made = chart(problem, board.schedule)
    dood = [
        {"id": r.id, "name": r.name, "cells": list(r.cells), "work": r.work, "hold": r.hold, "total": r.total}
        for r in made.rows
    ]
    bound = board.facts["lower_bound"]
    gap = (verdict.cost - bound) / verdict.cost if verdict.cost else 0.0
    price = {"total": verdict.cost, "lower_bound": bound, "gap": round(gap, 4), "bound_how": board.facts["bound_how"]}
    rules = dict.fromkeys(line.rule for line in verdict.lines)
    return {
        "schema": "pa.schedule/1",
        "board": board.seq,
        "draft": board.draft,
        "days": days,
        "dates": [day.isoformat() for day in made.dates],
        "dood": dood,
        "cost": price | {"by_rule": {rule: verdict.of(rule) for rule in rules}},
        "violations": [
            {"rule": v.rule, "hard": v.hard, "where": v.where, "words": v.words} for v in verdict.violations
        ],
        "boneyard": [strips[scene].label for scene in board.schedule.boneyard if scene in strips],
        "infeasible": [],
    }
