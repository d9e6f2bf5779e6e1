"""Quality: what answers, readers, reviews and flags together say of a lesson, worked out every night.

It orders searches and recommendations. Nobody earns by it, and no page shows it as a number.
"""
