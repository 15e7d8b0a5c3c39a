"""An answer about a production: claims, and for each the words of the material that bear it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Verdict = Literal["supported", "contradicted", "not in the material"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of the material and where they stand. `scene` is the scene's label, or the heading of a paper's section."""

    source: str  # sha-256 of the file
    file: str
    scene: str
    line: int
    quote: str

    @property
    def place(self) -> str:
        """Where a person finds it: "Sc. 12, l. 340", "bible.md, l. 7"; line 0 is a row of the tables."""
        if not self.line:
            return f"Sc. {self.scene}, tables" if self.scene else "tables"
        return f"Sc. {self.scene}, l. {self.line}" if self.scene else f"{self.file}, l. {self.line}"


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement. It stands only while each of its citations stands in the material."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown to a person: verified claims alone. `nearest` is what a refusal offers instead."""

    question: str
    claims: tuple[Claim, ...]
    refused: bool = False
    why: str = ""  # a refusal's reason, or what the answer leaves open
    nearest: tuple[Citation, ...] = ()
    cut: int = 0  # claims that were taken out because they did not stand
    language: str = "en"
    model: str = ""
    cost_usd: Decimal = Decimal(0)
    trace: str = ""  # the attempt that answered
    steps: tuple[str, ...] = ()  # how the question was taken, for `/why`

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, in the order of the claims; a citation's number is its place here, from 1."""
        return tuple(dict.fromkeys(citation for claim in self.claims for citation in claim.citations))

    @property
    def text(self) -> str:
        """The claims as one text; the reason, when there are none."""
        return "\n".join(claim.text for claim in self.claims) if self.claims else self.why


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement of an audited text, and what the material says to it."""

    text: str
    verdict: Verdict
    why: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Portrait:
    """How much a role speaks and how it is introduced, for a person to look at."""

    name: str
    speeches: int
    words: int
    share: float  # of all words spoken
    described: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """A text checked statement by statement."""

    findings: tuple[Finding, ...]
    people: tuple[Portrait, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many statements got this verdict."""
        return sum(1 for item in self.findings if item.verdict == verdict)
