"""Pages of the training room, a file for each thing that people come for."""
