"""The bibliography: what the rules, prompts, tests and exercises lean on, by key.

Core: standard library only. Facts and numbers in our own words; nothing is quoted from a paper.
A source whose mark is `memory` was never opened while the rules were written: it must be read
before it is printed or relied on.
"""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How far a citation was verified when the specification was written."""

    SEEN = "seen"  # the fact was read in the source's own text, usually its abstract
    SECONDARY = "secondary"  # seen only as another text reports it
    ESTABLISHED = "established"  # well known, not opened again
    MEMORY = "memory"  # from memory: verify before citing


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One publication: how to find it, what it is used for, how far it was verified."""

    citation: str
    used_for: str
    mark: Mark
    doi: str = ""


def _seen(citation: str, used_for: str, doi: str = "") -> Source:
    return Source(citation=citation, used_for=used_for, mark=Mark.SEEN, doi=doi)


def _secondary(citation: str, used_for: str) -> Source:
    return Source(citation=citation, used_for=used_for, mark=Mark.SECONDARY)


def _established(citation: str, used_for: str) -> Source:
    return Source(citation=citation, used_for=used_for, mark=Mark.ESTABLISHED)


def _memory(citation: str, used_for: str) -> Source:
    return Source(citation=citation, used_for=used_for, mark=Mark.MEMORY)


_SAFETY = {
    "finucane-2020": _seen(
        "Finucane LM et al. JOSPT 2020;50(7):350-372.",
        "Framework of the safety questions: clusters and level of concern, not one sign alone.",
        "10.2519/jospt.2020.9971",
    ),
    "downie-2013": _seen(
        "Downie A et al. BMJ 2013;347:f7095.",
        "How much single safety signs change the chance of a fracture or a cancer.",
    ),
    "nice-ng59": _seen(
        "NICE NG59 Low back pain and sciatica (2016); summary Bernstein IA et al. "
        "BMJ 2017;356:i6748.",
        "Rule out specific causes before anything else.",
    ),
    "nice-ng234": _established(
        "NICE NG234 (2023). Open before quoting.", "Cord compression from cancer in the spine."
    ),
    "nice-ng65": _established(
        "NICE NG65. Open before quoting.", "When to think of inflammatory back pain."
    ),
    "nice-ng156": _established("NICE NG156. Open before quoting.", "Abdominal aortic aneurysm."),
}

_GLUTES_AND_BACK = {
    "cooper-2016": _seen(
        "Cooper NA et al. Eur Spine J 2016;25(4):1258-65. PMID 26006705.",
        "Gluteus medius weaker on the painful side; gluteal tenderness and Trendelenburg more "
        "common in chronic low back pain (150 people, 75 controls).",
        "10.1007/s00586-015-4027-6",
    ),
    "penney-2014": _seen(
        "Penney T, Ploughman M, et al. 2014. Determining the activation of gluteus medius and the "
        "validity of the single leg stance test in chronic low back pain. Journal from memory.",
        "Gluteus medius weaker in back pain; a positive one-leg stance did not go with less "
        "strength.",
    ),
    "de-sousa-2019": _seen(
        "de Sousa CS et al. J Musculoskelet Neuronal Interact 2019;19(1):69-78. PMID 30839305.",
        "Pooled difference in hip strength with low back pain: abductors 0.70, extensors 0.93.",
    ),
    "sadler-2017": _seen(
        "Sadler S et al. BMC Musculoskelet Disord 2017;18:179.",
        "What predicts later low back pain; gluteal strength is not an established predictor.",
        "10.1186/s12891-017-1534-0",
    ),
    "sadler-2019": _seen(
        "Sadler S et al. BMC Musculoskelet Disord 2019. PMID 31638962.",
        "Less strength and more trigger points in low back pain; cause and result not known.",
        "10.1186/s12891-019-2833-4",
    ),
    "kendall-2010": _seen(
        "Kendall KD et al. J Sport Rehabil 2010;19:422. Journal from memory.",
        "Abduction 31% weaker in back pain; strength and pelvic drop hardly related.",
    ),
    "kendall-2013": _seen(
        "Kendall KD et al. Clin J Sport Med 2013;23:45-51.",
        "Half the strength lost by a nerve block, no more pelvic drop (9 men).",
        "10.1097/JSM.0b013e31825e66a1",
    ),
    "mccarney-2020": _seen(
        "McCarney et al. Chiropr Man Therap 2020. Authors from memory.",
        "Trendelenburg rating against strength and motion capture: weak relation and agreement.",
        "10.1186/s12998-020-00344-3",
    ),
    "hardcastle-1985": _seen(
        "Hardcastle P, Nade S. J Bone Joint Surg Br 1985;67-B(5):741-6.",
        "How the Trendelenburg test is done and when it is not valid.",
    ),
    "nelson-wong-2008": _seen(
        "Nelson-Wong E et al. Clin Biomech 2008;23:545-53.",
        "Both gluteus medius working together before standing pain: control, not strength.",
        "10.1016/j.clinbiomech.2008.01.002",
    ),
    "nelson-wong-2009": _seen(
        "Nelson-Wong E et al. JOSPT 2009;39(9):649-57.",
        "Active hip abduction rated by the person: OR 6.55 (1.14-37.75) for standing pain, n=43.",
    ),
    "marshall-2011": _seen(
        "Marshall PW et al. Hum Mov Sci 2011;30:63-73. PMID 21227522. First author from memory.",
        "Lower side-bridge endurance, equal abduction strength in standing pain developers.",
    ),
    "amabile-2017": _seen(
        "Amabile AH et al. PLoS One 2017, 0177008.",
        "Gluteus maximus a little smaller in low back pain.",
    ),
    "prather-2017": _seen(
        "Prather H et al. JOSPT 2017;47(3):163-72.",
        "Reduced hip movement is very common with low back pain (n=101).",
    ),
    "nadler-2000": _memory("Nadler 2000-2002.", "Hip imbalance and back pain in athletes."),
    "bewyer-2009": _memory("Bewyer 2009.", "Gluteus medius and back pain in pregnancy."),
    "arab-2010": _memory("Arab and Nourbakhsh 2010.", "Gluteus medius and low back pain."),
    "friel-2006": _memory("Friel 2006. J Athl Train.", "Weaker hip abductors after ankle sprain."),
}

_HIP_AND_NERVE = {
    "crossley-2011": _seen(
        "Crossley KM et al. Am J Sports Med 2011;39:866. PMID 21335344.",
        "Rating of the single-leg squat; poor goes with weaker, later gluteus medius.",
        "10.1177/0363546510395456",
    ),
    "lequesne-2008": _seen(
        "Lequesne M et al. Arthritis Rheum 2008. PMID 18240186. Authors from memory.",
        "30-second one-leg stance in refractory lateral hip pain (n=17).",
    ),
    "grimaldi-2017": _seen(
        "Grimaldi A et al. Br J Sports Med 2017;51:519-524.",
        "Palpation and pain within 30 seconds of one-leg stance for gluteal tendinopathy.",
    ),
    "grimaldi-2015": _seen(
        "Grimaldi A, Fearon A. JOSPT 2015. Gluteal tendinopathy.",
        "Advice against long adducted hip postures; expert reasoning.",
    ),
    "mcgovern-2018": _seen("McGovern 2018, review.", "Step-down rating."),
    "springer-2007": _seen(
        "Springer BA et al. J Geriatr Phys Ther 2007;30(1):8-15.",
        "One-leg stance time falls with age (n=549).",
    ),
    "fearon-2013": _memory(
        "Fearon 2013. Br J Sports Med.", "Shoes and socks: hip joint or tendon."
    ),
    "laslett-2005": _memory(
        "Laslett M et al. Man Ther 2005;10:207-218.", "Cluster of sacroiliac provocation tests."
    ),
    "van-der-windt-2010": _memory(
        "van der Windt 2010. Cochrane.", "Examination for nerve root pain."
    ),
    "willett-2016": _memory("Willett 2016.", "What the Ober test does and does not measure."),
}

_HABITS = {
    "cary-2019": _seen(
        "Cary D et al. BMJ Open 2019;9:e027633.",
        "Side-lying generally protective for spinal symptoms: speaks against A1.",
    ),
    "cary-2021": _seen(
        "Cary D et al. PLoS One 2021;16:e0260582.",
        "Time in provocative sleep postures did not differ with lumbar symptoms (n=53).",
    ),
    "jung-2020": _seen(
        "Jung KS, Jung JH, In TS. Int J Environ Res Public Health 2020;17(13):4621.",
        "Pelvic obliquity while sitting cross-legged (30 and 30 people).",
    ),
    "kang-2012": _seen(
        "Kang SY et al. Phys Ther Korea 2012;19(1).",
        "Knee over knee raises the pelvis on the top side (n=16).",
    ),
    "snijders-2006": _secondary(
        "Snijders CJ et al. 2006, cross-legged sitting.",
        "Piriformis lengthened by about 11.7% while cross-legged.",
    ),
    "cuny-804": _seen(
        "CUNY DPT capstone, academicworks.cuny.edu/gc_etds/804. Abstract seen in part.",
        "Gluteus maximus activity of 11 daily sitters and 11 daily standers: no main effect.",
    ),
    "waongenngarm-2018": _seen(
        "Waongenngarm P et al. Appl Ergon 2018;68:230-9.", "Breaks from sitting: review."
    ),
    "waongenngarm-2021": _seen(
        "Waongenngarm P et al. Scand J Work Environ Health 2021;47(4):306-17.",
        "Active breaks and posture shifts lowered new low back pain in office workers.",
        "10.5271/sjweh.3949",
    ),
    "de-carvalho-2023": _seen(
        "De Carvalho D, Callaghan JP. Work 2023.", "Relief from walking breaks can be short."
    ),
    "fewster-2017": _seen(
        "Fewster KM et al. Appl Ergon 2017;58:281-6.",
        "Standing with one foot raised changes posture; outcome not shown.",
    ),
}

_EXERCISE = {
    "fukuda-2021": _seen(
        "Fukuda TY et al. Braz J Phys Ther 2021;25(6):900-7. PMC8721074.",
        "Hip strengthening on top of usual physiotherapy added nothing in 70 people.",
    ),
    "santamaria-2023": _seen(
        "Santamaria G et al. Sports 2023;11(9):167.", "Small trials of hip strengthening: positive."
    ),
    "arcanjo-2020": _seen(
        "Arcanjo FL et al. Clin Rehabil 2020. Result not seen.",
        "Review of hip strengthening in low back pain.",
        "10.1177/0269215520941914",
    ),
    "distefano-2009": _seen(
        "Distefano LJ et al. JOSPT 2009;39(7):532-40.", "Gluteal activity in exercises."
    ),
    "boren-2011": _secondary(
        "Boren K et al. Int J Sports Phys Ther 2011;6(3):206-23. PMC3201064.",
        "Gluteal activity in exercises; top five lists.",
    ),
    "ekstrom-2007": _seen(
        "Ekstrom RA et al. JOSPT 2007;37(12):754-62.",
        "Trunk, hip and thigh activity in exercises.",
        "10.2519/jospt.2007.2471",
    ),
    "bolgla-2005": _seen(
        "Bolgla LA, Uhl TL. JOSPT 2005;35(8):487-94. The 57% is from memory.",
        "Gluteus medius activity in hip exercises.",
    ),
    "selkowitz-2013": _seen(
        "Selkowitz DM et al. JOSPT 2013;43(2):54-64.", "Gluteal against TFL activity."
    ),
    "philippon-2011": _seen(
        "Philippon MJ et al. Am J Sports Med 2011;39:1777.",
        "Hip muscle activity in rehabilitation exercises.",
        "10.1177/0363546511406848",
    ),
    "reiman-2012": _seen(
        "Reiman MP et al. Physiother Theory Pract 2012;28(4):257-68.", "Review of gluteal activity."
    ),
    "macadam-2015": _seen(
        "Macadam P et al. Int J Sports Phys Ther 2015. Volume and pages from memory.",
        "Review of gluteal activity in abduction and rotation exercises.",
    ),
    "ebert-2017": _seen(
        "Ebert JR et al. J Sport Rehabil 2017;26(5):418.",
        "Review of gluteus medius exercises.",
        "10.1123/jsr.2016-0088",
    ),
    "macaskill-2014": _seen(
        "MacAskill MJ, Durant TJS, Wallace DA. Int J Sports Phys Ther. Year and pages from memory.",
        "Gluteal activity in weight-bearing and lying exercises.",
    ),
    "ganderton-2017": _seen(
        "Ganderton C et al. JOSPT 2017. DOI inferred from a file name.",
        "Gluteus medius and minimus activity after menopause; ranking from memory.",
        "10.2519/jospt.2017.7229",
    ),
    "pmc4004121": _seen(
        "Int J Sports Phys Ther 2014;9(2):157-167, table 2. PMC4004121.", "Pooled EMG table."
    ),
    "baik-2021": _seen(
        "Baik SM et al. J Athl Train 2021;56(9):945-51.",
        "Rolling the pelvis forward in side-lying lifts, in people with a weak gluteus medius.",
        "10.4085/306-20",
    ),
    "garber-2011": _memory("Garber 2011.", "Quantity and quality of exercise."),
    "silbernagel-2007": _memory(
        "Silbernagel 2007. Am J Sports Med 35:897-906.", "Pain light while loading."
    ),
}

_OUTCOMES = {
    "ostelo-2008": _seen(
        "Ostelo RWJG et al. Spine 2008;33(1):90-4.",
        "Important change in pain and function: about 30%.",
        "10.1097/BRS.0b013e31815e3a10",
    ),
    "hall-2011": _seen(
        "Hall AM et al. Eur Spine J 2011.",
        "Personal activities scale is responsive (n=831).",
        "10.1007/s00586-010-1521-8",
    ),
    "froud-2018": _seen("Froud R et al. J Med Internet Res 2018;20(10):e272.", "RMDQ on screen."),
    "keele-terms": _seen(
        "Keele STarT Back site, legal text; HealthMeasures terms.", "Why neither is used here."
    ),
    "farrar-2001": _memory("Farrar 2001.", "Important change on a 0 to 10 pain scale."),
    "stratford-1995": _memory("Stratford 1995.", "Personal activities scale."),
}

_OPINION = {
    "mazgaloff": Source(
        citation="Mazgaloff, chiropractor, San Francisco: article on weak gluteal muscles.",
        used_for="The four habits, the overuse pathway and the wish for a strength test.",
        mark=Mark.SEEN,
    ),
    "design-opinion": Source(
        citation="Design choice of this screen, for the chiropractor to confirm.",
        used_for="Weights, caps, cut-offs and bands that no study supports.",
        mark=Mark.ESTABLISHED,
    ),
    "clinic-teaching": Source(
        citation="Established clinical teaching, not opened again.",
        used_for="Standard examination and reasoning.",
        mark=Mark.ESTABLISHED,
    ),
}

SOURCES: dict[str, Source] = {
    **_SAFETY,
    **_GLUTES_AND_BACK,
    **_HIP_AND_NERVE,
    **_HABITS,
    **_EXERCISE,
    **_OUTCOMES,
    **_OPINION,
}
"""Key (`author-year`) -> source."""
