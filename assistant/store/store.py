"""One production's facts. Writes are single transactions; what a person decided is laid over what was proposed."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.domain.breakdown import Breakdown, CastMember, Element, MergeProposal, SceneBreakdown
from assistant.domain.review import Aside
from assistant.domain.screenplay import Scene, Screenplay
from assistant.errors import NotFound
from assistant.store import schema
from assistant.store.codec import dump, load, without
from assistant.store.merged import joined
from assistant.store.records import Draft, Overlay, Result
from routers.patience import patiently


def utc_now() -> datetime:
    """The clock used when none is passed in."""
    return datetime.now(UTC)


class Store:
    """All reads and writes of one production. Safe from several processes at once."""

    def __init__(self, engine: Engine, production: str, now: Callable[[], datetime] = utc_now) -> None:
        self.engine = engine
        self.production = production
        self.now = now

    def stamp(self) -> str:
        """The present moment, ISO 8601 in UTC."""
        return self.now().isoformat(timespec="seconds")

    def open_production(self, title: str) -> None:
        """Make the production's row unless it is there."""
        with self.engine.begin() as db:
            known = db.scalar(select(schema.production.c.id).where(schema.production.c.id == self.production))
            if known is None:
                row = {"id": self.production, "title": title, "created": self.stamp()}
                db.execute(insert(schema.production).values(row))

    # Drafts

    def add_draft(self, script: Screenplay, file: str) -> Draft:
        """Store a script as the next draft; the same bytes again give the draft that is already there."""
        for _ in range(20):
            known = self.draft_by_sha(script.sha256)
            if known:
                return known
            try:
                with self.engine.begin() as db:
                    self._insert_draft(db, script, file)
            except IntegrityError:  # another process took this number or stored the same file: look again
                continue
        raise AssertionError("a draft number could not be taken")

    def _insert_draft(self, db: Connection, script: Screenplay, file: str) -> None:
        top = db.scalar(select(func.max(schema.draft.c.seq)).where(schema.draft.c.production == self.production))
        seq = int(top or 0) + 1
        row = {
            "production": self.production,
            "seq": seq,
            "sha256": script.sha256,
            "file": file,
            "title": script.title,
            "label": script.draft,
            "head": dump(without(script, "scenes")),
            "created": self.stamp(),
        }
        db.execute(insert(schema.draft).values(row))
        db.execute(
            insert(schema.scene),
            [
                {
                    "production": self.production,
                    "draft": seq,
                    "ordinal": scene.ordinal,
                    "number": scene.number,
                    "content_hash": scene.content_hash,
                    "body": dump(scene),
                    "eighths_override": None,
                }
                for scene in script.scenes
            ],
        )

    def drafts(self) -> list[Draft]:
        """All drafts, oldest first."""
        table = schema.draft
        query = select(table).where(table.c.production == self.production).order_by(table.c.seq)
        with self.engine.connect() as db:
            return [_draft(row) for row in db.execute(query).mappings()]

    def draft_by_sha(self, sha256: str) -> Draft | None:
        """The draft read from these very bytes, if any."""
        table = schema.draft
        query = select(table).where(table.c.production == self.production, table.c.sha256 == sha256)
        with self.engine.connect() as db:
            row = db.execute(query).mappings().first()
        return _draft(row) if row else None

    def current_draft(self) -> Draft:
        """The newest draft. Raises NotFound in an empty production."""
        drafts = self.drafts()
        if not drafts:
            raise NotFound("No script has been read into this production yet.", "Hand one over: `pa ingest FILE`.")
        return drafts[-1]

    def screenplay(self, seq: int) -> Screenplay:
        """A draft as it was read, with eighths that a person has overridden since."""
        with self.engine.connect() as db:
            head = db.scalar(
                select(schema.draft.c.head).where(
                    schema.draft.c.production == self.production, schema.draft.c.seq == seq
                )
            )
            if head is None:
                raise NotFound(f"There is no draft {seq}.", "`pa drafts` lists them.")
            table = schema.scene
            rows = db.execute(
                select(table.c.body, table.c.eighths_override)
                .where(table.c.production == self.production, table.c.draft == seq)
                .order_by(table.c.ordinal)
            ).all()
        scenes = tuple(_scene(body, override) for body, override in rows)
        return dataclasses.replace(load(Screenplay, head), scenes=scenes)

    def override_eighths(self, seq: int, ordinal: int, eighths: int | None) -> None:
        """Set a scene's length by hand, or give it back to the parser with None."""
        table = schema.scene
        with self.engine.begin() as db:
            done = db.execute(
                update(table)
                .where(table.c.production == self.production, table.c.draft == seq, table.c.ordinal == ordinal)
                .values(eighths_override=eighths)
            )
        if done.rowcount == 0:
            raise NotFound(f"Draft {seq} has no scene {ordinal}.", "`pa scenes` lists them.")

    # The result ledger

    def results(self, keys: Sequence[str]) -> dict[str, Result]:
        """The answers already in hand for these keys."""
        table = schema.result
        found: dict[str, Result] = {}
        with self.engine.connect() as db:
            for start in range(0, len(keys), 500):
                query = select(table).where(
                    table.c.production == self.production, table.c.key.in_(keys[start : start + 500])
                )
                for row in db.execute(query).mappings():
                    found[row["key"]] = Result(row["key"], row["task"], row["body"], row["model"], row["attempt"])
        return found

    def keep_results(self, results: Iterable[Result]) -> None:
        """Keep finished answers; a key that is there already stays as it is."""
        for result in results:
            patiently(lambda result=result: self._keep(result))  # type: ignore[misc]

    def _keep(self, result: Result) -> None:
        row = {"production": self.production, "created": self.stamp(), **dataclasses.asdict(result)}
        try:
            with self.engine.begin() as db:
                db.execute(insert(schema.result).values(row))
        except IntegrityError:  # another process finished the same scene first, or this one did before the server went
            return

    # The breakdown

    def save_breakdown(self, seq: int, breakdown: Breakdown, aside: Sequence[Aside] = ()) -> None:
        """Put a draft's proposals in place of the ones before, in one transaction. Decisions are not touched."""
        key = {"production": self.production, "draft": seq}
        elements = [self._element_row(seq, item, position) for position, item in enumerate(breakdown.elements)]
        members = [
            {**key, "id": item.id, "name": item.name, "body": dump(item), "position": position}
            for position, item in enumerate(breakdown.cast)
        ]
        merges = [{**key, "position": n, "body": dump(item)} for n, item in enumerate(breakdown.merges)]
        asides = [{**key, "position": n, "body": dump(item)} for n, item in enumerate(aside)]
        with self.engine.begin() as db:
            for table, rows in (
                (schema.element, elements),
                (schema.cast_member, members),
                (schema.merge, merges),
                (schema.aside, asides),
            ):
                db.execute(delete(table).where(table.c.production == self.production, table.c.draft == seq))
                if rows:
                    db.execute(insert(table), rows)

    def breakdown(self, seq: int, decided: bool = True) -> Breakdown:
        """The draft's breakdown with decisions laid over it, or as it was proposed; empty scenes are there too."""
        with self.engine.connect() as db:
            elements = [load(Element, body) for body in self._bodies(db, schema.element, seq)]
            cast = tuple(load(CastMember, body) for body in self._bodies(db, schema.cast_member, seq))
            merges = tuple(load(MergeProposal, body) for body in self._bodies(db, schema.merge, seq))
            ordinals = db.scalars(
                select(schema.scene.c.ordinal)
                .where(schema.scene.c.production == self.production, schema.scene.c.draft == seq)
                .order_by(schema.scene.c.ordinal)
            ).all()
        overlay = self.overlay() if decided else Overlay({})
        by_scene: dict[int, list[Element]] = {ordinal: [] for ordinal in ordinals}
        for element in elements:
            by_scene.setdefault(element.scene, []).append(overlay.apply(element))
        scenes = tuple(SceneBreakdown(ordinal, tuple(items)) for ordinal, items in by_scene.items())
        return joined(Breakdown(scenes, cast, merges), overlay.decisions)

    def add_elements(self, seq: int, elements: Sequence[Element]) -> None:
        """Put elements beside the ones a draft has; an id that is there already stays as it is."""
        table = schema.element
        mine = (table.c.production == self.production) & (table.c.draft == seq)
        with self.engine.begin() as db:
            known = set(db.scalars(select(table.c.id).where(mine)))
            last = db.scalar(select(func.max(table.c.position)).where(mine))
            start = 0 if last is None else int(last) + 1
            rows = [item for item in elements if item.id not in known]
            if rows:
                db.execute(insert(table), [self._element_row(seq, item, start + n) for n, item in enumerate(rows)])

    def _element_row(self, seq: int, item: Element, position: int) -> dict[str, Any]:
        key = {"production": self.production, "draft": seq, "id": item.id, "ordinal": item.scene}
        return key | {"category": item.category.value, "name": item.name, "body": dump(item), "position": position}

    def aside(self, seq: int) -> list[Aside]:
        """What was decided on the draft before and has no place in this one."""
        with self.engine.connect() as db:
            return [load(Aside, body) for body in self._bodies(db, schema.aside, seq)]

    def _bodies(self, db: Connection, table: Any, seq: int) -> Sequence[Any]:
        query = select(table.c.body).where(table.c.production == self.production, table.c.draft == seq)
        return db.scalars(query.order_by(table.c.position)).all()

    def cast_ids(self) -> dict[str, str]:
        """Name → board number as the newest draft that has a cast list gave them."""
        table = schema.cast_member
        query = select(table.c.name, table.c.id).where(table.c.production == self.production).order_by(table.c.draft)
        with self.engine.connect() as db:
            return {name: identity for name, identity in db.execute(query)}

    def overlay(self) -> Overlay:
        """What people decided, newest word per subject; what was undone is not in it."""
        table = schema.decision
        query = select(table).where(table.c.production == self.production).order_by(table.c.id)
        with self.engine.connect() as db:
            newest = {row["subject"]: (row["action"], row["change"]) for row in db.execute(query).mappings()}
        return Overlay({subject: word for subject, word in newest.items() if word[0] != "undo"})


def _draft(row: Any) -> Draft:
    return Draft(row["seq"], row["sha256"], row["file"], row["title"], row["label"], row["created"])


def _scene(body: Any, override: int | None) -> Scene:
    scene = load(Scene, body)
    if override is None:
        return scene
    return dataclasses.replace(scene, eighths=override, eighths_source="override")
