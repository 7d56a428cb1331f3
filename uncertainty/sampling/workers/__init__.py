"""Who works through the blocks: threads, processes or a cluster, and no number depends on it."""
