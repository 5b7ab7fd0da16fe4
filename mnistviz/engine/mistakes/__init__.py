"""Which samples a network misclassifies, since when, and where two networks differ: pure, cancellable functions."""
