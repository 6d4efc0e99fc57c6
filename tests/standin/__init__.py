"""Stand-ins of the services for trying Cutout and testing it without an account. Never part of the packaged plugin.

``python -m tests.standin`` starts them by hand, ``tests.standin.client.Standin`` from a test.

What every service shares has a module of its own and knows none of them: the clock, the journal of requests, the
faults to order, the object storage, the web server and the control endpoints under ``/_standin/``.
A service is a module with a Flask application (``koordinates.py``).
"""
