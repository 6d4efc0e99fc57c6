"""What ends a run from outside leaves its order where cutout:collect finds it, and never orders it twice."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from cutout.core.model import JobState
from tests.headless.orders import EXPORTS, collect, counties, found, orders_sent, whole
from tests.headless.process import Headless, command, until
from tests.standin.client import Standin

SOON = 15.0  # seconds in which a run ends
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(headless: Headless, standin: Standin) -> Iterator[Start]:
    """Begins to order; what is still running is ended with the test. shell: what it is started by."""
    with ExitStack() as stack:

        def start(shell: tuple[str, ...] = (), **more: Any) -> subprocess.Popen[str]:
            ordering = command("koordinates", OUTPUT=headless.files, **counties(standin, **more))
            return stack.enter_context(headless.process([*shell, *ordering], {"CUTOUT_TOKEN": standin.key}))

        yield start


def states(headless: Headless) -> list[JobState]:
    """Of the jobs in the profile, newest first."""
    return [job.state for job in headless.jobs()]


def parts(headless: Headless) -> int:
    """Files of which a beginning is there."""
    return sum(path.stat().st_size > 0 for path in headless.files.rglob("*.part"))


def end_both(headless: Headless, one: subprocess.Popen[str], other: subprocess.Popen[str], state: str) -> None:
    """By SIGINT and by SIGTERM; each ends soon, and names its job."""
    one.send_signal(signal.SIGINT)
    other.send_signal(signal.SIGTERM)
    ended = [headless.end(run, seconds=SOON) for run in (one, other)]
    assert [(run.status, run.out) for run in ended] == [(1, ""), (1, "")]
    assert [list(run.left.values()) for run in ended] == [[state], [state]]
    assert {key for run in ended for key in run.left} == {job.key for job in headless.jobs()}
    assert all("Stopped." in run.err and "cutout:collect" in run.err for run in ended)


def collect_all(headless: Headless, standin: Standin) -> None:
    """One run finishes all jobs of the profile, and orders nothing."""
    standin.settings(polls=0)
    standin.storage_settings(rate=0)
    sent, keys = orders_sent(standin), [job.key for job in headless.jobs()]
    results = collect(headless, standin, ",".join(keys)).results
    assert results["STATE"].split(",") == ["done"] * len(keys), headless.jobs()
    assert len(results["LAYERS"]) >= len(keys) and all(map(found, results["LAYERS"]))
    assert all(whole(job.folder) for job in headless.jobs())
    assert orders_sent(standin) == sent == len(keys) == len(standin.exports())


def test_while_it_waits_for_the_service(headless: Headless, standin: Standin, start: Start) -> None:
    standin.settings(polls=1000)
    one, other = start(), start()
    until(lambda: [export["looks"] > 0 for export in standin.exports()] == [True, True], one)
    end_both(headless, one, other, "running")
    collect_all(headless, standin)


def test_in_the_middle_of_a_download(headless: Headless, site: Standin, start: Start) -> None:
    site.storage_settings(rate=8_000)
    one, other = start(ITEMS="layer:104,layer:105"), start(ITEMS="layer:105,layer:104")
    until(lambda: parts(headless) == 2, one)
    end_both(headless, one, other, "ready")
    assert parts(headless) == 2
    collect_all(headless, site)
    assert parts(headless) == 0
    assert len([one for one in site.requests("storage") if one.header("Range")]) == 2


def test_while_the_order_is_on_its_way(headless: Headless, standin: Standin, start: Start) -> None:
    standin.fault("slow", path=f"{EXPORTS}$", method="POST", count=2, seconds=5)
    one, other = start(), start()
    until(lambda: orders_sent(standin) == 2, one)
    assert standin.exports() == []
    end_both(headless, one, other, "queued")
    collect_all(headless, standin)


def test_before_anything_is_ordered(headless: Headless, standin: Standin, start: Start) -> None:
    standin.fault("slow", path=f"{EXPORTS}validate/", method="POST", seconds=5)
    run = start()
    until(lambda: any(one.path == f"{EXPORTS}validate/" for one in standin.requests("koordinates")), run)
    run.send_signal(signal.SIGTERM)
    ended = headless.end(run, seconds=SOON)
    assert (ended.status, ended.out) == (1, "") and "Stopped. Nothing was ordered." in ended.err
    assert headless.jobs() == [] and standin.exports() == []


def test_what_is_killed_is_collected_all_the_same(headless: Headless, standin: Standin, start: Start) -> None:
    """A run that waits, and one whose order is on its way."""
    standin.settings(polls=1000)
    waiting = start()
    until(lambda: states(headless) == [JobState.QUEUED], waiting)
    standin.fault("slow", path=f"{EXPORTS}$", method="POST", seconds=1)
    ordering = start(ITEMS="layer:102")
    until(lambda: orders_sent(standin) == 2, ordering)
    for run in (waiting, ordering):
        run.kill()
        run.communicate()
    assert states(headless)[0] is JobState.SUBMITTING
    until(lambda: len(standin.exports()) == 2)  # the service goes on without us
    collect_all(headless, standin)


def test_a_second_signal_does_not_wait_for_the_answer(headless: Headless, standin: Standin, start: Start) -> None:
    standin.fault("slow", path=f"{EXPORTS}$", method="POST", seconds=5)
    run = start()
    until(lambda: orders_sent(standin) == 1, run)
    run.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        run.wait(1)
    run.send_signal(signal.SIGTERM)
    out, err = run.communicate(timeout=3)
    assert run.returncode == -signal.SIGTERM and "Traceback" not in out + err
    assert states(headless) == [JobState.SUBMITTING] and standin.exports() == []
    until(standin.exports)  # or the next test would have it


def test_in_the_background_of_a_script_an_interrupt_is_not_for_it(
    headless: Headless, standin: Standin, start: Start
) -> None:
    """There the shell has it ignore Ctrl+C."""
    standin.settings(polls=1000)
    run = start(shell=("sh", "-c", 'trap "" INT; exec "$@"', "sh"))
    until(lambda: states(headless) == [JobState.QUEUED], run)
    run.send_signal(signal.SIGINT)
    until(lambda: standin.exports()[0]["looks"] > 0, run)
    run.send_signal(signal.SIGTERM)
    assert list(headless.end(run, seconds=SOON).left.values()) == ["running"]
