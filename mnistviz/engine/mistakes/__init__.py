"""Which samples a network misclassifies, since when, and where two networks differ. Pure, and can be cancelled."""
