"""kliping inside what other libraries hold and run: data frames, and pipelines of datatrove."""
