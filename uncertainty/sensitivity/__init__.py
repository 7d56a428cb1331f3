"""Which inputs drive an output."""
