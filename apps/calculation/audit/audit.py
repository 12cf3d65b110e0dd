"""The audit of a whole form."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.calculation.audit.assessment import Assessment
from apps.calculation.audit.budget import audit_budget
from apps.calculation.audit.findings import Finding
from apps.calculation.audit.lines import audit_line
from apps.calculation.audit.rules import Ground
from apps.calculation.audit.totals import audit_totals, recomputed_total
from apps.calculation.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found, in the order of the form: its lines, the budget row, the total.

    `recomputed_total` is what the form comes to by the rules, with a person's judgements as they stand; None where a
    line is missing or open. `scheme` is the one that was assumed.
    """

    findings: tuple[Finding, ...]
    recomputed_total: Decimal | None
    scheme: Scheme


def audit(assessment: Assessment, schemes: Sequence[Scheme]) -> Audit:
    """Return every line of a form whose score does not follow from a rule, and the total that does.

    `schemes` are those that may have been used, at least one, the likeliest first: assumed is the first of those whose
    weights fit the form best. A form without any score has nothing to audit. Figures of absurd size, which no form holds,
    raise `ArithmeticError`.
    """
    ground = Ground.of(assessment, schemes)
    if not assessment.has_scores:
        return Audit((), None, ground.scheme)
    checked = [audit_line(line, str(number), ground) for number, line in enumerate(assessment.lines, start=1)]
    if assessment.budget is not None:
        checked.append(audit_budget(assessment.budget, ground))
    findings = [finding for line in checked for finding in line.findings]
    return Audit((*findings, *audit_totals(assessment)), recomputed_total(assessment, checked), ground.scheme)
