"""kliping turns crawled Indonesian news into an annotated corpus; every value cites the raw span that proves it."""
