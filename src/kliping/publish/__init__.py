"""What leaves the house: a release, an upload, a copy without text."""
