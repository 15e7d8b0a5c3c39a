"""From a breakdown to a stripboard: the problem, the search, the judge, and why a board is as it is."""

from assistant.schedule.check import check
from assistant.schedule.dood import chart
from assistant.schedule.problem import problem_from
from assistant.schedule.production import rules_from, with_ages
from assistant.schedule.search import Stop
from assistant.schedule.solve import improve, resolve, solve

__all__ = ["Stop", "chart", "check", "improve", "problem_from", "resolve", "rules_from", "solve", "with_ages"]
