"""An editor shows the docstrings of the module."""

import pytest
from stub_docs import STUBS, documented


@pytest.mark.parametrize("stub", STUBS)
def test_stub_docstrings_equal_those_of_the_module(stub):
    here, wanted = documented(stub)
    assert '"""' in here
    assert here == wanted, "run python tests/stub_docs.py to update them"
