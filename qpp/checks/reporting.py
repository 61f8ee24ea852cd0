"""Collect findings; what a code means, how severe it is and its law are data."""

from dataclasses import dataclass, field

from qpp.checks.context import Context
from qpp.codes import Code
from qpp.finding_rules import FindingRules
from qpp.findings import Finding
from qpp.rulebook import Provision


@dataclass(slots=True)
class Report:
    """The findings of one document as they were met, and the law they rest on."""

    describe: FindingRules
    context: Context
    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: Code,
        pointer: str,
        found: str,
        needed: str,
        rule: Provision[object] | None = None,
    ) -> None:
        """Add one finding; *rule* is the provision it rests on, if one does.

        Raises:
            KeyError: the finding rules do not describe *code*.
        """
        described = self.describe[code]
        self.findings.append(
            Finding(
                pointer=pointer,
                code=code.value,
                severity=self.context.severities.get(code, described.severity),
                found=found,
                needed=needed,
                citation=described.citation if rule is None else rule.citation,
            )
        )
