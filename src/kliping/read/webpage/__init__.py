"""What a web page holds: its visible text (`lines`), its parts (`regions`), and what its markup says of it.

Pure functions of the page's markup. `kliping.read.html` makes documents of them.
"""
