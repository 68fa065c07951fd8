"""A post's teaser image: its title, its counts, and a map of what its papers are about."""
