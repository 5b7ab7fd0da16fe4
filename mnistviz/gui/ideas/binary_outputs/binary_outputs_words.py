"""The texts of the page on four outputs, with sentences on layers and races."""

from typing import Final

from mnistviz.engine.ideas.binary_outputs import OTHER, OutputRace, bits_for
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.ideas.parts.page_parts import Question, Words
from mnistviz.marking import marked

say: Final = Words({
    "title": marked("Four outputs instead of ten"),
    "title_classes": marked("Bits instead of classes"),
    "text": marked(
        "Ten outputs stand for ten digits. In bits four would do, since 2 × 2 × 2 × 2 is 16. The book asks for a "
        "fourth layer that makes bits of the ten. Each bit adds weight × activation over the outputs, and its bias, "
        "and fires above 0. A click changes a weight: +, − or 0."),
    "text_classes": marked(
        "{classes} outputs stand for {classes} classes. In bits ⌈log₂ {classes}⌉ = {bits} would do. A fourth layer "
        "makes bits of the outputs: each bit adds weight × activation over them, and its bias, and fires above 0. A "
        "click changes a weight: +, − or 0."),
    # Scenes, numbers and buttons
    "layer": (marked("A fourth layer"), marked("Makes bits of the outputs of the lab's network.")),
    "direct": (marked("Learned directly"), marked("A separate network with the bits as its outputs.")),
    "epochs": (marked("epochs"), marked("How long both networks learn.")),
    "look": (marked("Look"), marked("Shows the share of all test digits with all bits right.")),
    "next": (marked("Next digit"), marked("Reads another test digit.")),
    "cancel": (marked("Cancel"), marked("Ends the learning.")),
    "try": (marked("Try it"), marked("Trains both networks and draws how many test digits they read right.")),
    # The layer
    "weights": (marked("Weights of the fourth layer"), marked(
        "A click, or Enter, gives a weight another sign; so do +, − and 0. At the right stands what the bits say when "
        "the outputs are sure of a digit: 0.99, and 0.01 for all others.")),
    "shares": (marked("Shares of all test digits"),
        marked("A click, or Left and Right, puts a flag where you think the upper bar will end.")),
    "sign_1": marked("plus"),
    "sign_0": marked("zero"),
    "sign_-1": marked("minus"),
    "bias_of": marked("Bias of the bit worth {worth}: {sign}"),
    "weight_of": marked("Weight from “{name}” to the bit worth {worth}: {sign}"),
    "head_outputs": marked("outputs"),
    "head_bits": marked("when sure"),
    "biases": marked("biases"),
    "bits": marked("bits"),
    "verdict": marked("= {number}"),
    "test_digit": marked("test digit {number}, a “{name}”"),
    "a_test_digit": marked("a test digit, a “{name}”"),
    # Bars and curves
    "all_right": marked("all bits right"),
    "by_outputs": marked("by the outputs"),
    "you": marked("you: {share} %"),
    "race_plot": marked("Test digits read while both networks learn"),
    "progress": (marked("Progress"), marked("How far the learning has come.")),
    "axis_epoch": marked("epoch"),
    "axis_right": marked("test digits read right, %"),
    "race": marked("{whole} and {bits}, both from seed {seed}, with η {eta} and mini-batches of {size}"),
    "outputs_many": marked("{count} outputs"),
    "outputs_one": marked("{count} output"),
    # Tasks
    "task_last": (marked("Make the last bit, worth {one}, correct for all sample digits."),
        marked("The last bit is right: it is that of the odd numbers.")),
    "task_all": (marked("Make all bits correct for all sample digits."),
        marked("All bits are correct, and nothing had to be learned for it.")),
    "task_other": (marked(
        "Find other weights that are also correct, but change “all bits right” by {apart}\u00a0% or "
        "more."), marked("Both give the same bits for sure outputs; doubtful outputs tell them apart.")),
    "task_other_first": marked("{task} The first ended at {share}."),
    "other_found": marked("{first} and {now}: the same for sure outputs, not for doubtful ones."),
    "task_direct": (marked("Predict how far a network gets that learns the bits directly. Then try it."),
        marked("You said how far it gets, and tried it.")),
    "direct_found": marked("Tried with one seed. {came}"),
    # Questions and outcomes
    "question_layer": marked(
        "When all ten sample digits are correct: what share of all test digits will have all bits right?"),
    "question_layer_classes": marked(
        "When all {classes} samples are correct: what share of all test pictures will have all bits right?"),
    "how_layer": marked("Put a flag on the upper bar by a click, then set the weights."),
    "question_covered": marked(
        "Another network feeds the layer now. What share of all test digits will have all bits right?"),
    "how_covered": marked("Put a flag on the upper bar by a click, then press Look."),
    "question_direct": marked("Can a network learn the {bits} bits directly?"),
    "how_direct": marked("Drag the flag (?) to the share of test digits with all bits right, then press Try it."),
    "said": marked("You said {share} %."),
    "came_layer": marked("All bits: {bits}. Outputs: {whole}."),
    "asks_layer": marked("Which digits lose their bits? Would other weights, also correct, lose fewer?"),
    "came_direct": marked("{bits}: {bits_share}. {whole}: {whole_share}."),
    "diverged": marked("One of the networks has diverged: with this η neither can be compared."),
    "asks_direct": marked(
        "One network with one seed proves little. Which is harder for a unit: to find an “8”, or an odd digit?"),
})  # fmt: skip


def title(classes: int) -> str:
    return say("title" if classes == 10 else "title_classes")


def text(classes: int) -> str:
    return say("text") if classes == 10 else say("text_classes", classes=classes, bits=bits_for(classes))


def other_wish(first: float | None) -> str:
    """Return the task of finding another layer; `first` is the accuracy of the first one, if any."""
    task = say("task_other", apart=numbers.tick(100 * OTHER))
    return task if first is None else say("task_other_first", task=task, share=numbers.percent(first))


def question(scene: str, classes: int, *, covered: bool) -> Question:
    """Return the question of a scene; `covered` if the layer is correct already and the network has changed."""
    if scene == "layer":
        kind = "covered" if covered else "layer"
        asks = "layer_classes" if kind == "layer" and classes != 10 else kind
        return Question("layer", say(f"question_{asks}", classes=classes), how=say(f"how_{kind}"))
    return Question("direct", say("question_direct", bits=bits_for(classes)), how=say("how_direct"))


def race_title(settings: Settings, classes: int) -> str:
    whole, bits = ("-".join(map(str, (*settings.sizes[:-1], n))) for n in (classes, bits_for(classes)))
    how = {"seed": str(settings.seed), "eta": numbers.exact(settings.eta), "size": settings.mini_batch_size}
    return say("race", whole=whole, bits=bits, **how)


def race_names(classes: int) -> tuple[str, str]:
    bits = bits_for(classes)
    return say("outputs_many", count=classes), say("outputs_one" if bits == 1 else "outputs_many", count=bits)


def said(flag: float | None) -> str:
    return "" if flag is None else say("said", share=numbers.tick(100 * flag))


def race_came(race: OutputRace, classes: int) -> str:
    if race.diverged:
        return say("diverged")
    last, (whole, bits) = race.readings[-1], race_names(classes)
    shares = numbers.percent(last.bits), numbers.percent(last.whole)
    return say("came_direct", bits=bits, bits_share=shares[0], whole=whole, whole_share=shares[1])
