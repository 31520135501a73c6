import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("sequence", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("act", models.UUIDField(unique=True)),
                ("clinic", models.CharField(max_length=64, null=True)),
                ("actor", models.CharField(max_length=64, null=True)),
                ("actor_role", models.CharField(max_length=32, null=True)),
                ("kind", models.CharField(max_length=64)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("device", models.CharField(max_length=64)),
                ("reason", models.TextField(null=True)),
                ("payload", models.TextField()),
                ("payload_version", models.PositiveSmallIntegerField()),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["sequence"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sequence__gte", 1)), name="event_sequence_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("actor__isnull", True), ("actor_role__isnull", True)),
                            models.Q(("actor__isnull", False), ("actor_role__isnull", False)),
                            _connector="OR",
                        ),
                        name="event_actor_with_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(
                                django.db.models.functions.text.Length("hash"), 64
                            ),
                            django.db.models.lookups.Exact(
                                django.db.models.functions.text.Length("previous_hash"), 64
                            ),
                        ),
                        name="event_hashes_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), _negated=True),
                            models.Q(("device", ""), _negated=True),
                            models.Q(("payload", ""), _negated=True),
                        ),
                        name="event_says_what_and_where",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("payload_version__gte", 1)),
                        name="event_payload_version_from_one",
                    ),
                ],
            },
        ),
    ]
