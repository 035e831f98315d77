"""One document at a time, from bytes to annotations: pure functions that open no file and know nothing of Arrow."""
