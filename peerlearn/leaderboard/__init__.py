"""Boards: around me, my team, teams, the season and its hall.

Words: *league points* (LP) are a week's XP up to 150 plus its Impact up to 100, of workdays only; a *season* is
thirteen weeks; a *team score* weighs members so that small and large teams have the same chance. Boards read the sums
that the points engine keeps; they store nothing.
"""
