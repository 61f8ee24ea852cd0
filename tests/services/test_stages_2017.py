"""A submission of 2017 through all services: the same score as by the law alone."""

from typing import Any

from qpp.inputs import read_input
from qpp.mips.scoring import score
from qppflow.demo.messages import SUBMISSIONS
from qppflow.runtime.events import decode, encode
from qppflow.runtime.law import law_of
from tests.helpers.chain import Chain, active, measured, submission
from tests.helpers.documents import body
from tests.helpers.law import a_set

YEAR = 2017
SHARE = {"numerator": 47, "denominator": 100}
ANSWERS: dict[str, object] = {
    "ACI_INFBLO_1": True,
    "ACI_ONCDIR_1": True,
    "ACI_TRANS_PPHI_1": True,
    "ACI_TRANS_EP_1": SHARE,
    "ACI_TRANS_PEA_1": SHARE,
    "ACI_TRANS_HIE_1": SHARE,
}


def document() -> dict[str, Any]:
    """Write a group's submission: a measure end to end, advancing care, activities."""
    days = {"performanceStart": f"{YEAR}-01-01", "performanceEnd": f"{YEAR}-12-31"}
    quality = measured(80) | days
    quality["measurements"][0]["value"]["isEndToEndReported"] = True
    care = a_set("pi", ANSWERS) | days
    sets = (quality, care, active() | days)
    return submission(*sets, performanceYear=YEAR)


def test_the_services_score_2017_as_the_law_does() -> None:
    """Also what no event says of a measure alone: that it was sent end to end."""
    chain = Chain()

    chain.send(SUBMISSIONS, body(document()))

    (scored,) = [decode(record.value) for record in chain.log["qpp-final-scores"]]
    (given,) = [decode(record.value) for record in chain.log["qpp-score-inputs"]]
    pure = score(read_input(given["input"], "mips"), law_of(YEAR))
    assert chain.parked == []
    assert encode({"of": [scored["score"], scored["explanation"]]}) == encode(
        {"of": [pure.score, pure.explanation]}
    )
    quality = scored["score"]["categories"]["quality"]
    assert quality["bonus"] == "1.0000"
    # 50, 10 of 20 for access and 10 of 20 for the exchange.
    assert scored["score"]["categories"]["pi"]["percent"] == "70.0000"
