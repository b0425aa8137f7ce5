"""What an editor shows is what the module says."""

import pytest
from stub_docs import STUBS, documented


@pytest.mark.parametrize("stub", STUBS)
def test_the_docstrings_of_a_stub_are_the_modules(stub):
    here, wanted = documented(stub)
    assert '"""' in here
    assert here == wanted, "python tests/stub_docs.py writes them anew"
