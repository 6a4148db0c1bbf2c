"""Laws of the algebra: sums, products, maxima, minima, integrals and coverage, each for every kind it holds for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import COORDINATES, TIMES, rows

from intervalues import IntervalCollection, combine_intervals, maximum, minimum, total

pytestmark = pytest.mark.fuzz

# Sums of these are never rounded.
EXACT = ("ones", "ints", "bools", "huge ints", "Decimals", "ints and Decimals", "Fractions", "ints and Fractions")
# Nor are products, and quotients of the last two.
FRACTIONS = ("ints", "huge ints", "Fractions", "ints and Fractions")
FLOATS = ("floats", "ints and floats")
ALIKE = [EXACT[:4], EXACT[:6], FRACTIONS]  # kinds that mix with each other, and sums of which are exact
ZERO = IntervalCollection()
any_domain = st.sampled_from(list(COORDINATES))


@st.composite
def functions(draw, count, families=ALIKE, domains=any_domain, max_size=4, **options):
    """Some step functions of one domain, whose ends often meet, of kinds of one family."""
    domain, kinds = draw(domains), draw(st.sampled_from(families))
    pool = rows(domain, kinds, max_size=max_size * count, **options)
    made = draw(pool)
    owner = draw(st.lists(st.integers(0, count - 1), min_size=len(made), max_size=len(made)))
    closed = draw(st.sampled_from(["left", "right"]))
    shares = ([row for row, own in zip(made, owner, strict=True) if own == index] for index in range(count))
    try:
        return [combine_intervals(share, closed=closed) for share in shares]
    except OverflowError:
        return [ZERO] * count


def fractions(*args, **options):
    """The same with levels that are Fractions, of which quotients and integrals too are exact."""
    return functions(*args, [FRACTIONS], **options).map(lambda found: [c.map(Fraction) for c in found])


exact_numbers = st.integers(-3, 3) | st.integers() | st.fractions()


# Sums: an abelian group, and with numbers a vector space


@given(functions(3))
def test_sums_form_an_abelian_group(three):
    a, b, c = three
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + ZERO == a + 0 == 0 + a == a
    assert a - a == a + -a == ZERO
    assert a - b == a + -b == -(b - a)
    opposite = -a
    assert -opposite == +a == a


@given(fractions(2), exact_numbers, exact_numbers)
def test_functions_form_a_vector_space_over_the_fractions(two, r, s):
    a, b = two
    assert r * (a + b) == r * a + r * b
    assert (r + s) * a == r * a + s * a
    assert r * (s * a) == (r * s) * a
    assert 1 * a == a
    assert -1 * a == -a
    assert 0 * a == ZERO
    if r:
        assert a / r * r == a
        assert a / r == a * (Fraction(1) / r)


@given(fractions(3))
def test_products_form_a_commutative_ring_with_sums(three):
    a, b, c = three
    assert a * b == b * a
    assert (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert a * ZERO == ZERO
    assert a * 1 == a
    if a.support == b.support:
        assert a / b * b == a


# Maxima and minima: a distributive lattice


@given(functions(3, [*ALIKE, FLOATS]))
def test_maxima_and_minima_form_a_distributive_lattice(three):
    a, b, c = three
    for meet, join in ((maximum, minimum), (minimum, maximum)):
        assert meet(a, b) == meet(b, a)
        assert meet(meet(a, b), c) == meet(a, meet(b, c)) == meet(a, b, c) == meet([c, b, a])
        assert meet(a, join(a, b)) == meet(a, a) == meet(a) == a
        assert meet(a, join(b, c)) == join(meet(a, b), meet(a, c))
    assert maximum(a, b) == -minimum(-a, -b)
    assert ((a <= b) == ~ZERO.support) == (maximum(a, b) == b) == (minimum(a, b) == a)


@given(functions(3))
def test_the_maximum_and_the_minimum_add_up_to_the_sum(three):
    a, b, c = three
    assert maximum(a, b) + minimum(a, b) == a + b
    assert maximum(a, b) - minimum(a, b) == abs(a - b)
    assert maximum(a, b) + c == maximum(a + c, b + c)
    assert abs(a) == maximum(a, -a) == maximum(a, 0) - minimum(a, 0)
    assert a.excess(b) == maximum(a - b, 0) == a - minimum(a, b)


@given(functions(2, [*ALIKE, FLOATS]))
def test_the_maximum_and_the_minimum_add_up_to_the_sum_of_floats_too(two):
    a, b = two
    try:
        assert maximum(a, b) + minimum(a, b) == a + b
    except OverflowError:
        with pytest.raises(OverflowError, match="beyond the largest float"):
            a + b


# Comparisons


@given(functions(2, [*ALIKE, FLOATS, ("floats and Fractions",)]))
def test_comparisons_split_the_line_in_three(two):
    a, b = two
    above, below, same = a > b, a < b, a.level_set(b)
    assert above == (b < a)
    assert (a >= b) == (b <= a) == ~below == above | same
    assert (a <= b) == ~above == below | same
    assert above & below == above & same == below & same == ZERO.support
    assert above | below | same == ~ZERO.support
    assert (a == b) == (same == ~ZERO.support)


@given(functions(2))
def test_comparing_is_asking_for_the_sign_of_the_difference(two):
    a, b = two
    assert (a > b) == (a - b > 0)
    assert (a >= b) == (a - b >= 0)
    assert a.level_set(b) == ~(a - b).support


# Supports


@given(functions(2, [FRACTIONS, EXACT[:4]]))
def test_the_support_of_a_product_is_where_both_are(two):
    a, b = two
    assert (a * b).support == a.support & b.support
    assert (a + b).support <= a.support | b.support
    assert (-a).support == abs(a).support == (a * 7).support == a.support
    assert a.support == ~a.level_set(0) == (a > 0) | (a < 0)


@given(functions(2, [*ALIKE, FLOATS]))
def test_a_function_is_what_it_is_inside_a_region_and_outside(two):
    a, b = two
    region = b.support
    assert a.where(region) + a.where(~region) == a
    assert a.where(region).support == a.support & region
    assert a.where(region).where(region) == a.where(region)
    assert a.where(a.support) == a
    assert not a.where(~a.support)


# Sums of many


@given(functions(4, [*ALIKE, FLOATS, ("floats and Fractions",)]), st.randoms(use_true_random=False))
def test_the_total_does_not_depend_on_the_order(four, random):
    shuffled = random.sample(four, len(four))
    try:
        wanted = total(four)
    except OverflowError:
        with pytest.raises(OverflowError, match="beyond the largest float"):
            total(shuffled)
        return
    assert total(shuffled) == total(*four) == wanted
    assert -total(-c for c in four) == wanted


@given(functions(4))
def test_the_total_is_the_sum_where_sums_are_exact(four):
    a, b, c, d = four
    assert total(four) == a + b + c + d == total(total(a, b), total(c, d))
    assert total(a) == a
    assert total(*four, 2, 3) == a + b + c + d + 5


# Integrals: linear, where nothing is rounded. Those of bins, shifts, scales and wraps are laws of resampling.

MEASURED = ["small ints", "ints", "Fractions", "ints and Fractions", *TIMES]


@pytest.mark.parametrize("domain", MEASURED)
@given(st.data(), exact_numbers)
def test_the_integral_is_linear_and_monotone(domain, data, r):
    a, b = data.draw(fractions(2, domains=st.just(domain), open_ends=False))
    within = a.support | b.support
    of_a, of_b = (c.integral(within=within) for c in (a, b))
    assert (a + b).integral(within=within) == of_a + of_b
    assert (r * a).integral(within=within) == r * of_a
    assert maximum(a, b).integral(within=within) >= max(of_a, of_b)
    assert abs(a).integral(within=within) >= abs(of_a)
    assert a.integral(within=a.support) == of_a


@pytest.mark.parametrize("domain", MEASURED)
@given(st.data())
def test_the_integral_of_a_partition_is_that_of_the_whole(domain, data):
    a, b, c = data.draw(fractions(3, domains=st.just(domain), open_ends=False))
    parts = [a.support & b.support, a.support - b.support, b.support - a.support]
    assert sum(c.integral(within=part) for part in parts) == c.integral(within=a.support | b.support)


# What R's IRanges documents of coverage, in our words


@given(any_domain, st.data(), st.randoms(use_true_random=False))
def test_coverage_is_not_affected_by_the_order_of_the_rows(domain, data, random):
    made = data.draw(rows(domain))
    try:
        wanted = combine_intervals(made)
    except OverflowError:
        assume(False)
    assert combine_intervals(random.sample(made, len(made))) == wanted


@given(any_domain, st.data())
def test_coverage_of_rows_and_rows_is_the_sum_of_both(domain, data):
    made = data.draw(rows(domain, [data.draw(st.sampled_from(EXACT))]))
    for cut in range(len(made) + 1):
        assert combine_intervals(made) == combine_intervals(made[:cut]) + combine_intervals(made[cut:])
    assert combine_intervals(made) == combine_intervals(made[::2]) + combine_intervals(made[1::2])


def weighted(made, weights):
    return combine_intervals([(*row[:2], weight) for row, weight in zip(made, weights, strict=True)])


@given(any_domain, st.data(), exact_numbers)
def test_weights_times_a_number_give_coverage_times_that_number(domain, data, r):
    made = data.draw(rows(domain, FRACTIONS))
    assert weighted(made, [r * row[2] for row in made]) == r * combine_intervals(made)
    assert weighted(made, [[5, -11][index % 2] for index in range(len(made))]) == (
        5 * combine_intervals(row[:2] for row in made[::2]) - 11 * combine_intervals(row[:2] for row in made[1::2])
    )


@given(any_domain, st.data())
def test_sums_of_weights_give_the_sum_of_the_coverages(domain, data):
    made = data.draw(rows(domain, FRACTIONS))
    others = data.draw(st.lists(exact_numbers, min_size=len(made), max_size=len(made)))
    both = [row[2] + other for row, other in zip(made, others, strict=True)]
    assert weighted(made, both) == combine_intervals(made) + weighted(made, others)


@given(any_domain, st.data())
def test_a_row_that_is_there_n_times_counts_n_times(domain, data):
    made = data.draw(rows(domain, ["ones", "Fractions"]))
    times = data.draw(st.lists(st.integers(0, 4), min_size=len(made), max_size=len(made)))
    repeated = [row for row, count in zip(made, times, strict=True) for _ in range(count)]
    assert combine_intervals(repeated) == weighted(made, [row[2] * n for row, n in zip(made, times, strict=True)])
    assert combine_intervals(repeated, how="count") == weighted(made, times)


@pytest.mark.parametrize("domain", ["small ints", "ints", "Fractions"])
@given(st.data())
def test_the_area_under_coverage_is_the_sum_of_widths_times_weights(domain, data):
    made = data.draw(rows(domain, FRACTIONS, open_ends=False))
    c = combine_intervals(made)
    assert c.integral() == sum((stop - start) * weight for start, stop, weight in made)
    count = combine_intervals(made, how="count")
    assert count.integral() == sum(stop - start for start, stop, _ in made)


@given(any_domain, st.data())
def test_merging_or_cutting_rows_first_shaves_coverage_at_one(domain, data):
    made = data.draw(rows(domain))
    c = combine_intervals(made, how="count")
    disjoint = [interval[:2] for interval in c]
    shaved = minimum(c, 1)
    assert combine_intervals(disjoint) == shaved
    assert combine_intervals(interval[:2] for interval in c.support) == shaved
    assert shaved.support == c.support
