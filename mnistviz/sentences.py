"""Every sentence for a fault or a finding of the engine, by its code.

The engine reports codes and values and speaks no language. The window and the command line both ask here,
so that a fault reads the same in either, and the window passes its translation through `translate`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from mnistviz.setting_words import SETTING_WORDS
from mnistviz.translatable import QT_TRANSLATE_NOOP

SENTENCES: Final[dict[str, str]] = {
    # The data set
    "data_no_folder": "{file} is not a folder.",
    "data_missing": "{file} is missing from {folder}.",
    "data_unreadable": "{file} cannot be read: {reason}.",
    "data_not_gzip": "{file} is not a gzip file.",
    "data_damaged": "{file} is damaged and cannot be unpacked.",
    "data_truncated": "{file} ends too early: it is truncated.",
    "data_too_long": "{file} holds more than its header announces.",
    "data_wrong_magic": "{file} is not a file of digits in the MNIST format.",
    "data_wrong_size": "{file} holds pictures of {width} × {height} pixels; they must be 28 × 28.",
    "data_too_large": "{file} is too large: at most {most} digits are read.",
    "data_file_too_large": "{file} is too large: at most {most} bytes are read.",
    "data_too_few": "{file} holds too few digits: {count}, and at least {least} are needed.",
    "data_label_out_of_range": "{file} has the label {label}; labels must lie between 0 and {highest}.",
    "data_counts_differ": "{file} has {labels} labels for {images} pictures.",
    "data_checksum": "{file} is not the file that came with the program: its checksum differs.",
    "data_classes": "{file} must name {least} to {most} classes, one a line, {length} letters at most.",
    "data_classes_too_few": "{file} names {named} classes, but the labels go up to {label}.",
    # Networks on disk
    "network_missing": "There is no file {file}.",
    "network_unreadable": "{file} cannot be read: {reason}.",
    "network_unknown": "{file} is not a network that mnistviz has saved.",
    "network_damaged": "{file} is damaged and cannot be read as a network.",
    "network_newer": "{file} was saved by a newer version of mnistviz.",
    "network_too_large": "{file} holds a larger network than mnistviz can train.",
    "network_not_finite": "{file} holds weights that are not finite numbers.",
    "network_diverged": "{file} was not saved: the network has diverged, its weights are not finite numbers.",
    "network_does_not_fit": (
        "A network with {inputs} inputs and {outputs} outputs does not fit the data set {data}, "
        "which needs {pixels} inputs and {classes} outputs."
    ),
    "file_not_written": "{file} cannot be written: {reason}.",
    "file_not_deleted": "{file} cannot be deleted: {reason}.",
    # What keeps the window from opening
    "doctor_python": "mnistviz needs Python {least} or later, and this is Python {version}.",
    "doctor_package": (
        "The Python package {package} is missing. Install it with\n    {python} -m pip install {package}"
    ),
    "doctor_pyside": (
        "PySide6 {found} does not work on Python {version}: it ends the program within seconds. "
        "Install an older one with\n    {python} -m pip install {requirement}"
    ),
    "doctor_libraries": (
        "The window needs system libraries that are missing: {libraries}. "
        "On Debian and Ubuntu, install them with\n    sudo apt install {packages}"
    ),
    "doctor_screen": "The screen {screen} cannot be reached, so there is no place for a window.",
    "doctor_no_screen": (
        "There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. "
        "“mnistviz train” and “mnistviz evaluate” need none."
    ),
    "doctor_well": "All is well: {versions}, and every system library that the window needs.",
    # Settings
    "setting_out_of_range": "{field} must lie between {low} and {high}, and {value} does not.",
    "setting_unknown": "{field} cannot be {value}; the choices are {choices}.",
    "too_few_layers": "A network needs an input layer and an output layer at least.",
    "too_many_layers": "A network may have at most {high} hidden layers, and this one has {value}.",
    "too_many_weights": "A network may have at most {high} weights, and this one has {value}.",
    "settings_do_not_fit": "The {output} output and the {cost} cost do not fit together.",
    "settings_of_other_network": "These settings are for another network: {field} is {value}, and the network has "
    "{network}.",
    "setting_not_known": "There is no setting named {name}.",
    "setting_unnamed": "A setting has no name.",
    "setting_is_text": "{field} must be a number, not text.",
    "setting_not_number": "{field} must be a number.",
    "setting_not_whole": "{field} must be a whole number, and {value} is none.",
    "setting_not_choice": "{field} must be one of these: {choices}.",
    "setting_not_sizes": "{field} must be a whole number, in a list such as [784, 30, 10].",
    "set_empty": "There are no digits in the set.",
    "number_range": "{name} takes a number from {low} to {high}.",
    "number_whole": "{name} takes a whole number from {low} to {high}.",
    # Recipes: what they are called, and what they show
    "recipe_chapter-1": "Chapter 1",
    "recipe_chapter-1_about": "The book's first network: 30 hidden sigmoid neurons and the quadratic cost.",
    "recipe_chapter-1-100": "Chapter 1, 100 hidden",
    "recipe_chapter-1-100_about": "The same with 100 hidden neurons. "
    "With many seeds an output dies, with seed 1 for example.",
    "recipe_eta-too-small": "η too small",
    "recipe_eta-too-small_about": "η = 0.001: it learns, but after 30 epochs it is still nowhere.",
    "recipe_eta-too-large": "η too large",
    "recipe_eta-too-large_about": "η = 100: every step leaps over the valley, and it answers no better than by "
    "guessing.",
    "recipe_chapter-3": "Chapter 3",
    "recipe_chapter-3_about": "What the book's third chapter adds: the cross-entropy cost, initial weights of 1/√n, "
    "weight decay λ, and an η that falls.",
    "recipe_overfit": "Overfitting",
    "recipe_overfit_about": "Only 1,000 training digits: the network learns them by heart, and the validation curve "
    "stays far below.",
    "recipe_deep-1": "Deep: 1 sigmoid layer",
    "recipe_deep-1_about": "One hidden layer of 30, to compare the deeper ones with.",
    "recipe_deep-2": "Deep: 2 sigmoid layers",
    "recipe_deep-2_about": "Two hidden layers: the first learns more slowly than the second.",
    "recipe_deep-3": "Deep: 3 sigmoid layers",
    "recipe_deep-3_about": "Three hidden layers: the gradient shrinks from layer to layer on its way back.",
    "recipe_deep-4": "Deep: 4 sigmoid layers",
    "recipe_deep-4_about": "Four hidden layers: the gradient has all but vanished at the first, and depth gains "
    "nothing.",
    "recipe_deep-relu": "Deep: 4 ReLU layers",
    "recipe_deep-relu_about": "The same four layers with ReLU and its initial weights: the gradient does not vanish.",
    "recipe_fast": "Fast",
    "recipe_fast_about": "98 % in seconds: ReLU, softmax, momentum, an η that falls along a cosine, and training "
    "digits shifted by a pixel at the most.",
    "recipe_best": "Best",
    "recipe_best_about": "99 % in a minute: the same with two larger hidden layers and weight decay λ.",
    "recipe_distorted": "Distorted digits",
    "recipe_distorted_about": "The most that full layers reach here: training digits are shifted, turned and bent "
    "anew in each epoch. Takes minutes.",
    "recipe_without_name": "A recipe needs a name.",
    "recipe_not_known": "There is no recipe named {name}; the recipes are {names}.",
    # Settings files
    "settings_file_missing": "There is no file {file}.",
    "settings_file_unreadable": "{file} cannot be read: {reason}.",
    "settings_file_too_large": "{file} is too large for a file of settings: at most {most} bytes are read.",
    "settings_file_not_text": "{file} is not a file of settings: it is not text in UTF-8.",
    "settings_file_not_toml": "{file} is not a file of settings in TOML: {reason}.",
    # Training without a window
    "file_twice": "{file} is named for two things; each needs a file of its own.",
    "file_is_read": "{file} is not written: it is read, and what is in it would be lost. Name another file.",
    "file_no_room": "There is no room for {file}, which may need {size} bytes: {reason}.",
    "file_elsewhere": "{file} cannot be written: {reason}. It is saved in {other} instead.",
    "output_not_written": "The output cannot be written: {reason}.",
    "train_saved": "Saved in {file}.",
    "train_eta_zero": "The cosine ends after {schedule_epochs} of {epochs} epochs: η is 0 from then on.",
    "train_endless": "There is no stopping rule: training goes on until you press Ctrl-C.",
    "train_no_improvement": "Stopped: validation has not improved for {epochs} epochs. It was best in epoch {epoch}: "
    "{accuracy} %.",
    "best_not_yet": "There are no best weights before the end of the first epoch: the last ones are kept.",
    # What a run shows
    "run_diverged": "The cost is no longer a number: the steps were too large, and the weights have run away. "
    "Lower η and begin a new run.",
    "run_stuck_large_eta": "The network answers no better than by guessing. With η = {eta} each step leaps over "
    "the valley, and the neurons saturate: lower η and begin a new run.",
    "run_stuck": "The network answers no better than by guessing so far. With η = {eta} it may learn "
    "too slowly: raise η.",
    "output_silent": "Output {names} hardly ever fires: of {all} validation digits {count} are read as {names}. Some "
    "initial weights end like this; it may wake up later, or try another seed.",
    "outputs_silent": "The outputs {names} hardly ever fire: of {all} validation digits {count} are read as one of "
    "them. Some initial weights end like this; they may wake up later, or try another seed.",
    "outputs_silent_large_eta": "Hardly any validation digit is read as {names}. With η = {eta} the steps are so "
    "large that outputs saturate and no longer learn: lower η.",
    "layer_dead": "In hidden layer {layer}, {share} % of the neurons are dead: they answer 0 to every digit and "
    "can't learn any more. Leaky ReLU or a smaller η keeps them alive, in a new run.",
    "layer_saturated": "In hidden layer {layer}, {share} % of the answers are saturated: σ′ is near 0 there, and "
    "little is learned. Smaller initial weights, 1/√n, help in a new run.",
    "gradients_vanish": "The gradient vanishes: the first hidden layer learns {times} times more slowly than the "
    "last. ReLU with its initial weights helps, in a new run.",
    "overfitting": "The network learns its training digits by heart: {training} % of them are right, but only "
    "{validation} % of the validation digits. Weight decay, dropout or more digits help.",
    "stopped_epochs": "Stopped after {epochs} epochs, as set. Best validation accuracy: {accuracy} % after epoch "
    "{epoch}.",
    "stopped_no_improvement": "Stopped: validation has not improved for {epochs} epochs. Best: {accuracy} % after "
    "epoch {epoch}; you can go back to those weights.",
    "change_falls_less": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost went on to fall, from {before} to {after} on average, and it jitters less.",
    "change_falls_more": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost went on to fall, from {before} to {after} on average, and it jitters more.",
    "change_falls_same": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost went on to fall, from {before} to {after} on average.",
    "change_rises_less": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost rose, from {before} to {after} on average, and it jitters less.",
    "change_rises_more": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost rose, from {before} to {after} on average, and it jitters more.",
    "change_rises_same": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost rose, from {before} to {after} on average.",
    "change_same_less": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost stayed about the same, {after} on average, and it jitters less.",
    "change_same_more": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost stayed about the same, {after} on average, and it jitters more.",
    "change_same_same": "{setting} went from {old} to {new} at epoch {place}: "
    "the cost stayed about the same, {after} on average.",
}

FIELDS: Final[dict[str, str]] = {
    "epochs": QT_TRANSLATE_NOOP("Sentences", "The number of epochs"),
    "inputs": QT_TRANSLATE_NOOP("Sentences", "The number of inputs"),
    **{name: words.subject for name, words in SETTING_WORDS.items()},
}
"""The names of the settings, where a sentence begins with `{field}`."""

SYMBOLS: Final[dict[str, str]] = {
    name: words.short if words.symbol else words.subject for name, words in SETTING_WORDS.items()
}
"""The names of the settings where a sentence begins with `{setting}`: a symbol, if there is one."""

UNKNOWN: Final = "Something went wrong ({code})."


def plain_number(value: int | float) -> str:
    """A number in English: 60,000 or 0.25."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"


def printable(text: str) -> str:
    """`text` with all that a terminal would obey, or could not print, written as an escape; “” if it is empty.

    What a file or its name holds is not ours: it may hold control characters, or bytes that are no letters.
    """
    return "".join(map(_printable, text)) or "“”"


def sentence(
    code: str,
    values: Mapping[str, object],
    translate: Callable[[str], str] = str,
    number: Callable[[int | float], str] = plain_number,
) -> str:
    """The sentence for `code`, its places filled with `values`.

    `translate` turns the English pattern, places included, into the reader's language, and `number` writes
    his numbers. Several texts are joined with commas, and every text is made `printable`. An unknown code still
    gives a sentence, one that names the code.
    """
    if code not in SENTENCES:
        return translate(UNKNOWN).format(code=code)
    shown: dict[str, object] = {}
    for name, value in values.items():
        if name == "field":
            shown[name] = printable(translate(FIELDS.get(str(value), str(value))))
        elif name == "setting":
            shown[name] = printable(translate(SYMBOLS.get(str(value), str(value))))
        elif isinstance(value, int | float):
            shown[name] = number(value)
        elif isinstance(value, list | tuple) and all(isinstance(text, str) for text in value):
            shown[name] = printable(", ".join(map(str, value)))
        else:
            shown[name] = printable(str(value))
    return translate(SENTENCES[code]).format(**shown)


def _printable(letter: str) -> str:
    if letter.isprintable() or unicodedata.category(letter) == "Zs":  # a space of whatever width
        return letter
    return letter.encode("unicode_escape").decode()
