"""Pages of outcomes, a module for each kind of thing."""
