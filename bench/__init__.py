"""Measures PeerLearn against anchors in the same run: `make bench`."""
