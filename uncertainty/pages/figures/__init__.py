"""Pictures of results, drawn by matplotlib in one style; each is a function from results to a drawing."""
