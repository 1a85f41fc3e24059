"""The product's settings for tests inside one process: nothing outside, nothing slow.

Real processes (tests/support) use ``bookingapp.settings`` with an environment of their own.
"""

import atexit
import os
import shutil
import tempfile

# Before the settings are read: no test may see, or write into, somebody's real data folder.
_data_dir = tempfile.mkdtemp(prefix="desk-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
for _name in (
    *("DATABASE_URL", "BROKER_URL", "CACHE_URL", "SECRET_KEY", "TOKEN_KEYS", "ALLOWED_HOSTS"),
    *("CONNECT_PLAIN_HOSTS", "CONNECT_PRIVATE_NETWORKS", "SETUP_CODE", "PRACTICE", "PRACTICE_FILE"),
    *("EMAIL_URL", "EMAIL_HOST", "EMAIL_FROM"),
    *("STATIC_ROOT", "VALKEY_SOCKET", "DESK_LANGUAGE", "DEBUG", "BEHIND_PROXY", "SIGN_IN_FAILURES"),
):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = _data_dir
os.environ["HTTPS"] = "off"

from bookingapp.settings import *  # noqa: E402, F403

# A file, as in production: in memory all threads of a live server would share one connection, and
# a page that polls while the test writes finds its tables locked.
DATABASES["default"]["TEST"] = {"NAME": f"{_data_dir}/tests.sqlite3"}  # noqa: F405
_options = DATABASES["default"]["OPTIONS"]  # noqa: F405
# No test survives a power cut.
_options["init_command"] = _options["init_command"].replace("=FULL", "=OFF")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nudges go nowhere: tests look at rows, and call the sweep themselves.
BROKER_URL = CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
# No thread of a call that has ended writes into the next test.
TALLY_SECONDS = 0
