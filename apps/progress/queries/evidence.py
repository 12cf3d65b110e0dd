"""Files behind figures: how they are numbered, what was noticed of them, and which are asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, Max, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.calculation.residents import ResidentNumbers
from apps.files.enums import FileType
from apps.plans.models import IndicatorTerms, Plan
from apps.progress.models import Entry, Evidence, Revision
from apps.ui import formats

DUPLICATE: Final = "duplicate"
PERSONAL: Final = "personal"
AFTER_REVIEW: Final = "after_review"
PICTURES: Final = (FileType.PNG, FileType.JPEG)
SHOWN_IN_PLACE: Final = (*PICTURES, FileType.PDF)
MOST_ORIGINALS: Final = 3


@dataclass(frozen=True, slots=True)
class EvidenceFinding:
    """Something that was noticed when a file came: code and sentence. `is_grave` is for what a reviewer should look at."""

    code: str
    sentence: str

    @property
    def is_grave(self) -> bool:
        """Tell whether it asks for a second look; more files after a review are only said."""
        return self.code != AFTER_REVIEW


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A file behind an entry as lists show it: its number in full, and what was noticed."""

    row: Evidence
    reference: str
    findings: list[EvidenceFinding]

    @property
    def is_in_force(self) -> bool:
        """Tell whether it was neither replaced nor set aside."""
        return self.row.superseded_at is None

    @property
    def is_picture(self) -> bool:
        """Tell whether a page can show it as a picture."""
        return self.row.file.content_type in PICTURES

    @property
    def is_shown(self) -> bool:
        """Tell whether a browser can show it in place."""
        return self.row.file.content_type in SHOWN_IN_PLACE

    @property
    def is_doubtful(self) -> bool:
        """Tell whether a reviewer should look at what was noticed."""
        return self.is_in_force and any(finding.is_grave for finding in self.findings)


def evidence_of(entries: Collection[Entry], viewer: User | None = None) -> dict[int, list[EvidenceLine]]:
    """Return the files behind the entries by the entry's id, in the order they were numbered; replaced ones too.

    An entry without files is not in the answer. A file elsewhere that is the same is only named to a viewer who may see it.
    One query, a second where there are such files.
    """
    rows = Evidence.objects.filter(entry__in=entries).with_reference()
    joined = rows.select_related("file", "measure", "added_by", "superseded_by", "successor")
    lines = defaultdict(list)
    for line in lines_of(list(joined.order_by("number", "pk")), viewer):
        lines[line.row.entry_id].append(line)
    return dict(lines)


def lines_of(rows: Collection[Evidence], viewer: User | None) -> list[EvidenceLine]:
    """Return files as lists show them, in the same order. They come `with_reference` and with `file` and `measure`.

    No query, or one where the same file is elsewhere.
    """
    originals = _originals(rows, viewer)
    return [EvidenceLine(row, reference_of(row), list(_told(row, originals))) for row in rows]


def reference_of(row: Evidence) -> str:
    """Return the number by which people cite a file: 佐证-项目-指标-序号, 佐证-127001-3-1-07.

    It is the same in every language. Money spent belongs to a project and no indicator; what no plan of the year asks for
    is cited by the code of its measure. The row comes `with_reference`.
    """
    number = f"{row.number:02}"
    if row.project_number is None:
        return f"佐证-{row.measure.code}-{number}"
    return f"佐证-{row.project_number}-{row.indicator_code or '执行'}-{number}"


def _originals(rows: Iterable[Evidence], viewer: User | None) -> dict[int, Evidence]:
    """Return the files that others are the same as, by id, as far as the viewer may see them. One query where there are any."""
    wanted = {pk for row in rows for finding in row.findings if finding["code"] == DUPLICATE for pk in _ids(finding)}
    if not wanted or viewer is None:
        return {}
    found = Evidence.objects.visible_to(viewer).filter(pk__in=wanted)
    return {row.pk: row for row in found.select_related("measure", "entry__round", "entry__member")}


def _ids(finding: dict[str, Any]) -> list[int]:
    return list(finding["evidence"])


def _told(row: Evidence, originals: dict[int, Evidence]) -> Iterator[EvidenceFinding]:
    for finding in row.findings:
        code = finding["code"]
        if code == PERSONAL:
            yield EvidenceFinding(code, personal_sentence(finding))
        elif code == AFTER_REVIEW:
            yield EvidenceFinding(code, _("审核后补充"))
        for pk in _ids(finding)[:MOST_ORIGINALS] if code == DUPLICATE else ():
            if pk in originals:
                yield EvidenceFinding(code, same_sentence(row, originals[pk]))


def same_sentence(row: Evidence, original: Evidence) -> str:
    """Return the sentence that says where the same file was brought before: another month, another district."""
    entry = original.entry
    words = {"round": entry.round, "member": entry.member, "name": original.name, "measure": original.measure}
    if original.measure_id == row.measure_id:
        return _("与 %(round)s %(member)s的“%(name)s”是同一个文件") % words
    return _("与“%(measure)s”%(round)s %(member)s的“%(name)s”是同一个文件") % words


def personal_sentence(finding: dict[str, Any]) -> str:
    """Return the sentence for numbers that name a resident, in the name of a file or in it."""
    numbers = ResidentNumbers(finding["identity_cards"], finding["mobile_phones"])
    words = {"numbers": numbers.sentence.in_language(get_language() or "zh-hans")}
    return _("文件名中有 %(numbers)s") % words if finding["where"] == "name" else _("内容中有 %(numbers)s") % words


def evidence_required(entries: Iterable[Entry]) -> dict[tuple[int, int], str]:
    """Return what the approved plans ask for as proof, by measure and fiscal year; what nothing is asked for is not in it.

    One query. `round` should be loaded.
    """
    keys = {(entry.measure_id, entry.round.fiscal_year) for entry in entries}
    measures, years = {measure for measure, _year in keys}, {year for _measure, year in keys}
    rows = IndicatorTerms.objects.filter(
        indicator__measure__in=measures, indicator__plan__year__in=years, version=F("indicator__plan__approved")
    ).exclude(evidence="")
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for measure, year, text in rows.order_by("indicator__plan__project__number", "position", "pk").values_list(
        "indicator__measure", "indicator__plan__year", "evidence"
    ):
        if text not in found[measure, year]:
            found[measure, year].append(text)
    return {key: formats.clauses(texts) for key, texts in found.items() if key in keys}


def is_evidence_required(user: User, year: int | None) -> bool:
    """Tell whether an approved plan of the year that the person may see asks for any proof; of any year for None. One query."""
    plans = Plan.objects.visible_to(user) if year is None else Plan.objects.visible_to(user).in_year(year)
    rows = IndicatorTerms.objects.filter(version=F("indicator__plan__approved"), indicator__plan__in=plans)
    return rows.exclude(evidence="").exists()


def letters(user: User) -> QuerySet[Revision, dict[str, Any]]:
    """Return the letters behind figures that were typed for others and that the person may see, the latest first.

    One row for a letter, an office, a measure and a round, as a dict: `revision` is one of its figures, by which it is
    downloaded, `cells` how many cells it filled. Earlier figures of a cell keep their letter in the list. One query.
    """
    rows = Revision.objects.filter(source__isnull=False, entry__in=Entry.objects.visible_to(user)).exclude(
        on_behalf_of=""
    )
    place = ("source_id", "source_name", "on_behalf_of", "entry__round_id", "entry__measure_id", "submitted_by__name")
    return (
        rows.order_by()
        .values(*place)
        .annotate(revision=Max("pk"), at=Max("submitted_at"), cells=Count("entry", distinct=True))
        .order_by("-at", "-revision")
    )
