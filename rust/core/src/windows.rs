//! Windows onto a step function: which of its pieces lie in each of them.

use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::lookup::search;
use crate::number::{Measured, Places};
use crate::step_function::StepColumns;

/// So many windows are looked for at a time: memory is waited for together.
const TOGETHER: usize = 64;

/// The columns of some windows, borrowed: each from its start to its stop. They may overlap, in any order.
#[derive(Clone, Copy, Debug)]
pub struct Windows<'a, C> {
    starts: &'a [C],
    stops: &'a [C],
}

impl<'a, C: PartialOrd> Windows<'a, C> {
    /// Windows that are not empty.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] unless there are as many starts as stops, and each start lies before its stop.
    pub fn new(starts: &'a [C], stops: &'a [C]) -> Result<Self, Error> {
        let proper =
            starts.len() == stops.len() && starts.iter().zip(stops).all(|(start, stop)| start < stop);
        if proper { Ok(Windows { starts, stops }) } else { Err(Error::Refused) }
    }
}

impl<C: Measured> Windows<'_, C> {
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The places of their ends.
    pub(crate) fn places(&self) -> Places {
        C::places(self.starts).and(C::places(self.stops))
    }
}

/// The part of a step function in a window `[start, stop)`:
///
/// ```text
///               points[first]                points[last]
/// ─levels[first]──────┼──────┼──────┼─levels[last]─┼─
///           [──edge───┼───inside────┼──edge──)
/// ```
pub(crate) struct Pieces<C, L> {
    pub(crate) start: C,
    pub(crate) stop: C,
    /// The level, the start and the stop of what lies before the first and after the last breakpoint in the window.
    pub(crate) edges: [Option<(L, C, C)>; 2],
    /// Which breakpoints lie in the window: from the first on, but not the last.
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl<'a, C: Measured, L: Measured> StepColumns<'a, C, L> {
    /// Shows the pieces of each window.
    pub(crate) fn each(
        &self,
        windows: &Windows<'_, C>,
        interrupt: &mut Interrupt<'_>,
        mut show: impl FnMut(Pieces<C, L>, &mut Interrupt<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut before = [C::default(); TOGETHER];
        let [mut firsts, mut lasts] = [[0; TOGETHER]; 2];
        for (starts, stops) in windows.starts.chunks(TOGETHER).zip(windows.stops.chunks(TOGETHER)) {
            let count = starts.len();
            interrupt.pass(count)?;
            for (before, stop) in before.iter_mut().zip(stops) {
                *before = stop.previous();
            }
            let before = before.get(..count).ok_or(Error::Internal)?;
            let firsts = firsts.get_mut(..count).ok_or(Error::Internal)?;
            let lasts = lasts.get_mut(..count).ok_or(Error::Internal)?;
            search(self.points, starts, firsts)?;
            search(self.points, before, lasts)?;
            for ((start, stop), (first, last)) in starts.iter().zip(stops).zip(firsts.iter().zip(&*lasts)) {
                show(self.pieces(*start, *stop, *first, *last)?, interrupt)?;
            }
        }
        Ok(())
    }

    /// The pieces of a window, some of whose breakpoints are known.
    fn pieces(&self, start: C, stop: C, first: usize, last: usize) -> Result<Pieces<C, L>, Error> {
        let levels = self.levels.get(first..=last).ok_or(Error::Refused)?;
        let inside = self.points.get(first..last).ok_or(Error::Refused)?;
        let edges = match (levels, inside) {
            ([level, .., other], [point, ..]) => {
                let latest = inside.last().unwrap_or(point);
                [Some((*level, start, *point)), Some((*other, *latest, stop))]
            }
            _ => [levels.first().map(|level| (*level, start, stop)), None],
        };
        Ok(Pieces { start, stop, edges, first, last })
    }

    /// The part of the columns from the first to the last of all windows.
    pub(crate) fn around(&self, windows: &Windows<'_, C>) -> Self {
        let earliest = |a: C, b: C| if b < a { b } else { a };
        let latest = |a: C, b: C| if b > a { b } else { a };
        let ends =
            windows.starts.iter().copied().reduce(earliest).zip(windows.stops.iter().copied().reduce(latest));
        let part = ends.and_then(|(start, stop)| {
            let first = self.points.partition_point(|point| *point <= start);
            let last = self.points.partition_point(|point| *point < stop);
            Some(StepColumns {
                points: self.points.get(first..last)?,
                levels: self.levels.get(first..=last)?,
            })
        });
        part.unwrap_or(*self)
    }

    /// The breakpoints and levels of the pieces from the breakpoint `first` to the breakpoint `last`.
    pub(crate) fn inside(&self, first: usize, last: usize) -> Result<(&'a [C], &'a [L]), Error> {
        if first >= last {
            return Ok((&[], &[]));
        }
        let points = self.points.get(first..=last).ok_or(Error::Refused)?;
        let levels = self.levels.get(first.saturating_add(1)..=last).ok_or(Error::Refused)?;
        Ok((points, levels))
    }
}

/// Both as whole numbers, if all are.
pub(crate) fn wholes<'a, C: Measured, L: Measured>(
    steps: &StepColumns<'a, C, L>,
    windows: &Windows<'a, C>,
) -> Option<(StepColumns<'a, i64, i64>, Windows<'a, i64>)> {
    let (points, levels) = (C::wholes(steps.points)?, L::wholes(steps.levels)?);
    let (starts, stops) = (C::wholes(windows.starts)?, C::wholes(windows.stops)?);
    Some((StepColumns { points, levels }, Windows { starts, stops }))
}
