"""Active days: the weekly goal, which is shown first, and the streak of workdays, which is one's own business.

Words: an *active day* is a workday on which something was learned or taught; a *freeze* covers a missed workday; a
*repair* is a double day that mends a streak that broke lately.
"""
