"""What a web page holds: its visible text (`lines`), the places of the page (`places`), and what its markup says (`stated`).

Pure functions of the page's markup. `kliping.read.html` makes documents of them.
"""
