"""A notebook whose cells follow one another: `marimo edit notebook.py`."""

import marimo

app = marimo.App()


@app.cell
def study():
    """Make the study."""
    import uncertainty as un

    field = un.Study.from_function(
        lambda width, height: {"area": width * height}, {"width": "2 to 3", "height": "4 to 5"}
    )
    return field, un


@app.cell
def result(field, un):
    """Show its result, which draws itself."""
    run = un.propagate(field, budget=20_000)
    return (run,)
