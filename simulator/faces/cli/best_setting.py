"""The winner of a study, scored anew on luck that the study never met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.faces.cli.view_texts import difference_of, mean_of, measure_heading, value_of
from simulator.kernel.messages import percent, said

if TYPE_CHECKING:
    from simulator.faces.analysis.report import BestSetting
    from simulator.studies.results import Results


def best_setting_text(results: Results, measure: str, service: float | None, form: str | None) -> str:
    """The winner on fresh luck, and by how much the study flattered it; for programs also every row against the best."""
    from simulator.faces.analysis import report
    from simulator.faces.report import files

    if form == "csv":
        return files.as_csv(report.comparisons(results, measure)).rstrip("\n")
    found = report.best_setting(results, measure, service)
    if form == "json":
        table = report.comparisons(results, measure)
        return files.as_json(
            {**found.record(), "cautions": list(results.study.cautions), "comparisons": files.records(table)}
        )
    return best_setting_in_words(results, found)


def best_setting_in_words(results: Results, found: BestSetting) -> str:
    """The winner in words."""
    from simulator.faces.report import figures

    name = found.measure.name
    means = [mean_of(float(i.mean), float(i.half_width), name) for i in (found.fresh, found.seen)]
    gap = {"gap": float(found.optimism.mean), "low": float(found.optimism.low), "high": float(found.optimism.high)}
    rows = [
        [measure_heading(results, name, False), said("on fresh luck"), said("in the study"), said("optimism [95 %]")],
        [found.policy, *means, difference_of(gap, name, "gap")],
    ]
    notes = [
        said(
            "{n} of {all} settings may be the best, with 95 % confidence for all at once.",
            n=found.possible,
            all=found.allowed,
        )
    ]
    if found.target is not None and found.service is not None:
        least = percent(found.service)
        notes.append(
            said("Its fill rate is at least {share} with 95 % confidence.", share=least)
            if found.confirmed
            else said(
                "Its fill rate is at least {share} with 95 % confidence, which is below what was asked: add replications.",
                share=least,
            )
        )
    setting = [f"{entry} = {value_of(value)}" for entry, value in found.setting.items()]
    return "\n\n".join(["\n".join(setting) or said("no factors"), figures.aligned(rows), "\n".join(notes)])
