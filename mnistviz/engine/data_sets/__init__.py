"""Data sets of the user: pictures of any size in classes, converted to digits of 28 × 28.

`survey` finds out what a file or a folder holds, `import_digits` makes digits of it, and `open_data` does both.
"""
