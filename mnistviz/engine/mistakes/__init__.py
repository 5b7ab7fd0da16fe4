"""Mistakes: which samples a network misclassifies, since when, and where two networks differ. Pure functions; long
computations work in pieces and can be cancelled."""
