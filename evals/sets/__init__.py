"""The tasks there are: each module holds the data set, the solver and the scorer of one of them."""
