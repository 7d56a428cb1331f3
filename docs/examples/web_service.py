"""An interval over HTTP: `fastapi dev web_service.py`, then `/area?width=2 to 3`."""

import fastapi

import uncertainty as un

app = fastapi.FastAPI()


@app.get("/area")
def area(width: str = "2 to 3") -> dict:
    """Answer with the document of a run, or with every fault."""
    try:
        study = un.Study.from_function(
            lambda width, height: {"area": width * height}, {"width": width, "height": "4 to 5"}
        )
        return un.document(un.propagate(study, budget=20_000))
    except un.UncertaintyError as error:
        raise fastapi.HTTPException(422, [str(fault) for fault in error.faults]) from error
