"""Pure functions over text: tidying, sections, sentences, what fits a context, slugs."""
