"""What people decide about a corpus, kept apart from what the program finds."""
