"""Bedrock's batch jobs: many questions in one file, answered within a day, at half the price.

A job's name and token, and the ids of its records, follow from what is asked. So a submission that was cut off in the
middle is found again by its name, or made again under the same token, and is never a second job.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, insert, select, update

from routers.bedrock import BedrockProvider, told
from routers.converse import arguments, model_id
from routers.deferred import Deferred, Late
from routers.errors import ProviderFault
from routers.tables import jobs, records
from routers.types import ModelRow

MOST = 10_000  # records in one job; a service quota allows 50,000
OVER = frozenset({"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"})
PROVIDER = "bedrock"


@dataclass(frozen=True, slots=True)
class Place:
    """Where jobs read and write: a bucket in the jobs' own Region, and the role that Bedrock takes on for it."""

    bucket: str  # {region} in it stands for the job's Region
    role: str
    prefix: str = "pa"
    hours: int = 24  # after which what is not answered is given up; 24 to 168
    minimum: int = 100  # records: fewer are refused, by a quota of the account and model
    kms_key: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as kept. state: prepared | submitted | closed; `status` is Bedrock's own word."""

    id: str
    batch: str
    model: str
    region: str
    state: str
    arn: str
    status: str
    message: str
    input: str
    output: str
    content: str
    records: int
    made: str


class Asked(NamedTuple):
    """A question and whose it is."""

    owner: str
    question: Deferred


class Jobs:
    """The jobs of one database."""

    def __init__(self, engine: Engine, wire: BedrockProvider, place: Place) -> None:
        self._engine = engine
        self._wire = wire
        self.place = place

    # What is kept

    def open(self, batch: str) -> list[Job]:
        """A batch's jobs that are not closed, oldest first."""
        return under_way(self._engine, batch)

    def attempts(self, batch: str) -> frozenset[str]:
        """Ledger rows that a job under way will close."""
        mine = select(jobs.c.id).where(jobs.c.batch == batch, jobs.c.state != "closed")
        with self._engine.connect() as db:
            return frozenset(db.scalars(select(records.c.attempt).where(records.c.job.in_(mine))))

    def owners(self, batch: str) -> frozenset[str]:
        """Whose questions are under way."""
        mine = select(jobs.c.id).where(jobs.c.batch == batch, jobs.c.state != "closed")
        with self._engine.connect() as db:
            return frozenset(db.scalars(select(records.c.owner).where(records.c.job.in_(mine)).distinct()))

    def prepare(self, batch: str, asked: Sequence[Asked]) -> Job:
        """Write a job down before anything leaves: all its questions are one model's, in one Region."""
        first = asked[0].question
        ids = sorted(one.question.id for one in asked)
        content = hashlib.sha256("|".join((first.row.id, first.region, *ids)).encode()).hexdigest()
        with self._engine.begin() as db:
            same = (jobs.c.content == content) & (jobs.c.state == "closed")
            times = db.scalar(select(func.count()).select_from(jobs).where(same)) or 0
            name = f"pa-{content[:40]}-{times}"
            folder = f"s3://{self._bucket(first.region)}/{self.place.prefix}/{name}"
            row = {"id": name, "batch": batch, "model": first.row.id, "region": first.region, "content": content}
            row |= {"state": "prepared", "arn": "", "status": "", "message": "", "made": datetime.now(UTC).isoformat()}
            row |= {"input": f"{folder}/questions.jsonl", "output": f"{folder}/answers/"}
            db.execute(insert(jobs).values({**row, "records": len(asked)}))
            db.execute(insert(records), [_record(name, one) for one in asked])
            return Job(**db.execute(select(jobs).where(jobs.c.id == name)).mappings().one())

    def close(self, job: Job) -> None:
        """All its answers are booked and kept: what lies in the bucket is deleted."""
        for key in [_key(job.input), *self._listed(job)]:
            self._wire.stored(job.region, "delete_object", Bucket=_bucket(job.input), Key=key)
        self._note(job, state="closed")

    def forget(self, job: Job) -> None:
        """A job that never was submitted: nothing of it stays."""
        with self._engine.begin() as db:
            db.execute(records.delete().where(records.c.job == job.id))
            db.execute(jobs.delete().where(jobs.c.id == job.id))

    # What is sent

    def submit(self, job: Job, asked: Sequence[Asked]) -> Job:
        """Put the questions in the bucket and have them answered. Raises ProviderFault."""
        bucket = _bucket(job.input)
        self._in_region(bucket, job.region)
        lines = "".join(json.dumps(line(one.question), ensure_ascii=False) + "\n" for one in asked)
        extra = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.place.kms_key} if self.place.kms_key else {}
        self._wire.stored(
            job.region, "put_object", Bucket=bucket, Key=_key(job.input), Body=lines.encode("utf-8"), **extra
        )
        target = {"s3Uri": job.output} | ({"s3EncryptionKeyId": self.place.kms_key} if self.place.kms_key else {})
        made = self._wire.control(
            job.region,
            "create_model_invocation_job",
            jobName=job.id,
            clientRequestToken=job.id,
            roleArn=self.place.role,
            modelId=model_id(asked[0].question.row),
            modelInvocationType="Converse",
            inputDataConfig={"s3InputDataConfig": {"s3Uri": job.input, "s3InputFormat": "JSONL"}},
            outputDataConfig={"s3OutputDataConfig": target},
            timeoutDurationInHours=self.place.hours,
        )
        return self._note(job, state="submitted", arn=str(made["jobArn"]), status="Submitted")

    def found(self, job: Job) -> Job | None:
        """A job that was prepared, if Bedrock knows it: then it was submitted after all."""
        said = self._wire.control(job.region, "list_model_invocation_jobs", nameContains=job.id)
        for one in said.get("invocationJobSummaries", []):
            if one["jobName"] == job.id:
                return self._note(job, state="submitted", arn=str(one["jobArn"]), status=str(one.get("status", "")))
        return None

    def look(self, job: Job) -> Job:
        """How it stands at Bedrock now."""
        said = self._wire.control(job.region, "get_model_invocation_job", jobIdentifier=job.arn)
        return self._note(job, status=str(said["status"]), message=str(said.get("message", ""))[:1000])

    # What comes back

    def answers(self, job: Job, row: ModelRow | None) -> dict[str, list[Late]]:
        """All records of a job that is over, by whose they are; each exactly once, joined by its id."""
        with self._engine.connect() as db:
            kept = {str(found["id"]): dict(found) for found in db.execute(_of(job)).mappings()}
        by_owner: dict[str, list[Late]] = {found["owner"]: [] for found in kept.values()}
        for said in self._lines(job):
            found = kept.pop(str(said.get("recordId")), None)
            if found is not None:  # twice, or nobody's: not ours to book
                by_owner[found["owner"]].append(_late(job, found, said, row))
        for found in kept.values():
            by_owner[found["owner"]].append(_missing(job, found))
        return by_owner

    def _lines(self, job: Job) -> Iterator[Mapping[str, Any]]:
        for key in self._listed(job):
            if not key.endswith(".jsonl.out"):
                continue
            got = self._wire.stored(job.region, "get_object", Bucket=_bucket(job.output), Key=key)
            for raw in got["Body"].iter_lines():
                try:
                    said = json.loads(raw)
                except ValueError:
                    continue  # a line that was cut off: its record counts as missing
                if isinstance(said, dict):
                    yield said

    def _listed(self, job: Job) -> list[str]:
        asked: dict[str, Any] = {"Bucket": _bucket(job.output), "Prefix": _key(job.output)}
        found: list[str] = []
        while True:
            page = self._wire.stored(job.region, "list_objects_v2", **asked)
            found += [str(one["Key"]) for one in page.get("Contents", [])]
            if not page.get("IsTruncated"):
                return found
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def _in_region(self, bucket: str, region: str) -> None:
        """Text is stored where it may be processed, and nowhere else."""
        said = self._wire.stored(region, "get_bucket_location", Bucket=bucket)
        where = said.get("LocationConstraint") or "us-east-1"
        if where != region:
            raise ProviderFault(
                "bad_request", f"bedrock: the bucket {bucket} lies in {where}, the job runs in {region}"
            )

    def _bucket(self, region: str) -> str:
        return self.place.bucket.replace("{region}", region)

    def _note(self, job: Job, **changes: str) -> Job:
        with self._engine.begin() as db:
            db.execute(update(jobs).where(jobs.c.id == job.id).values(changes))
            return Job(**db.execute(select(jobs).where(jobs.c.id == job.id)).mappings().one())


def under_way(engine: Engine, batch: str) -> list[Job]:
    """A batch's jobs that are not closed, oldest first."""
    query = select(jobs).where(jobs.c.batch == batch, jobs.c.state != "closed").order_by(jobs.c.made, jobs.c.id)
    with engine.connect() as db:
        return [Job(**row) for row in db.execute(query).mappings()]


def line(question: Deferred) -> dict[str, Any]:
    """A question as a line of the file. Jobs offer no tools, so a schema is asked for in words."""
    plain = ModelRow(question.row.id, question.row.wire, question.row.provider, (), json_mode="prompt")
    asked = arguments(plain, question.request)
    del asked["modelId"]
    return {"recordId": question.id, "modelInput": asked}


def _record(job: str, one: Asked) -> dict[str, str]:
    question = one.question
    return {"job": job, "id": question.id, "owner": one.owner, "attempt": question.attempt, "key": question.key}


def _of(job: Job) -> Any:
    return select(records).where(records.c.job == job.id).order_by(records.c.id)


def _late(job: Job, found: Mapping[str, Any], said: Mapping[str, Any], row: ModelRow | None) -> Late:
    body, head = said.get("modelOutput"), (found["attempt"], found["key"], job.model, job.region)
    if isinstance(body, dict) and row is not None:
        return Late(*head, raw=told(row, said.get("modelInput") or {}, body))
    error = said.get("error")
    code = error.get("errorCode", "unknown") if isinstance(error, dict) else "unknown"
    return Late(*head, problem=f"batch record: error {code}")


def _missing(job: Job, found: Mapping[str, Any]) -> Late:
    """A record without a line: not worked on before the end, or, in a job that ended whole, nobody knows."""
    charged = job.status == "Completed"
    why = f"not in the answers of a job that ended {job.status}"
    return Late(found["attempt"], found["key"], job.model, job.region, problem=why, charged=charged)


def _bucket(uri: str) -> str:
    return uri.removeprefix("s3://").partition("/")[0]


def _key(uri: str) -> str:
    return uri.removeprefix("s3://").partition("/")[2]
