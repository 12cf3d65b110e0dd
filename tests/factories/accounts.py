"""People and the tree of units they work in."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Unit, User

PASSWORD = "a-password-of-the-tests"


class UnitFactory(DjangoModelFactory):
    """A node of the tree: a root, or below the unit given as `parent`."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda number: f"U{number:05}")
    name = factory.Sequence(lambda number: f"单位{number}")
    kind = UnitKind.BUREAU

    @classmethod
    def _create(cls, model_class, *args, parent=None, **fields):
        if parent is None:
            return model_class.objects.add_root(fields)
        return model_class.objects.add_child(parent, fields)


class BureauFactory(UnitFactory):
    """A bureau."""

    kind = UnitKind.BUREAU


class DivisionFactory(UnitFactory):
    """A division, below the bureau given as `parent` or one of its own."""

    kind = UnitKind.DIVISION

    @classmethod
    def _create(cls, model_class, *args, parent=None, **fields):
        return super()._create(model_class, *args, parent=parent or BureauFactory(), **fields)


class UserFactory(DjangoModelFactory):
    """A person who can sign in with `PASSWORD`; `role` and `unit` give an assignment along."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    name = factory.Sequence(lambda number: f"测试员{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.test")

    @classmethod
    def _create(cls, model_class, *args, role=None, unit=None, password=PASSWORD, **fields):
        user = model_class.objects.create_user(password=password, **fields)
        if role is not None:
            AssignmentFactory(user=user, role=role, **({"unit": unit} if unit else {}))
        return user


class AssignmentFactory(DjangoModelFactory):
    """A role in a unit; an auditor's ends long after every test."""

    class Meta:
        model = Assignment

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(BureauFactory)
    role = Role.REPORTER
    ends_at = factory.LazyAttribute(lambda row: datetime(2100, 1, 1, tzinfo=UTC) if row.role == Role.AUDITOR else None)
