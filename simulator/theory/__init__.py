"""Textbook formulas that a run, a rule, a study or a page calls. Begin with inventory/.

`inventory`  how much stock gives which service
`smoothing`  the calmest production plan that demand and storage allow
`decision_rule` people and production month by month where every cost is quadratic
`statistics` intervals, paired differences, number of replications
`selection`  which of several ways is best, and how many runs it takes to say so
`multiple`   several comparisons that hold together
`sensitivity` effects of factors, and the shares of variance that they explain
`warmup`     how much of a run's beginning to leave out

Unless a docstring says otherwise a scalar in gives a scalar out, arrays broadcast, and a lane gives the same bits alone
or in company.
"""
