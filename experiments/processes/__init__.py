"""Several processes that train together: how they meet, agree, and notice that one is gone."""
