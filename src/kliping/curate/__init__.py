"""What people decide about a corpus, kept apart from what the program finds."""

REASONS = ("outlet", "person", "court", "other")
"""Who may ask for a takedown: the outlet, a person the article tells of, a court. Nothing more is kept of why."""
