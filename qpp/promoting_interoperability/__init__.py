"""Promoting Interoperability, 42 CFR 414.1375 and 414.1380(b)(4).

Its own package because more than one program scores with it.
"""
