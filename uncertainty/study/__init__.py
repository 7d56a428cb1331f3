"""Studies: their files, the immutable objects made of them, and the scenarios they hold."""
