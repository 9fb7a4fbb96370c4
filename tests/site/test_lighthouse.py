"""Lighthouse gives the pages good marks, on a slow phone too."""

import pytest

from tests.site import lighthouse

pytestmark = [pytest.mark.browser, pytest.mark.alone, pytest.mark.usefixtures("browser_type_launch_args")]


@pytest.mark.parametrize("address", ["", "learn/your-first-session/", "recipes/count-visits/"])
def test_lighthouse_is_content(site_url, tmp_path, address):
    # A busy or slow machine makes a page look slower and never faster: the best of three runs counts, and after the
    # first one, the phone is as slow as this machine's index says.
    slowdown = lighthouse.SLOWDOWN
    for _ in range(3):
        scores = lighthouse.scores(site_url + address, tmp_path, "mobile", slowdown)
        if scores["performance"] >= 95:
            break
        slowdown = lighthouse.slowdown(tmp_path)
    assert scores.pop("performance") >= 95
    assert scores == {"accessibility": 100, "best-practices": 100, "seo": 100}
