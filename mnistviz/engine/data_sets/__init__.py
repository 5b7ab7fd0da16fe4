"""Data sets of the user: pictures of any size in classes, converted to digits of 28 × 28. `survey` detects what a file
or a folder contains, `import_digits` converts it, and `open_data` does both."""
