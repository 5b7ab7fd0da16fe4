"""Sentences for all faults and findings of the engine, by code. The engine reports codes and values, without language.
The window and the command line both use these sentences, and the window passes its translation as `translate`."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from mnistviz.marking import marked
from mnistviz.notice_sentences import EFFECTS, NOTICE_SENTENCES, SHORT_EFFECTS
from mnistviz.setting_words import SETTING_WORDS

# fmt: off
SENTENCES: Final[dict[str, str]] = {
    **NOTICE_SENTENCES,
    # Recipes: names, descriptions, and results
    "recipe_group_book": marked("The book"),
    "recipe_group_wrong": marked("Made to go wrong"),
    "recipe_group_deep": marked("Deep networks"),
    "recipe_group_well": marked("The best results"),
    "recipe_group_own": marked("Your own"),
    "recipe_share": marked("{median} % ({lowest} to {highest})"),
    "recipe_seeds": marked("{learned} of {seeds} seeds"),
    "recipe_reaches": marked(
        "It reads {median} % of the test digits after {epochs} epochs ({lowest} to {highest} % with {seeds} seeds); "
        "nine of ten seeds reach {nine_of_ten} %."),
    "recipe_reaches_some": marked(
        "It reads {median} % of the test digits after {epochs} epochs ({lowest} to {highest} %) with {learned} of "
        "{seeds} seeds. With the rest an output hardly ever fires."),
    "recipe_stops": marked("It trains for {epochs} epochs, which take about {time}, and stops there."),
    "recipe_goes_on": marked("Its first {epochs} epochs take about {time}. It goes on until you pause."),
    "recipe_seconds": marked("{count} seconds"),
    "recipe_minutes": marked("{count} minutes"),
    "recipe_chapter-1": marked("Chapter 1"),
    "recipe_chapter-1_about": marked("The book's first network: 30 hidden sigmoid neurons and the quadratic cost."),
    "recipe_chapter-1-100": marked("Chapter 1, 100 hidden"),
    "recipe_chapter-1-100_about": marked(
        "100 hidden neurons, with seed 5: with many other seeds an output hardly ever fires."),
    "recipe_chapter-3": marked("Chapter 3"),
    "recipe_chapter-3_about": marked(
        "The cross-entropy cost, initial weights of 1/√n, weight decay λ, and an η that falls."),
    "recipe_eta-too-small": marked("η too small"),
    "recipe_eta-too-small_about": marked("Chapter 1 with η = 0.001: it learns, but much too slowly."),
    "recipe_eta-too-large": marked("η too large"),
    "recipe_eta-too-large_about": marked("Chapter 1 with η = 100: it is hardly better than guessing."),
    "recipe_overfit": marked("Overfitting"),
    "recipe_overfit_about": marked(
        "Only 1,000 training digits: it learns them by heart, and validation stays far below."),
    "recipe_deep-1": marked("Deep: 1 sigmoid layer"),
    "recipe_deep-1_about": marked("One hidden layer of 30, for comparison with the deeper ones."),
    "recipe_deep-2": marked("Deep: 2 sigmoid layers"),
    "recipe_deep-2_about": marked("Two hidden layers: at the beginning the first learns more slowly than the second."),
    "recipe_deep-3": marked("Deep: 3 sigmoid layers"),
    "recipe_deep-3_about": marked(
        "Three hidden layers: at the beginning the gradient shrinks from layer to layer on its way back."),
    "recipe_deep-4": marked("Deep: 4 sigmoid layers"),
    "recipe_deep-4_about": marked(
        "Four hidden layers: at first hardly any gradient reaches the first, and depth gains nothing."),
    "recipe_deep-relu": marked("Deep: 4 ReLU layers"),
    "recipe_deep-relu_about": marked(
        "The same four layers with ReLU and its initial weights: the gradient does not vanish."),
    "recipe_fast": marked("Fast"),
    "recipe_fast_about": marked("ReLU, softmax, momentum, an η that falls, and digits shifted by at most one pixel."),
    "recipe_best": marked("Best"),
    "recipe_best_about": marked("Like Fast, with two larger hidden layers and weight decay λ."),
    "recipe_distorted": marked("Distorted digits"),
    "recipe_distorted_about": marked(
        "Larger than Best, with training digits shifted, turned and bent anew in each epoch."),
    # The pages of Ideas
    "circuit_circle": marked(
        "Gate {gate} feeds gate {source} already: a wire back would close a circle, and each would wait for the other. "
        "Signals here run one way."),
    "circuit_circle_itself": marked(
        "Gate {gate} can't feed itself: it would wait for its own answer. Signals here run one way."),
    "circuit_full": marked("There is room for {most} gates. Take one away first."),
    # Files of all kinds
    **dict.fromkeys(
        ("data_no_file", "network_missing", "experiment_missing", "picture_missing", "settings_file_missing"),
        marked("There is no file {file}.")),
    **dict.fromkeys(
        ("data_unreadable", "network_unreadable", "experiment_unreadable", "picture_unreadable",
         "settings_file_unreadable"), marked("{file} cannot be read: {reason}.")),
    **dict.fromkeys(
        ("network_newer", "experiment_newer"), marked("{file} was saved by a newer version of mnistviz.")),
    # The data set
    "data_no_folder": marked("{file} is not a folder."),
    "data_missing": marked("{file} is missing from {folder}."),
    "data_not_gzip": marked("{file} is not a gzip file."),
    "data_damaged": marked("{file} is damaged and cannot be unpacked."),
    "data_truncated": marked("{file} ends too early: it is truncated."),
    "data_too_long": marked("{file} holds more than its header announces."),
    "data_wrong_magic": marked("{file} is not a file of digits in the MNIST format."),
    "data_wrong_size": marked("{file} holds pictures of {width} × {height} pixels; they must be 28 × 28."),
    "data_too_large": marked("{file} is too large: at most {most} digits are read."),
    "data_file_too_large": marked("{file} is too large: at most {most} bytes are read."),
    "data_empty": marked("{file} holds no digits."),
    "data_too_few": marked("{file} holds too few digits. At least {least} are needed, and it has {count}."),
    "data_label_out_of_range": marked("{file} has the label {label}; labels must lie between 0 and {highest}."),
    "data_counts_differ": marked("{file} has {labels} labels for {images} pictures."),
    "data_checksum": marked("{file} is not the file that came with the program: its checksum differs."),
    "data_classes": marked("{file} must name {least} to {most} classes, one a line, {length} letters at most."),
    "data_classes_too_few": marked("{file} names {named} classes, but the labels go up to {label}."),
    # The user's data sets
    "data_many_folders": marked("{file} has more than {most} subfolders; a data set has one for each class."),
    "data_no_set": marked(
        "{file} is not a data set. The four files of MNIST are read, a folder with a subfolder of pictures for each "
        "class, a CSV and an .npz."),
    "data_no_pictures": marked("There are no pictures in {file}: each class needs a subfolder with its pictures."),
    "data_left_out": marked("Pictures left out, as they cannot be read: {count}, the first of them {file}."),
    "data_no_reader": marked("{file} consists of pictures, which cannot be read here."),
    "data_no_table": marked("{file} is not a table of digits: it is not text in UTF-8."),
    "data_table_line": marked("Line {line} of {file} is not a picture: a label and grey values from 0 to 255."),
    "data_table_empty": marked(
        "{file} holds no digits. A table needs a line for each digit: its label and its grey values, with commas "
        "between them."),
    "data_table_width": marked(
        "{file} has this many numbers beside each label: {count}. A square picture needs a square number of them, such "
        "as 784."),
    "data_no_arrays": marked("{file} has no array {missing}; a data set has x_train and y_train, x_test and y_test."),
    "data_array_shape": marked("The array {name} of {file} is not of a kind or size that can be read."),
    "data_array_values": marked("The array {name} of {file} has values that do not lie between 0 and {most}."),
    "data_many_sets": marked("{file} holds several data sets: {names}. Choose a file of one of them."),
    "data_no_class": marked("{file} has no class {name}; its classes are {classes}."),
    "data_number_of_classes": marked(
        "{count} classes of {file} are wanted, and {least} to {most} can be read. Choose among them."),
    "data_few_classes": marked("Too few classes in {file}: {count}. From {least} to {most} are needed."),
    "data_fewer_digits": marked("{wanted} training digits are wanted, and {name} has {count}."),
    # Networks on disk
    "network_unknown": marked("{file} is not a network that mnistviz has saved."),
    "network_without_runs": marked("{file} is a network, which holds no runs."),
    "network_damaged": marked("{file} is damaged and cannot be read as a network."),
    "network_too_large": marked("{file} holds a larger network than mnistviz can train."),
    "network_not_finite": marked("{file} holds weights that are not finite numbers."),
    "network_diverged": marked("{file} was not saved: the network has diverged, its weights are not finite numbers."),
    "network_format": marked("{file} is not written: its name must end in one of these: {formats}."),
    "network_does_not_fit": marked(
        "A network with {inputs} inputs and {outputs} outputs does not fit the data set {data}, which needs {pixels} "
        "inputs and {classes} outputs."),
    # Experiments, and runs as a line
    "experiment_unknown": marked("{file} is not an experiment of mnistviz, or it was not copied to its end."),
    "experiment_damaged": marked("{file} is damaged and cannot be read as an experiment."),
    "experiment_too_large": marked("{file} is larger than any experiment can be."),
    "experiment_too_much": marked("{file} was not saved: more was done to these runs than a file can hold."),
    "experiment_other_data": marked(
        "{file} holds runs on {data}, and other digits are open. Open that data set first, then this file."),
    "experiment_without_weights": marked(
        "{file} holds no weights of run {letter}. “mnistviz replay” trains the run again and can save its network."),
    "experiment_without_run": marked("{file} holds no run {letter}; its runs are {letters}."),
    "session_full": marked("{file} was not opened: {most} runs are open, and there is no room for another one."),
    "session_other_data": marked(
        "{file} holds a run on {data}, and the other runs are on {other}. Open that data set: at the start after that "
        "the run is open."),
    "run_departs": marked(
        "Run {letter} has other weights here than in the file: the same after mini-batch {after}, others after "
        "mini-batch {by}. This machine rounds sums differently."),
    "run_departs_at_once": marked(
        "Run {letter} has other weights here than in the file, at mini-batch {by} already. This machine draws numbers "
        "differently."),
    "run_departs_after_start": marked(
        "Run {letter} has other weights here than in the file: the same at the start, others after mini-batch {by}. "
        "This machine rounds sums differently."),
    "run_agrees": marked("The weights are the same as in the file, at all of its {count} checksums."),
    "replay_step_absent": marked("The run has {most} mini-batches, so there is no mini-batch {step}."),
    "line_of_opened_network": marked(
        "This run began with the network of a file, which no line can hold: save the experiment instead."),
    "line_of_departed_run": marked(
        "This run goes on from weights of a file that this machine can't repeat: save the experiment instead."),
    "line_of_taught_drawing": marked(
        "A drawing was taught to this run, which no line can hold: save the experiment instead."),
    "line_too_long": marked(
        "So much was done to this run that a line of {most} letters can't hold it: save the experiment instead."),
    "line_too_many_mini_batches": marked(
        "A line can stand for a run of {most} mini-batches at most, as it is trained again: for a longer one, save the "
        "experiment instead."),
    "line_not_ready": marked("This run is not there yet: try again when it has been trained again."),
    "line_not_understood": marked("“{part}” can't be understood. A run is written like 784-30-10 seed 1 η 3; → 5000."),
    "line_act_unfit": marked("“{part}” can't be done: the run has no such layer, unit, digit or earlier mini-batch."),
    "line_not_in_order": marked("What was done to a run must stand in the order of its mini-batches."),
    "line_other_data": marked("The run is one on other digits: the checksum of its data begins with {data}."),
    "file_not_written": marked("{file} cannot be written: {reason}."),
    "picture_not_made": marked("The picture could not be made: there may be too little memory for one so large."),
    "file_not_deleted": marked("{file} cannot be deleted: {reason}."),
    "run_not_kept": marked("This run cannot be kept: {reason}. Save it elsewhere."),
    "other_run_not_kept": marked("Run {letter} cannot be kept: {reason}. Save it elsewhere."),
    "network_not_of_pictures": marked("A network with {inputs} inputs can't read pictures: these need {pixels}."),
    # Pictures of handwriting, and rows
    "picture_unknown": marked("{file} is not a picture of a kind that can be read."),
    "picture_damaged": marked("{file} cannot be read: it is damaged, or its kind of compression is not supported."),
    "picture_file_too_large": marked("{file} is too large: at most {most} bytes are read."),
    "picture_too_large": marked(
        "{file} is too large: it has {millions} million pixels, and at most {most} million are read."),
    "picture_without_digits": marked("There is no writing in {file}: nothing stands out from the paper."),
    "picture_line_absent": marked("{file} shows {count} lines of writing, so there is no line {line}."),
    "row_empty": marked("There is no ink to read in {file}."),
    "row_too_long": marked("{file} shows something too long and too low for a row of digits."),
    "row_unsure": marked(
        "The network is not sure enough to tell where digits begin and end in {file}. Train it longer."),
    "row_doubtful_single": marked("Not sure of the digit in {file}."),
    "row_doubtful": marked("Not sure of {file}. Check these of its {count} digits, counted from the left: {digits}."),
    # Obstacles to opening the window
    "doctor_python": marked("mnistviz needs Python {least} or later, and this is Python {version}."),
    "doctor_package": marked(
        "The Python package {package} is missing. Install it with\n    {python} -m pip install {package}"),
    "doctor_pyside": marked(
        "PySide6 {found} does not work on Python {version}: the program would crash within seconds. Install an older "
        "one with\n    {python} -m pip install {requirement}"),
    "doctor_libraries": marked(
        "The window needs system libraries that are missing: {libraries}. On Debian and Ubuntu, install them with\n    "
        "sudo apt install {packages}"),
    "doctor_picture_libraries": marked(
        "Pictures are read with Qt, which needs system libraries that are missing: {libraries}. On Debian and Ubuntu, "
        "install them with\n    sudo apt install {packages}"),
    "doctor_windows": marked(
        "Qt can't be loaded: {reason}. It needs Windows 10 or later, in 64 bits. If that is what you have, install "
        "Microsoft's Visual C++ Redistributable:\n    https://aka.ms/vs/17/release/vc_redist.x64.exe"),
    "doctor_macos": marked("Qt can't be loaded: {reason}. It needs macOS 13 or later."),
    "doctor_screen": marked("The screen {screen} cannot be reached, so there is no place for a window."),
    "doctor_no_screen": marked(
        "There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. “mnistviz train”, "
        "“mnistviz evaluate” and “mnistviz read” need none."),
    "doctor_well": marked("All is well: {versions}, and every system library that the window needs."),
    # Settings
    "setting_out_of_range": marked("{field} must lie between {low} and {high}, and {value} does not."),
    "setting_unknown": marked("{field} cannot be {value}; the choices are {choices}."),
    "too_few_layers": marked("A network needs an input layer and an output layer at least."),
    "too_many_layers": marked("A network may have at most {high} hidden layers, and this one has {value}."),
    "too_many_weights": marked("A network may have at most {high} weights, and this one has {value}."),
    "settings_do_not_fit": marked("The {output} output and the {cost} cost do not fit together."),
    "settings_of_other_network": marked(
        "These settings are for another network: {field} is {value}, and the network has {network}."),
    "setting_not_known": marked("There is no setting named {name}."),
    "setting_unnamed": marked("A setting has no name."),
    "setting_is_text": marked("{field} must be a number, not text."),
    "setting_not_number": marked("{field} must be a number."),
    "setting_not_whole": marked("{field} must be a whole number, and {value} is not."),
    "setting_not_choice": marked("{field} must be one of these: {choices}."),
    "setting_not_sizes": marked("{field} must be a whole number, in a list such as [784, 30, 10]."),
    "setting_not_classes": marked("{field} must have whole numbers only, as in [3, 7]."),
    "no_class_left": marked("At least one class must be trained on."),
    "set_empty": marked("There are no digits in the set."),
    "number_range": marked("{name} takes a number from {low} to {high}, and not “{typed}”."),
    "number_whole": marked("{name} takes a whole number from {low} to {high}, and not “{typed}”."),
    # Recipes
    "recipe_without_name": marked("A recipe needs a name."),
    "recipe_mistyped": marked("There is no recipe named {name}. Similar: {names}. “mnistviz recipes” lists all."),
    "recipe_not_known": marked("There is no recipe named {name}; the recipes are {names}."),
    # Settings files
    "settings_file_too_large": marked("{file} is too large for a file of settings: at most {most} bytes are read."),
    "settings_file_not_text": marked("{file} is not a file of settings: it is not text in UTF-8."),
    "settings_file_not_toml": marked("{file} is not a file of settings in TOML: {reason}."),
    # Training without a window
    "file_twice": marked("{file} is named for two things; each needs a file of its own."),
    "file_is_read": marked(
        "{file} is not written: the program reads it, and its content would be lost. Name another file."),
    "file_no_room": marked("There is no room for {file}, which may need {size} bytes: {reason}."),
    "file_elsewhere": marked("{file} cannot be written: {reason}. It is saved in {other} instead."),
    "output_not_written": marked("The output cannot be written: {reason}."),
    "train_saved": marked("Saved in {file}."),
    "train_eta_zero": marked("The cosine ends after {schedule_epochs} of {epochs} epochs: η is 0 from then on."),
    "train_endless": marked("There is no stopping rule: training goes on until you press Ctrl-C."),
    "train_no_improvement": marked(
        "Stopped: validation has not improved for {epochs} epochs. It was best in epoch {epoch}: {accuracy} %."),
    "best_not_yet": marked("There are no best weights before the end of the first epoch: the last ones are kept."),
}
# fmt: on

FIELDS: Final[dict[str, str]] = {
    "epochs": marked("The number of epochs"),
    "inputs": marked("The number of inputs"),
    **{name: words.subject for name, words in SETTING_WORDS.items()},
}
"""Names of the settings at the beginning of a sentence, as `{field}`."""

SYMBOLS: Final[dict[str, str]] = {
    name: words.short if words.symbol else words.subject for name, words in SETTING_WORDS.items()
}
"""Names of the settings at the beginning of a sentence, as `{setting}`: a symbol, if there is one."""

SHORT_NAMES: Final[dict[str, str]] = {name: words.short for name, words in SETTING_WORDS.items()}
"""Names of the settings inside a sentence, as `{settings}`."""

REASONS: Final[dict[str, str]] = {
    "not_a_regular_file": marked("it is not a regular file"),
    "not_a_file_name": marked("no file can have this name"),
    "not_utf8": marked("it is not text in UTF-8"),
}
"""Texts for `{reason}`; any other reason is in the system's own words."""

UNKNOWN: Final = marked("Something went wrong ({code}).")

_PERCENTS: Final = {"accuracy", "training", "validation", "now"}
"""Values that are accuracies in percent."""

_KNOWN: Final = {
    "field": FIELDS, "setting": SYMBOLS, "settings": SHORT_NAMES, "reason": REASONS, "effect": EFFECTS,
    "short_effect": SHORT_EFFECTS,
}  # fmt: skip
"""Values with names of their own."""


def plain_number(value: int | float) -> str:
    """Format a number in English: 60,000, 3.0 or 0.25."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.1f}" if value.is_integer() and abs(value) < 1e6 else f"{value:,g}"


def plain_percents(value: int | float) -> str:
    return f"{value:.2f}"


def printable(text: str) -> str:
    """Escape whatever a terminal would interpret, or could not print, in `text`; return “” if it is empty. Files and
    their names are untrusted: they may contain control characters, or bytes that are no letters."""
    return "".join(map(_printable, text)) or "“”"


def sentence(
    code: str,
    values: Mapping[str, object],
    translate: Callable[[str], str] = str,
    number: Callable[[int | float], str] = plain_number,
    percents: Callable[[int | float], str] = plain_percents,
) -> str:
    """Return the sentence for `code`, with `values` inserted. `translate` turns the English pattern, placeholders
    included, into the user's language, and `number` formats numbers; `percents` formats accuracies. Every other value
    is made `printable`, and a tuple of words is listed. An unknown code gives a sentence that names the code."""
    if code not in SENTENCES:
        return translate(UNKNOWN).format(code=code)

    def shown(name: str, value: object) -> str:
        if isinstance(value, int | float):
            return percents(value) if name in _PERCENTS else number(value)
        if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
            return ", ".join(shown(name, each) for each in value)
        word = str(value)
        known = _KNOWN.get(name, {}).get(word)
        return printable(word if known is None else translate(known))

    return translate(SENTENCES[code]).format(**{name: shown(name, value) for name, value in values.items()})


def _printable(letter: str) -> str:
    if letter.isprintable() or unicodedata.category(letter) == "Zs":  # any kind of space
        return letter
    return letter.encode("unicode_escape").decode()
