"""The province of Damavand: portals served on loopback, with questionnaires and the truth about each.

No such province exists. Its portals stand in for real ones in the tests, the benchmarks and the first
audit of a fresh installation.
"""
