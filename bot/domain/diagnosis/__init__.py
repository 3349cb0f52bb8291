"""What could be wrong, which test tells it apart, and what a result says of it."""
