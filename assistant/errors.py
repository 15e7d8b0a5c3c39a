"""Every failure a user can act on, with its exit code and a hint.

AssistantError
├── BadInput           10  the file handed over can not be read as what it claims to be
├── NotFound           11  a scene, draft, character or production that is not there
├── SettingsError      12  production.toml, a flag or the environment is wrong
├── Unusable           15  every model's answer failed verification
├── Infeasible         16  the rules can not hold together
└── DecisionNeeded     17  a person has to decide first

Exit codes 13 (no eligible model) and 14 (budget) belong to `routers.errors`; 2 is usage, 130 interrupted, 1 our bug.
"""

from typing import ClassVar


class AssistantError(Exception):
    """Root of everything the boundary prints as one sentence and a hint."""

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class BadInput(AssistantError):
    """A file is empty, binary, too large, encrypted, scanned, or not a screenplay."""

    exit_code = 10


class NotFound(AssistantError):
    """Something was named that this production does not have."""

    exit_code = 11


class SettingsError(AssistantError):
    """A setting is unknown, contradictory or of the wrong kind."""

    exit_code = 12


class Unusable(AssistantError):
    """No model gave an answer that stands verification."""

    exit_code = 15


class Infeasible(AssistantError):
    """No schedule keeps all the rules; the message names the ones that clash."""

    exit_code = 16


class DecisionNeeded(AssistantError):
    """The run waits for a person; nothing was accepted on its own."""

    exit_code = 17
