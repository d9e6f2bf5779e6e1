"""Running PeerLearn for years: saving and putting back, upgrading, and looking whether all is well.

No pages: what an operator does is a command. It stands above the features because it looks at all of their data.
"""
