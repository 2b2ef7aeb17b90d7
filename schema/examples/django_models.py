"""Enqueue products and read results with Django: python3 django_models.py DATABASE"""

import pathlib
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": pathlib.Path(sys.argv[1]).absolute().as_uri() + "?mode=rw",
            "OPTIONS": {
                "uri": True,
                "timeout": 5,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL",
            },
        }
    }
)
django.setup()

from django.db import models  # noqa: E402


class Model(models.Model):
    class Meta:
        abstract = True
        app_label = "asinqd"
        # asinqd creates the tables; migrations do not change them.
        managed = False


class Inbox(Model):
    # A view has no key, but Django requires one. Use create() and bulk_create(), which only insert.
    product = models.TextField(primary_key=True)
    endpoint = models.TextField()
    account = models.TextField(null=True)
    priority = models.IntegerField(null=True)
    label = models.TextField(null=True)
    not_before = models.BigIntegerField(null=True)
    pages = models.IntegerField(null=True)
    then_lookup = models.BigIntegerField(null=True)

    class Meta(Model.Meta):
        db_table = "inbox"


class Job(Model):
    id = models.BigAutoField(primary_key=True)
    endpoint = models.TextField()
    product = models.TextField()
    state = models.TextField()
    priority = models.IntegerField()
    label = models.TextField(null=True)

    class Meta(Model.Meta):
        db_table = "queue"


class Rejected(Model):
    id = models.BigAutoField(primary_key=True)
    endpoint = models.TextField(null=True)
    product = models.TextField(null=True)
    reason = models.TextField()
    at = models.BigIntegerField()

    class Meta(Model.Meta):
        db_table = "rejected"


class Result(Model):
    revision = models.BigAutoField(primary_key=True)
    endpoint = models.TextField()
    product = models.TextField()
    found = models.BooleanField()
    body = models.JSONField(null=True)

    class Meta(Model.Meta):
        db_table = "result"


Inbox.objects.create(endpoint="images", product="B0086FFHLS", label="spring")
Inbox.objects.bulk_create(
    Inbox(endpoint="images", product=product, label="spring")
    for product in ["b00nnumi86", "B0086FFHLS", "b00-oops"]
)

for job in Job.objects.order_by("id"):
    print(job.endpoint, job.product, job.state, job.priority, job.label)
for row in Rejected.objects.order_by("id"):
    print(row.product, row.reason)
for result in Result.objects.filter(endpoint="images", found=True).order_by("revision"):
    print(result.revision, result.product, result.body["title"])
