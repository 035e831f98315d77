"""What is found in an article once its spans have roles: one module or folder each."""
