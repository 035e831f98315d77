"""What trains the roles' linear chain: labelled pages to learn from, and the fit. Nothing of the package needs it."""
