//! The operations of `merge`, on levels of every type.

use std::borrow::Cow;

use intervalues_core::kernels::{Points, StepColumns, exact_float, merge, window};
use intervalues_core::{BLOCK, Error, Interrupt};

use crate::column::room;
use crate::memory::{Numbers, Slice};

/// What a merge does with two levels.
#[derive(Clone, Copy)]
pub(crate) enum Operation {
    Arithmetic(Arithmetic),
    /// In floats; zero by zero is zero.
    Divide,
    Comparison(Comparison),
    Logic(Logic),
    /// The first level where the second is not zero, else zero.
    Where,
}

#[derive(Clone, Copy)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Maximum,
    Minimum,
}

#[derive(Clone, Copy)]
pub(crate) enum Comparison {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
}

/// On levels 0 and 1.
#[derive(Clone, Copy)]
pub(crate) enum Logic {
    And,
    Or,
    Xor,
    Without,
}

type Merged<C, L> = Result<(Points<C>, Vec<L>), Error>;

impl Operation {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "add" => Operation::Arithmetic(Arithmetic::Add),
            "subtract" => Operation::Arithmetic(Arithmetic::Subtract),
            "multiply" => Operation::Arithmetic(Arithmetic::Multiply),
            "divide" => Operation::Divide,
            "maximum" => Operation::Arithmetic(Arithmetic::Maximum),
            "minimum" => Operation::Arithmetic(Arithmetic::Minimum),
            "gt" => Operation::Comparison(Comparison::Greater),
            "ge" => Operation::Comparison(Comparison::GreaterOrEqual),
            "lt" => Operation::Comparison(Comparison::Less),
            "le" => Operation::Comparison(Comparison::LessOrEqual),
            "eq" => Operation::Comparison(Comparison::Equal),
            "ne" => Operation::Comparison(Comparison::NotEqual),
            "and" => Operation::Logic(Logic::And),
            "or" => Operation::Logic(Logic::Or),
            "xor" => Operation::Logic(Logic::Xor),
            "without" => Operation::Logic(Logic::Without),
            "where" => Operation::Where,
            _ => return None,
        })
    }

    /// Merges two step functions. Integers that meet floats become floats, if that is exact for all of them.
    pub(crate) fn merge<C: Copy + PartialOrd>(
        self,
        points: [&[C]; 2],
        levels: [Slice<'_>; 2],
        interrupt: &mut Interrupt<'_>,
    ) -> Result<(Points<C>, Numbers), Error> {
        use Slice::{Floats, Integers};

        match (self, levels) {
            (Operation::Divide, [xs, ys]) => {
                let (xs, ys) = (floats(xs, interrupt)?, floats(ys, interrupt)?);
                let divide = |x: f64, y: f64| finite(if x == 0.0 { 0.0 } else { x / y });
                merge_levels(points, &xs, &ys, divide, interrupt).map(of_floats)
            }
            (Operation::Arithmetic(operation), [Integers(xs), Integers(ys)]) => {
                operation.merge_integers(points, xs, ys, interrupt).map(of_integers)
            }
            (Operation::Arithmetic(operation), [xs, ys]) => {
                let (xs, ys) = (floats(xs, interrupt)?, floats(ys, interrupt)?);
                operation.merge_floats(points, &xs, &ys, interrupt).map(of_floats)
            }
            (Operation::Comparison(comparison), [Integers(xs), Integers(ys)]) => {
                comparison.merge(points, xs, ys, interrupt).map(of_integers)
            }
            (Operation::Comparison(comparison), [xs, ys]) => {
                let (xs, ys) = (floats(xs, interrupt)?, floats(ys, interrupt)?);
                comparison.merge(points, &xs, &ys, interrupt).map(of_integers)
            }
            (Operation::Logic(logic), [Integers(xs), Integers(ys)]) => {
                logic.merge(points, xs, ys, interrupt).map(of_integers)
            }
            (Operation::Logic(_), _) => Err(Error::Refused),
            (Operation::Where, [xs, Integers([0, 1, 0])]) => {
                let [points, &[start, stop]] = points else { return Err(Error::Refused) };
                let ends = [start, stop];
                match xs {
                    Integers(xs) => window(StepColumns::new(points, xs)?, ends, 0).map(own).map(of_integers),
                    Floats(xs) => window(StepColumns::new(points, xs)?, ends, 0.0).map(own).map(of_floats),
                }
            }
            (Operation::Where, [xs, Floats(ys)]) => {
                let inside = converted(ys, |y| Some(i64::from(y != 0.0)), interrupt)?;
                Operation::Where.merge(points, [xs, Integers(&inside)], interrupt)
            }
            (Operation::Where, [Integers(xs), Integers(inside)]) => {
                let restrict = |x: i64, inside: i64| (if inside != 0 { x } else { 0 }, false);
                merge_levels(points, xs, inside, restrict, interrupt).map(of_integers)
            }
            (Operation::Where, [Floats(xs), Integers(inside)]) => {
                let restrict = |x: f64, inside: i64| (if inside != 0 { x } else { 0.0 }, false);
                merge_levels(points, xs, inside, restrict, interrupt).map(of_floats)
            }
        }
    }
}

impl Arithmetic {
    fn merge_integers<C: Copy + PartialOrd>(
        self,
        points: [&[C]; 2],
        xs: &[i64],
        ys: &[i64],
        interrupt: &mut Interrupt<'_>,
    ) -> Merged<C, i64> {
        match self {
            Arithmetic::Add => merge_levels(points, xs, ys, i64::overflowing_add, interrupt),
            Arithmetic::Subtract => merge_levels(points, xs, ys, i64::overflowing_sub, interrupt),
            Arithmetic::Multiply => merge_levels(points, xs, ys, i64::overflowing_mul, interrupt),
            Arithmetic::Maximum => merge_levels(points, xs, ys, |x, y| (x.max(y), false), interrupt),
            Arithmetic::Minimum => merge_levels(points, xs, ys, |x, y| (x.min(y), false), interrupt),
        }
    }

    fn merge_floats<C: Copy + PartialOrd>(
        self,
        points: [&[C]; 2],
        xs: &[f64],
        ys: &[f64],
        interrupt: &mut Interrupt<'_>,
    ) -> Merged<C, f64> {
        match self {
            Arithmetic::Add => merge_levels(points, xs, ys, |x, y| finite(x + y), interrupt),
            Arithmetic::Subtract => merge_levels(points, xs, ys, |x, y| finite(x - y), interrupt),
            Arithmetic::Multiply => merge_levels(points, xs, ys, |x, y| finite(x * y), interrupt),
            Arithmetic::Maximum => {
                merge_levels(points, xs, ys, |x, y| (if x > y { x } else { y }, false), interrupt)
            }
            Arithmetic::Minimum => {
                merge_levels(points, xs, ys, |x, y| (if x < y { x } else { y }, false), interrupt)
            }
        }
    }
}

impl Comparison {
    fn merge<C: Copy + PartialOrd, L: Copy + PartialOrd>(
        self,
        points: [&[C]; 2],
        xs: &[L],
        ys: &[L],
        interrupt: &mut Interrupt<'_>,
    ) -> Merged<C, i64> {
        match self {
            Comparison::Greater => merge_levels(points, xs, ys, |x, y| truth(x > y), interrupt),
            Comparison::GreaterOrEqual => merge_levels(points, xs, ys, |x, y| truth(x >= y), interrupt),
            Comparison::Less => merge_levels(points, xs, ys, |x, y| truth(x < y), interrupt),
            Comparison::LessOrEqual => merge_levels(points, xs, ys, |x, y| truth(x <= y), interrupt),
            Comparison::Equal => merge_levels(points, xs, ys, |x, y| truth(x == y), interrupt),
            Comparison::NotEqual => merge_levels(points, xs, ys, |x, y| truth(x != y), interrupt),
        }
    }
}

impl Logic {
    fn merge<C: Copy + PartialOrd>(
        self,
        points: [&[C]; 2],
        xs: &[i64],
        ys: &[i64],
        interrupt: &mut Interrupt<'_>,
    ) -> Merged<C, i64> {
        let others = |x: i64, y: i64| (x | y) & !1 != 0;
        match self {
            Logic::And => merge_levels(points, xs, ys, |x, y| (x & y, others(x, y)), interrupt),
            Logic::Or => merge_levels(points, xs, ys, |x, y| (x | y, others(x, y)), interrupt),
            Logic::Xor => merge_levels(points, xs, ys, |x, y| (x ^ y, others(x, y)), interrupt),
            Logic::Without => merge_levels(points, xs, ys, |x, y| (x & !y, others(x, y)), interrupt),
        }
    }
}

/// A float without the sign of a zero, and whether it is infinite or no number.
#[inline]
fn finite(float: f64) -> (f64, bool) {
    (float + 0.0, !float.is_finite())
}

#[inline]
fn truth(holds: bool) -> (i64, bool) {
    (i64::from(holds), false)
}

fn merge_levels<C: Copy + PartialOrd, X: Copy, Y: Copy, L: Copy + PartialEq>(
    [a_points, b_points]: [&[C]; 2],
    xs: &[X],
    ys: &[Y],
    operation: impl Fn(X, Y) -> (L, bool) + Copy,
    interrupt: &mut Interrupt<'_>,
) -> Merged<C, L> {
    merge(StepColumns::new(a_points, xs)?, StepColumns::new(b_points, ys)?, operation, interrupt)
}

fn own<C, L>((points, levels): (Vec<C>, Vec<L>)) -> (Points<C>, Vec<L>) {
    (Points::Own(points), levels)
}

fn of_integers<C>((points, levels): (Points<C>, Vec<i64>)) -> (Points<C>, Numbers) {
    (points, Numbers::Integers(levels))
}

fn of_floats<C>((points, levels): (Points<C>, Vec<f64>)) -> (Points<C>, Numbers) {
    (points, Numbers::Floats(levels))
}

/// A column as floats, if that is exact.
fn floats<'a>(levels: Slice<'a>, interrupt: &mut Interrupt<'_>) -> Result<Cow<'a, [f64]>, Error> {
    match levels {
        Slice::Floats(floats) => Ok(Cow::Borrowed(floats)),
        Slice::Integers(integers) => Ok(Cow::Owned(converted(integers, exact_float, interrupt)?)),
    }
}

/// Converts a column, or refuses it.
fn converted<X: Copy, Y: Copy + Default>(
    column: &[X],
    convert: impl Fn(X) -> Option<Y>,
    interrupt: &mut Interrupt<'_>,
) -> Result<Vec<Y>, Error> {
    let mut found = room(column.len())?;
    for block in column.chunks(BLOCK) {
        interrupt.pass(block.len())?;
        let mut refused = false;
        found.extend(block.iter().map(|&number| {
            let converted = convert(number);
            refused |= converted.is_none();
            converted.unwrap_or_default()
        }));
        if refused {
            return Err(Error::Refused);
        }
    }
    Ok(found)
}
