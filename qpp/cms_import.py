"""CMS's measures data of one year as a catalogue, with what could not be used."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from qpp.catalog_format import identified
from qpp.catalogue import Catalogue
from qpp.cms_benchmarks import read_benchmarks, read_exclusions
from qpp.cms_clusters import read_clusters
from qpp.cms_measures import read_measures
from qpp.cms_mvps import read_mvps
from qpp.cms_record import CmsError


class Imported(NamedTuple):
    """A catalogue, and one sentence for each thing left out or suspicious."""

    catalogue: Catalogue
    warnings: tuple[str, ...]


def import_catalogue(  # noqa: PLR0913 - one argument for each of CMS's files
    year: int,
    *,
    measures: object,
    benchmarks: object,
    exclusion_reasons: object,
    program_names: object,
    mvps: object = None,
    clusters: object = None,
    types_by_measure: Mapping[str, str],
    mock_methods: Collection[str] = (),
) -> Imported:
    """Turn CMS's parsed files (see ``cms_record.parse_json``) into a catalogue.

    *exclusion_reasons*, *mvps* and *clusters* are None where CMS has no such file.
    *types_by_measure* names the cost measures whose type a rule decides;
    *mock_methods* the collection types whose benchmarks of this year are stand-ins.

    Raises:
        CmsError: the files contradict themselves or lack what the law needs.
        CatalogueError: a name cannot be written, such as one with a separator.
    """
    warnings: list[str] = []
    known = read_measures(measures, types_by_measure)
    warnings += [
        f"the rules give a type to {name}, which is no cost measure of {year}"
        for name in sorted(set(types_by_measure) - set(known.cost))
    ]
    catalogue = Catalogue(
        id="",
        year=year,
        quality=MappingProxyType(known.quality),
        interoperability=MappingProxyType(known.interoperability),
        activities=MappingProxyType(known.activities),
        cost=MappingProxyType(known.cost),
        benchmarks=MappingProxyType(
            read_benchmarks(benchmarks, year, known, mock_methods, warnings)
        ),
        exclusion_reasons=MappingProxyType(
            read_exclusions(exclusion_reasons, year, known, warnings)
        ),
        programs=known.programs() | read_program_names(program_names),
        mvps=MappingProxyType(read_mvps(mvps, known, warnings)),
        clusters=read_clusters(clusters, known, warnings),
    )
    return Imported(identified(catalogue), tuple(warnings))


def read_program_names(names: object) -> frozenset[str]:
    """Read CMS's list of programs; an alias such as ``DEFAULT`` is none itself.

    Raises:
        CmsError: *names* is not an object.
    """
    if not isinstance(names, dict):
        message = "program-names: needs an object of names"
        raise CmsError(message)
    return frozenset(name for name, program in names.items() if name == program)
