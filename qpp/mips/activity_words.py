"""What is said of improvement activities, with figures to compute them again."""

from typing import Final

from qpp.sayings import Saying

WEIGHT: Final = Saying(
    "product",
    "weight base factor points",
    "{weight} weight: {base} x {factor} = {points} points",
)
ONE_ACTIVITY: Final = Saying(
    "quotient",
    "full required points",
    "one activity of {required}: {full}/{required} = {points} points",
)
HOME: Final = Saying("fixed", "points", "all {points} points")
BY_COUNT: Final = Saying(
    "by_count",
    "performed required points possible missed percent",
    "activities performed: {performed}, needed: {required};"
    " {points} / {possible} x 100 = {percent:4} percent",
)
BY_WEIGHT: Final = Saying(
    "by_weight",
    "earned points possible missed percent",
    "{earned} points, {points} / {possible} x 100 = {percent:4} percent",
)
CREDIT: Final = Saying(
    "credit",
    "before points possible percent",
    "an APM participant: {points} points instead of {before} = {percent:4} percent",
)
IN_THE_APP: Final = Saying("given", "percent possible", "in the APP: {percent} percent")
