"""What only goes out: pages made for looking at, which nothing reads back. Pure."""
