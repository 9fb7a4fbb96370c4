"""The theme's style sheet, without what no page has (extensions/lean.py)."""

from extensions import lean


def test_a_rule_stays_if_its_classes_are_there():
    css = ".a .b:hover{color:red}.a .c,.b{color:blue}p{margin:0}"
    assert lean.trim(css, {"a", "b"}) == ".a .b:hover{color:red}.b{color:blue}p{margin:0}"


def test_a_rule_within_a_condition_goes_alike_and_takes_an_empty_one_with_it():
    css = "@media print{.a{color:red}.b{color:blue}}@media screen{.b{color:blue}}@keyframes x{0%{top:0}to{top:1px}}"
    assert lean.trim(css, {"a"}) == "@media print{.a{color:red}}@keyframes x{0%{top:0}to{top:1px}}"


def test_a_class_that_a_rule_may_or_must_not_see_is_not_needed():
    css = ".a:not(.b,.c) p{color:red}:is(.b,.a) i{color:blue}"
    assert lean.trim(css, {"a"}) == css


def test_names_that_a_script_puts_together_are_there():
    assert lean.trim(".tab--next{top:0}.tag--x{top:0}", {"tab--"}) == ".tab--next{top:0}"


def test_a_variable_that_nothing_uses_goes_and_a_selector_that_looks_like_one_stays():
    css = ':root{--x:red;--y:url("data:a;b");--z:calc(1px + (2px))}.a--x:not([hidden]):hover{color:var(--z)}'
    assert lean.trim(css, {"a--x"}) == ":root{--z:calc(1px + (2px))}.a--x:not([hidden]):hover{color:var(--z)}"


def test_an_icon_goes_with_the_last_rule_that_shows_it():
    css = ':root{--x:url("data:a");--y:url("data:b")}.a{mask:var(--x)}.b{mask:var(--y)}'
    assert lean.trim(css, {"a"}) == ':root{--x:url("data:a");}.a{mask:var(--x)}'
