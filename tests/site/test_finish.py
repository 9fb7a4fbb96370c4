"""What extensions/finish.py does to each page."""

from extensions import finish


def test_around_a_page_s_text_lines_are_not_indented():
    foot = '<footer class="page-foot">'
    page = f"<body>\n    <p>\n\n  a</p><article>\n  <pre>\n    b</pre>{foot}\n   <p>c</p></article>\n  d"
    light = f"<body>\n<p>\na</p><article>\n  <pre>\n    b</pre>{foot}\n<p>c</p></article>\nd"
    assert finish.lighter(page) == light


def test_a_page_without_a_text_stays_as_it_is():
    assert finish.lighter("<p>\n  a</p>") == "<p>\n  a</p>"


def test_the_label_that_opens_a_part_in_the_menu_has_a_name():
    label = '<label class="md-nav__link " for="__nav_4" id="__nav_4_label">\n<span class="md-nav__icon md-icon">'
    before = f'<span class="md-ellipsis">\n Recipes\n</span></a>\n{label}</span></label>'
    assert f'{label}<span class="hidden-name">Pages of Recipes</span></span>' in finish.harden(before)
    named = before.replace("</a>", "")  # without a page of its own, the label has the part's name
    assert "hidden-name" not in finish.harden(named)


def test_a_label_of_a_checkbox_that_is_not_there_is_a_heading():
    label = '<label class="md-nav__title" for="__toc">Contents</label>'
    assert finish.harden(label) == '<label class="md-nav__title">Contents</label>'
    assert label in finish.harden(f'<input id="__toc">{label}')
