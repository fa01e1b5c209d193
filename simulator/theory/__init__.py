"""Textbook formulas and exact optimisers, which rules, checks and the lab page use. Begin with inventory/.

`inventory`  how much stock gives which service, and the best rule for it
`smoothing`  what a replenishment rule does to the orders, and the calmest production plan
`aggregate`  workforce, overtime, stock and backlog over the coming months at least cost
`forecast`   measures of accuracy and the classic recursions
`statistics` intervals, paired differences, number of replications
`selection`  which of several ways is best, and how many runs it takes to say so
`multiple`   several comparisons that hold together
`sensitivity` effects of factors, and the shares of variance that they explain
`warmup`     how much of a run's beginning to leave out
`beer_game`  the four-stage board game and its benchmark

Unless a docstring says otherwise a scalar in gives a scalar out, arrays broadcast, and a lane gives the same bits alone
or in company.
"""
