"""The arithmetic of the pages of Ideas: pure functions of values, which know no screen."""
