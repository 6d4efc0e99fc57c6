"""What a run is going to order, lot by lot: one, or one for each feature. Plain values, good in any thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qgis.PyQt.QtCore import QCoreApplication

from ..bridge.areas import from_document, resolve
from ..core.errors import AreaError, ExportError
from ..core.model import Delivery, ExportRequest, Job, JobState, Problem, Quote, about, new_job
from ..core.provider import Provider
from .areas import Place

if TYPE_CHECKING:
    from ..bridge.judging import Verdict
    from ..core.aoi import Area

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Lot:
    """An order to be. number: of the feature, from 1; 0 for the only one. problem: why it can't be ordered.

    notes: what was changed on the way from what was given to the area, a sentence each.
    """

    number: int
    request: ExportRequest
    notes: tuple[str, ...] = ()
    problem: str = ""

    def saying(self, text: str) -> Problem:
        """A sentence about it, with the number of its feature. A problem stays about what it is about."""
        words = translate("Toolbox", "Feature {number}: {text}").format(number=self.number, text=text)
        return Problem(words if self.number else text, about(text))

    def job(self, authcfg: str, delivery: Delivery, now: float) -> Job:
        """To be ordered; or a job that has failed already, so that it is in its place among the others."""
        job = new_job(self.request, now, authcfg, delivery)
        if not self.problem:
            return job
        return replace(job, state=JobState.FAILED, message=self.problem, due=None, finished=now)


@dataclass(frozen=True)
class Lots:
    """All lots of a run. km2: of the ground that they cover together, None where only the service knows it."""

    lots: tuple[Lot, ...]
    km2: float | None

    @property
    def usable(self) -> tuple[Lot, ...]:
        return tuple(lot for lot in self.lots if not lot.problem)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(lot.saying(Problem(lot.problem, "area")) for lot in self.lots if lot.problem)


def lots(service: type[Provider], places: Sequence[Place], request: ExportRequest) -> Lots:
    """request: what all have in common. Errors: AreaError for the only lot."""
    titles = [place.name or request.title or service.title for place in places]
    found, areas = [], []
    for place, title in zip(places, titles):
        if place.number and titles.count(title) > 1:
            title = f"{title} {place.number}"
        common = replace(request, title=title)
        area, problem = _area(place)
        if problem and not place.number:
            raise AreaError(problem)
        if area is None and not problem and (ground := service.extent(common)):
            areas.append(from_document(ground))
        elif area is not None:
            areas.append(area)
            common = replace(common, area=area.geojson)
        found.append(Lot(place.number, common, area.notes if area else (), problem))
    return Lots(tuple(found), _km2(areas))


def verdict(provider: Provider, lot: Lot) -> Verdict:
    """What the service says to it before anything is ordered; whatever goes wrong is among the problems."""
    from ..bridge.judging import Verdict, judged

    problems = tuple(provider.check(lot.request))
    if not problems:
        try:
            return judged(provider, lot.request, False)
        except ExportError as error:
            problems = (Problem(str(error), error.about),)
    return Verdict(lot.request, Quote(problems), (lot.request,))


def _area(place: Place) -> tuple[Area | None, str]:
    if place.source is None:
        return None, place.problem
    try:
        return resolve(place.source), ""
    except AreaError as error:
        return None, str(error)


def km2_of(jobs: Iterable[Job]) -> float | None:
    """The person's own ground that the jobs are for, None where only the services know it."""
    return _km2(from_document(job.request.area) for job in jobs if job.request.area is not None)


def _km2(areas: Iterable[Area]) -> float | None:
    """Of all together, each spot once."""
    from ..core.aoi import from_geometries

    shapes = [area.geometry for area in areas]
    return from_geometries(shapes, "EPSG:4326").km2 if shapes else None
