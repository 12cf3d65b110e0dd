"""One bureau with something behind every address of the product, and the people who may knock."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver

from apps.accounts.enums import Role
from apps.files.actions import store_file
from apps.plans.enums import StatementNumber
from apps.plans.models import Statement, Target
from apps.progress.models import Evidence
from apps.reminders.models import Notice
from apps.reminders.queries.links import cell_link
from tests.factories import AssignmentFactory, UserFactory
from tests.factories.outbox import MailFactory
from tests.progress.world import NOW, make_world

PICTURE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LEFT_OUT = {"admin"}  # whose every page has one answer, see `test_admin`


def names() -> set[str]:
    """Return the name of every address of the product."""
    return {name for name in _names(get_resolver(), "") if name.split(":")[0] not in LEFT_OUT}


def _names(resolver, prefix):
    for row in resolver.url_patterns:
        if isinstance(row, URLResolver):
            yield from _names(row, prefix + (f"{row.namespace}:" if row.namespace else ""))
        elif row.name:
            yield prefix + row.name


class House:
    """`people` by role; "nobody" holds none, and "other" holds those of another bureau."""

    def __init__(self):
        self.world = make_world()
        world = self.world
        self.people = {role.value: person for role, person in world.people.items()}
        self.people["nobody"] = UserFactory()
        self.people["other"] = UserFactory()
        other = make_world(districts=1)
        for role in Role:
            if role not in (Role.ADMIN, Role.FINANCE):
                unit = other.division if role in (Role.REPORTER, Role.HEAD) else other.bureau
                AssignmentFactory(user=self.people["other"], role=role, unit=unit)
        self.entry = world.cells()[0]
        self.waiting = world.submit([None, (9, 10)])[0]
        Statement.objects.create(
            bureau=world.bureau, year=2016, number=StatementNumber.SUMMARY, part=1, place=1, printed_total=1
        )
        file = store_file(content=ContentFile(PICTURE, name="台账.pdf"), name="台账.pdf", person=world.reporter, at=NOW)
        self.evidence = Evidence.objects.create(
            entry=self.entry, file=file, number=1, name="台账.pdf", added_by=world.reporter, added_at=NOW
        )
        self.target = Target.objects.get(indicator=world.indicator)
        self.target.file = file
        self.target.save()
        self.mail = MailFactory(state="failed", recipient=world.reporter.email)
        Notice.objects.create(
            person=world.reporter,
            obligation=f"entry:{self.entry.pk}",
            stage="due-1",
            batch=UUID(int=1),
            mail=self.mail,
            line="荔湾",
            told_at=NOW,
        )

    def words(self) -> dict[str, object]:
        """Return what stands in the addresses, by the name of the part."""
        return {
            "plan_id": self.world.version.plan_id,
            "indicator_id": self.world.indicator.pk,
            "round_id": self.entry.round_id,
            "measure_id": self.entry.measure_id,
            "entry_id": self.entry.pk,
            "evidence_id": self.evidence.pk,
            "target_id": self.target.pk,
            "mail_id": self.mail.pk,
            "year": 2016,
            "token": cell_link(self.entry.pk, self.world.reporter.pk).split("/")[-2],
        }
