"""A paper's most telling figure, drawn for the web, and the post's teaser."""
