"""Who judges what in a round: frozen facts in, a kept result out, nobody's name in either.

In this order: as many reviews as possible (`coverage` for each idea), then loads as even as possible, then
the highest total fit. What lies on desks already stays there. The optimum is a flow of least cost, never a
sequence of good choices. See `facts` for what it is computed from, `solving` for what comes out.
"""
