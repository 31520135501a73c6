"""Let the database itself refuse to change the log."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from clinic.audit import guards


def install(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(install, elidable=False)]
