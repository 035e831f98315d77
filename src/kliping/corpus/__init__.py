"""The corpus on disk: its tables, its files and what describes them."""
