"""Between a question and its answer: which are shown, how an answer is read, where it is given."""
