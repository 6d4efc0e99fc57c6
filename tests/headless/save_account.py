"""Run by QGIS's Python: sets a master password in the profile and saves an account of a Koordinates site.

python save_account.py SERVER       CUTOUT_TOKEN and MASTER in the environment; prints the id of the auth config
"""

from __future__ import annotations

import os
import sys

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication

import tests  # noqa: F401 - loads the repository root as the package `cutout`
from cutout.bridge.accounts import Account, Accounts
from cutout.core.http import Secret

QCoreApplication.setOrganizationName("QGIS")
QCoreApplication.setApplicationName("QGIS3")
application = QgsApplication([], False)
application.initQgis()
if not application.authManager().setMasterPassword(os.environ["MASTER"], True):
    sys.exit("QGIS took no master password")
saved = Accounts().save(Account("koordinates", sys.argv[1]), Secret(password=os.environ["CUTOUT_TOKEN"]))
print(saved.authcfg)
application.exitQgis()
