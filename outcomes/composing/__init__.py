"""What stands in a summary beside its figures: results, what is told of the period, how far the data can be
trusted, what the figures cannot say, what changed since the issue before. Each makes plain values, in the
active language; none of them passes a number by the gate."""
