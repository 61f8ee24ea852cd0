"""The specialties of the population: what each reports, and how common it is.

Ids that a year's catalogue does not offer are left out when the year is drawn.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Specialty:
    """One specialty.

    ``measures`` are ids of quality measures, ``costs`` of cost measures that its
    patients bring, without ``COST_`` and ``_1``; blanks part them. ``common`` is a
    weight; the other figures are shares from 0 to 1: who reports from an EHR, who
    works in a hospital, who hardly meets patients.
    """

    name: str
    common: int
    measures: str
    costs: str = ""
    electronic: float = 0.4
    hospital: float = 0.05
    faceless: float = 0.0


SPECIALTIES: Final = (
    Specialty(
        "family medicine",
        14,
        "001 236 117 130 134 226 238 309 318 438 047 039 116 065 066 431 370 488 497"
        " 493 374 005 483",
        "D ACOPD LBP HF DEP",
        electronic=0.7,
    ),
    Specialty(
        "internal medicine",
        12,
        "001 236 117 130 134 226 238 438 047 039 006 007 008 488 326 418 374 431 493"
        " 441 130 309",
        "D ACOPD HF CKD S",
        electronic=0.65,
    ),
    Specialty(
        "cardiology",
        8,
        "005 006 007 008 118 236 226 238 326 438 441 047 130 374 243 322 317 431",
        "HF EOPCI STEMI",
        electronic=0.5,
    ),
    Specialty(
        "orthopedic surgery",
        6,
        "024 350 351 358 376 470 217 218 219 220 221 222 130 226 317 318 047 418 178",
        "KA HAC IHCI LSFDD",
    ),
    Specialty(
        "anesthesiology",
        6,
        "404 424 430 463 477 AQI48 ABG44 AQI65 AQI18 ABG42 AQI71",
        electronic=0.0,
        hospital=0.35,
        faceless=0.4,
    ),
    Specialty(
        "diagnostic radiology",
        6,
        "145 360 364 405 406 QMM17 QMM18 QMM26 QMM23 ACRAD15 ACRAD16 ACRAD17 ACRAD18"
        " ACRAD34 ACRAD36 QMM16 QMM19 494",
        electronic=0.02,
        hospital=0.25,
        faceless=0.7,
    ),
    Specialty(
        "emergency medicine",
        7,
        "065 066 116 187 331 332 415 416 134 317 ACEP22 ACEP25 ACEP31 ACEP50 ACEP51"
        " ACEP52 ACEP53 ACEP59 ECPR46 ECPR55",
        "S RIH",
        electronic=0.05,
        hospital=0.6,
    ),
    Specialty(
        "ophthalmology",
        6,
        "012 019 117 130 141 191 226 238 303 374 384 385 389 499 500 501 IRIS2 IRIS13"
        " IRIS54 IRIS58 IRIS39",
        "IOL",
        electronic=0.55,
    ),
    Specialty(
        "optometry",
        3,
        "019 117 130 226 238 374 012 141 499 317",
        electronic=0.7,
    ),
    Specialty(
        "dermatology",
        5,
        "130 176 226 317 374 410 440 485 486 397 AAD6 AAD8 AAD12 AAD15 AAD16 AAD17"
        " AAD18 509",
        "MR",
        electronic=0.3,
    ),
    Specialty(
        "psychiatry",
        4,
        "009 130 134 226 281 282 286 288 305 317 366 370 382 383 431 468 MBHR1 MBHR2"
        " MBHR7 504",
        "DEP PC",
        electronic=0.5,
    ),
    Specialty(
        "clinical social work",
        3,
        "047 130 134 181 226 281 282 286 288 370 383 431 MBHR1 MBHR2 MBHR7 502",
        electronic=0.25,
    ),
    Specialty(
        "physical therapy",
        5,
        "130 134 155 181 182 217 218 219 220 221 222 226 478 MSK1 MSK2 MSK3 MSK4 MSK5"
        " FOTO5 050",
        electronic=0.1,
    ),
    Specialty(
        "gastroenterology",
        4,
        "047 130 185 226 275 317 320 374 401 431 439 113",
        "SSC RIH",
    ),
    Specialty(
        "obstetrics and gynecology",
        5,
        "039 047 048 050 130 236 309 310 335 336 374 418 422 431 432 475 493 497 448",
        electronic=0.55,
    ),
    Specialty(
        "medical oncology",
        4,
        "047 130 134 143 144 226 238 317 374 431 450 453 457 462 PIMSH1 PIMSH4 PIMSH9"
        " PIMSH10 490",
        "PRC",
        electronic=0.5,
    ),
    Specialty(
        "urology",
        4,
        "047 048 050 130 134 226 238 317 358 374 431 453 476 481 AQUA8 AQUA14 AQUA15"
        " 462",
        "RUSST",
    ),
    Specialty(
        "general surgery",
        4,
        "047 130 226 264 317 354 355 356 357 358 374",
        "FIHR LPMSM",
    ),
    Specialty(
        "neurology",
        4,
        "047 130 134 155 181 226 268 277 279 281 282 286 288 291 290 293 187 317",
        "IHCI",
    ),
    Specialty(
        "pulmonology",
        3,
        "047 052 130 226 236 238 277 279 374 398 431 493 318",
        "ACOPD COPDE S",
    ),
    Specialty(
        "otolaryngology",
        3,
        "047 066 130 226 238 277 279 331 332 355 357 358 374 398 464 AAO16 AAO20"
        " AAO21 AAO32 AAO36 AAO37 AAO39",
    ),
    Specialty(
        "rheumatology",
        2,
        "024 039 047 130 176 177 178 180 226 236 317 374 ACR10 ACR12 ACR14 ACR15"
        " ACR16 UREQA8 UREQA9",
        "RA",
    ),
    Specialty(
        "nephrology",
        2,
        "001 047 130 182 226 236 317 318 482 488 489 400 510 511",
        "CKD ESRD KTM AKID",
    ),
    Specialty(
        "podiatry",
        3,
        "126 127 155 219 226 317 318 358 REGCLR1 REGCLR3 130 REGCLR8",
    ),
    Specialty(
        "pathology",
        4,
        "249 250 395 396 397 440 491 CAP22 CAP30 CAP34 CAP38 CAP40 CAP41 CAP42",
        electronic=0.0,
        hospital=0.2,
        faceless=0.9,
    ),
    Specialty(
        "hospital medicine",
        4,
        "005 008 047 130 HCPR24 HCPR25 HCPR27 HCPR23 HCPR20 HCPR28 THEPQR1 THEPQR2",
        "S RIH COPDE LGH",
        electronic=0.1,
        hospital=0.75,
    ),
    Specialty(
        "endocrinology",
        2,
        "001 039 117 118 126 130 134 226 236 374 418 438 462 488 493",
        "D",
        electronic=0.55,
    ),
    Specialty(
        "vascular surgery",
        2,
        "047 130 226 236 259 317 344 357 358 374 420 441",
        "HAC CCLI",
    ),
)
