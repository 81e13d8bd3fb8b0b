"""``python -m benchmarks``: measure, print a table, write JSON under ``benchmarks/results/``."""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.database import begin_anew, drop_own_database, use_own_database
from benchmarks.nation import make_counts, make_nation
from benchmarks.report import Row, show, write

CITY = ("bytes", "correction", "browser", "http")
ALONE = ("editions", "importing", "papers", "schematic", "nation-map")  # each in a database of its own
NATION = ("rebuild", "day", "nation-correction", "memory", "guards", "standings", "standings-stage")
DAYS = 400


@dataclass
class Results:
    rows: list[Row] = field(default_factory=list)
    not_measured: dict[str, str] = field(default_factory=dict)
    failed: bool = False

    def add(self, name: str, measure: Callable[[], list[Row]]) -> None:
        print(f"▸ {name} …", flush=True)
        try:
            rows = measure()
        except NotImplementedError as reason:
            self.not_measured[name] = str(reason)
            return
        except Exception as trouble:  # what was measured so far is not lost
            traceback.print_exc()
            self.not_measured[name] = f"it failed: {trouble}"
            self.failed = True
            return
        if not rows:
            self.not_measured[name] = "a tool it needs is missing"
        self.rows += rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=NATION + CITY + ALONE, help="one measurement; again for more"
    )
    parser.add_argument(
        "--rounds", type=int, default=7, help="rounds of each, the medians are shown (%(default)s)"
    )
    options = parser.parse_args()
    chosen = options.only or [*NATION, *CITY, *ALONE]
    results = Results()
    at = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))

    use_own_database()
    try:
        if set(chosen) & set(NATION):
            measure_nation(chosen, results, rounds=options.rounds)
            begin_anew()
        if set(chosen) & set(CITY):
            measure_city(chosen, results, rounds=options.rounds, at=at)
            begin_anew()
        for name in [name for name in ALONE if name in chosen]:
            results.add(name, lambda name=name: measure_alone(name, rounds=options.rounds, at=at))
            begin_anew()
    finally:
        drop_own_database()

    print()
    show(results.rows)
    for name, reason in results.not_measured.items():
        print(f"not measured: {name}: {reason}")
    print(f"\nwritten to {write(results.rows, results.not_measured, at=at)}")
    raise SystemExit(1 if results.failed else 0)


def measure_nation(chosen: list[str], results: Results, *, rounds: int) -> None:
    from django.db import connection

    from benchmarks.correction import measure_correction
    from benchmarks.guards import measure_guards
    from benchmarks.loading import at_noon, load_nation
    from benchmarks.memory import measure_memory
    from benchmarks.rebuild import measure_day, measure_rebuild, rebuild
    from benchmarks.shortlists import measure_shortlists
    from benchmarks.standings import make_campaigns, make_contest, measure_stage, measure_standings

    print("▸ a nation is made and its counts are posted …", flush=True)
    nation = make_nation()
    counts = make_counts(nation, days=DAYS + rounds + 1)
    loaded = load_nation(nation)
    loaded.post_days(counts, first=0, last=DAYS - 1, at=at_noon(DAYS - 1))
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")  # as autovacuum does within minutes
    rebuild(loaded, last=DAYS - 1)()
    contest = make_contest(loaded, counts, days=DAYS)

    def stages() -> list[Row]:
        campaigns = make_campaigns(loaded, days=DAYS)
        made = measure_stage(campaigns, contest, rounds=rounds)
        return made + measure_shortlists(campaigns, contest, rounds=rounds)

    work = {
        "rebuild": lambda: measure_rebuild(loaded, counts, days=DAYS, rounds=rounds),
        "standings": lambda: measure_standings(contest, rounds=rounds),
        "standings-stage": stages,
        "guards": lambda: measure_guards(rounds=rounds),
        "nation-correction": lambda: measure_correction(
            province=loaded.provinces[0],
            where="in a nation whose provinces touch",
            at=at_noon(DAYS - 1),
            rounds=rounds,
            promised=False,
        ),
        "memory": lambda: measure_memory(loaded),
        "day": lambda: measure_day(loaded, counts, days=DAYS, rounds=rounds),
    }
    for name in [name for name in work if name in chosen]:
        results.add(name, work[name])


def measure_city(chosen: list[str], results: Results, *, rounds: int, at: datetime) -> None:
    from benchmarks import http
    from benchmarks.browser import measure_browser
    from benchmarks.city import load_city
    from benchmarks.correction import measure_correction
    from benchmarks.payloads import measure_payloads

    print("▸ a city is loaded …", flush=True)
    province, said = load_city(at=at)
    work = {
        "bytes": lambda: measure_payloads(province=province, said=said),
        "correction": lambda: measure_correction(province=province, where=said, at=at, rounds=rounds),
        "browser": lambda: measure_browser(province=province.code, place=f"the city, {said}", rounds=rounds),
        "http": http.run,
    }
    for name in [name for name in work if name in chosen]:
        results.add(name, work[name])


def measure_alone(name: str, *, rounds: int, at: datetime) -> list[Row]:
    from benchmarks.browser import Reach, measure_browser
    from benchmarks.city import load_city, load_nation_as_one_map, load_schematic
    from benchmarks.editions import measure_editions
    from benchmarks.importing import measure_importing
    from benchmarks.papers import measure_papers

    if name == "editions":
        return measure_editions(rounds=rounds)
    if name == "importing":
        return measure_importing(province=load_city(at=at)[0], at=at, rounds=rounds)
    if name == "papers":
        return measure_papers(rounds=rounds)
    if name == "schematic":
        province = load_schematic(at=at)
        return measure_browser(province=province.code, place="the demo's schematic", rounds=rounds)
    province = load_nation_as_one_map(at=at)
    return measure_browser(
        province=province.code,
        place="a nation of 10,600 communes as one map",
        rounds=rounds,
        reach=Reach(first_map=2000, script=None, drawn=100),
    )


if __name__ == "__main__":
    main()
