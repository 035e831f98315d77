"""kliping turns crawled Indonesian news text into an annotated corpus whose every value cites the raw span that proves it."""
