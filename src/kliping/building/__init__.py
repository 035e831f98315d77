"""Many documents to one corpus, on this machine or on a Spark cluster: the bytes are the same."""
