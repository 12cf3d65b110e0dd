"""One bureau with something behind every address of the product, and the people who may knock."""

from datetime import date
from uuid import UUID

from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver

from apps.accounts.enums import Role
from apps.documents.enums import ImportedState, ImportState
from apps.documents.models import ImportedPlan, PlanImport
from apps.files.actions import store_file
from apps.plans.enums import StatementNumber, VersionState
from apps.plans.models import Season, Statement, Target
from apps.progress.enums import UploadKind, UploadState
from apps.progress.models import Evidence, FigureUpload
from apps.reminders.models import Notice
from apps.reminders.queries.links import cell_link
from tests.documents.importing import imported_columns
from tests.factories import AssignmentFactory, PlanFactory, PlanVersionFactory, UserFactory
from tests.factories.outbox import MailFactory
from tests.progress.monitorings import make_monitorings
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
        file = store_file(content=ContentFile(PICTURE, name="台账.pdf"), name="台账.pdf", person=UserFactory(), at=NOW)
        self.world = make_world(file=file)
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
        self.letter = world.submit([None, None, (9, 10)], on_behalf_of="市公安局", source=file, source_name="来函.pdf")[
            0
        ]
        Statement.objects.create(
            bureau=world.bureau, year=2016, number=StatementNumber.SUMMARY, part=1, place=1, printed_total=1
        )
        self.evidence = Evidence.objects.create(
            entry=self.entry,
            measure=self.entry.measure,
            fiscal_year=2016,
            file=file,
            number=1,
            name="台账.pdf",
            added_by=world.reporter,
            added_at=NOW,
        )
        self.target = Target.objects.get(indicator=world.indicator)
        plan = PlanFactory(project=world.version.plan.project, year=2017)
        self.version = PlanVersionFactory(plan=plan, state=VersionState.DIVISION_REVIEW, approved_at=None, file=file)
        self.version.authors.add(world.reporter)
        self.membership = world.measure.memberships.order_by("pk")[0]
        self.season = Season.objects.create(
            bureau=world.bureau, name="学年", starts_on=date(2016, 9, 1), ends_on=date(2017, 8, 31)
        )
        self.imported = ImportedPlan.objects.create(
            plan_import=PlanImport.objects.create(
                bureau=world.bureau,
                file=file,
                name="目标表.xlsx",
                state=ImportState.READ,
                uploaded_by=self.people["officer"],
                uploaded_at=NOW,
            ),
            position=1,
            state=ImportedState.NEW,
            name="新项目",
            year=2016,
            printed={},
            **imported_columns(),
        )
        self.upload = FigureUpload.objects.create(
            kind=UploadKind.OWN,
            bureau=world.bureau,
            file=file,
            name="填报表.xlsx",
            state=UploadState.READ,
            annotated=file,
            uploaded_by=world.reporter,
            uploaded_at=NOW,
        )
        self.bulk = FigureUpload.objects.create(
            kind=UploadKind.BULK,
            bureau=world.bureau,
            file=file,
            name="历史数据.xlsx",
            state=UploadState.READ,
            document=file,
            document_name="来函.pdf",
            on_behalf_of="市公安局",
            uploaded_by=self.people["officer"],
            uploaded_at=NOW,
        )
        self.monitoring, self.submitted_monitoring = make_monitorings(world)
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
            "monitoring_id": self.monitoring.pk,
            "submitted_monitoring_id": self.submitted_monitoring.pk,
            "monitoring_round_id": self.monitoring.round_id,
            "monitoring_deed": "pass",
            "monitoring_round_deed": "close",
            "monitoring_place": "money",
            "indicator_id": self.world.indicator.pk,
            "round_id": self.entry.round_id,
            "measure_id": self.entry.measure_id,
            "entry_id": self.entry.pk,
            "evidence_id": self.evidence.pk,
            "letter_id": self.letter.pk,
            "target_id": self.target.pk,
            "upload_id": self.upload.pk,
            "bulk_id": self.bulk.pk,
            "bulk_part": "document",
            "version_id": self.version.pk,
            "waiting_plan_id": self.version.plan_id,
            "import_id": self.imported.plan_import_id,
            "position": self.imported.position,
            "code": "1-1",
            "layout": "goal_table",
            "mail_id": self.mail.pk,
            "dimension": "district",
            "member_id": self.membership.member_id,
            "membership_id": self.membership.pk,
            "project_id": self.world.version.plan.project_id,
            "season_id": self.season.pk,
            "deed": "up",
            "part": "indicators",
            "indicator_code": self.world.indicator.code,
            "measure_code": self.world.measure.code,
            "year": 2016,
            "token": cell_link(self.entry.pk, self.world.reporter.pk).split("/")[-2],
        }
