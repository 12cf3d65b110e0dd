"""A filled self-assessment, and what is wrong with it."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import BaseModel, BeforeValidator

from apps.api.queries import Rules
from apps.api.schemas.bodies import spoken
from apps.api.schemas.cells import plain
from apps.calculation.audit import Assessment, Audit, audit


class AuditBody(Schema):
    """One form, with the keys of a published table."""

    assessment: Annotated[Any, BeforeValidator(Assessment.from_data)]


class FindingAnswer(BaseModel):
    """One accusation; where a rule was broken, `message` names its scheme and others by which the score would be right."""

    line: str
    kind: str
    message: str


class AuditAnswer(BaseModel):
    """All accusations, and the total by the rules."""

    findings: list[FindingAnswer]
    recomputed_total: str | None

    @classmethod
    def of(cls, found: Audit) -> "AuditAnswer":
        findings = [
            FindingAnswer(line=one.line, kind=one.kind.value, message=spoken(one.sentence)) for one in found.findings
        ]
        return cls(findings=findings, recomputed_total=plain(found.recomputed_total))


def audited(assessment: Assessment, rules: Rules) -> AuditAnswer:
    """Return the audit of a form by the schemes that are known."""
    return AuditAnswer.of(audit(assessment, list(rules.schemes.values())))
