import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Clinic",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("is_practice", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_practice", True)),
                        fields=("is_practice",),
                        name="clinic_one_practice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="clinic_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("username", models.CharField(max_length=150, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("prescriber", "Prescriber"),
                            ("nurse", "Nurse"),
                            ("custodian", "Drug custodian"),
                            ("front_desk", "Front desk"),
                            ("director", "Medical director"),
                            ("researcher", "Researcher"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=32,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="accounts.clinic",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "staff",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "prescriber",
                                    "nurse",
                                    "custodian",
                                    "front_desk",
                                    "director",
                                    "researcher",
                                    "auditor",
                                ],
                            )
                        ),
                        name="staff_known_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("username", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                        ),
                        name="staff_has_names",
                    ),
                ],
            },
        ),
    ]
