"""A page with a field to type into: `streamlit run dashboard.py`."""

import streamlit as st

import uncertainty as un

width = st.text_input("Width", "2 to 3")
try:
    study = un.Study.from_function(
        lambda width, height: {"area": width * height}, {"width": width, "height": "4 to 5"}
    )
    st.dataframe(un.propagate(study, budget=20_000).table.to_pandas())
    st.image(un.plot(study, "intervals", budget=20_000).svg)
except un.UncertaintyError as error:
    st.error(str(error))
