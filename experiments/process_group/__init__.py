"""Several machines that train one run together."""
