"""Fuzzing: every parser that takes bytes from outside, fed with mutants of real input."""
