"""Workbooks with live formulas as studies: cells are read, formulas translated, nothing is ever evaluated."""
