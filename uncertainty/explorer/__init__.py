"""A study that its readers can change: exported as data, computed again in their browser.

`export_program` writes a study down as plain data, `page_script` is the engine and the controls that read it.
"""

from uncertainty.explorer.program import export_program, is_large, offered, page_script, program_json

__all__ = ["export_program", "is_large", "offered", "page_script", "program_json"]
