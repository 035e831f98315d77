"""What kliping shows to a person: the terminal view of one document, and how results become sentences."""
