//! Where intervals come from: anything that can be read more than once.

use crate::error::Error;
use crate::interrupt::Interrupt;

/// How many intervals are handed over at a time, at most. A few columns of so many fit the nearest cache, beside the next
/// ones that are on their way into it, even where all columns fall into the same parts of it.
pub const BLOCK: usize = 128;

/// Intervals in columns of starts, stops and values that can be visited more than once, in the same order.
///
/// Combining looks first (how many, how far apart, how large) and copies later, so that it needs no memory for a
/// copy of the input. A source that shows something else at a later look ends in [`Error::Changed`]. Every iterator
/// of `(start, stop, value)` that can be cloned is a source; columns that must be checked on the way implement it
/// themselves and pass their refusals through.
///
/// ```
/// use intervalues_core::{Error, Interrupt, Source};
///
/// let rows = [(0, 2, 1.5), (1, 3, 2.5)];
/// let mut seen = Vec::new();
/// let mut never = || false;
/// rows.into_iter().visit(&mut Interrupt::new(&mut never), |_, stops, _| {
///     seen.extend_from_slice(stops);
///     Ok(())
/// })?;
/// assert_eq!(seen, [2, 3]);
/// # Ok::<(), Error>(())
/// ```
pub trait Source<C, V> {
    /// How many intervals there are, if that is known; at least so many otherwise. Only speed depends on it.
    fn count(&self) -> usize;

    /// What it means that an interval starts after it stops: by default that it is empty.
    ///
    /// # Errors
    ///
    /// The source's own, if it allows no such intervals.
    fn reversed(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Hears of the lowest start and the highest stop that the first look found.
    ///
    /// # Errors
    ///
    /// The source's own, if it allows none as low or as high.
    fn accept(&self, _lowest: &C, _highest: &C) -> Result<(), Error> {
        Ok(())
    }

    /// As [`visit`](Source::visit), but what the values are does not matter: sources that can save the work do.
    ///
    /// # Errors
    ///
    /// As for [`visit`](Source::visit).
    fn visit_ends(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&[C], &[C]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit(interrupt, |starts, stops, _| each(starts, stops))
    }

    /// As [`visit`](Source::visit), with all numbers converted.
    #[doc(hidden)]
    #[inline]
    fn visit_converted<T: Conversion<C, V>>(
        &self,
        conversion: &T,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&mut [u64], &mut [u64], &[T::Payload]) -> Result<(), Error>,
    ) -> Result<(), Error>
    where
        C: Copy,
        V: Copy,
    {
        let (mut start_column, mut stop_column) = ([0; BLOCK], [0; BLOCK]);
        let (mut payload_column, mut alike) = ([T::Payload::default(); BLOCK], 0);
        self.visit(interrupt, |starts, stops, values| {
            let starts = converted(starts, &mut start_column, |end| conversion.end(end))?;
            let stops = converted(stops, &mut stop_column, |end| conversion.end(end))?;
            if !T::ALIKE || values.len() > alike {
                converted(values, &mut payload_column, |value| conversion.payload(value))?;
                alike = values.len();
            }
            each(starts, stops, payload_column.get(..values.len()).ok_or(Error::Internal)?)
        })
    }

    /// As [`visit_ends`](Source::visit_ends), with all ends converted.
    #[doc(hidden)]
    #[inline]
    fn visit_converted_ends<T: Conversion<C, V>>(
        &self,
        conversion: &T,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&mut [u64], &mut [u64]) -> Result<(), Error>,
    ) -> Result<(), Error>
    where
        C: Copy,
        V: Copy,
    {
        let (mut start_column, mut stop_column) = ([0; BLOCK], [0; BLOCK]);
        self.visit_ends(interrupt, |starts, stops| {
            let starts = converted(starts, &mut start_column, |end| conversion.end(end))?;
            let stops = converted(stops, &mut stop_column, |end| conversion.end(end))?;
            each(starts, stops)
        })
    }

    /// Calls `each` with the columns of one block of intervals after another, of equal lengths up to [`BLOCK`], and
    /// lets them [pass](Interrupt::pass). Stops at the first error, which it returns.
    ///
    /// # Errors
    ///
    /// What `each` returned, [`Error::Interrupted`], or the source's own error, usually [`Error::Refused`].
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        each: impl FnMut(&[C], &[C], &[V]) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

/// So many bytes of rows are converted at a time, at most: few enough for the processor to be fetching the next ones
/// while it is still busy with these.
const AT_A_TIME: usize = 6 << 10;

/// What becomes of the numbers of a source, one by one.
#[doc(hidden)]
pub trait Conversion<C, V> {
    type Payload: Copy + Default;

    /// Whether all values become the same.
    const ALIKE: bool;

    fn end(&self, end: C) -> Result<u64, Error>;

    fn payload(&self, value: V) -> Result<Self::Payload, Error>;
}

/// A conversion of the ends alone.
struct EndsAlone<'a, T>(&'a T);

impl<C, V, T: Conversion<C, V>> Conversion<C, V> for EndsAlone<'_, T> {
    type Payload = ();
    const ALIKE: bool = true;

    #[inline]
    fn end(&self, end: C) -> Result<u64, Error> {
        self.0.end(end)
    }

    #[inline]
    fn payload(&self, _value: V) -> Result<(), Error> {
        Ok(())
    }
}

/// Converts a block. That an error is not returned at once lets the compiler do many items in one step.
#[inline]
fn converted<'a, F: Copy, T>(
    from: &[F],
    into: &'a mut [T; BLOCK],
    convert: impl Fn(F) -> Result<T, Error>,
) -> Result<&'a mut [T], Error> {
    let into = into.get_mut(..from.len()).ok_or(Error::Internal)?;
    let mut outcome = Ok(());
    for (slot, &item) in into.iter_mut().zip(from) {
        match convert(item) {
            Ok(converted) => *slot = converted,
            Err(error) => outcome = Err(error),
        }
    }
    outcome.map(|()| into)
}

impl<C: Copy, V: Copy, I> Source<C, V> for I
where
    I: Iterator<Item = (C, C, V)> + Clone,
{
    fn count(&self) -> usize {
        self.size_hint().0
    }

    #[inline]
    fn visit(
        &self,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&[C], &[C], &[V]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut rows = self.clone();
        // Without one interval there is nothing to fill the block with.
        let Some((start, stop, value)) = rows.clone().next() else { return Ok(()) };
        let (mut starts, mut stops, mut values) = ([start; BLOCK], [stop; BLOCK], [value; BLOCK]);
        loop {
            let mut filled = 0_usize;
            let slots = starts.iter_mut().zip(&mut stops).zip(&mut values);
            for (((start, stop), value), row) in slots.zip(&mut rows) {
                (*start, *stop, *value) = row;
                filled = filled.saturating_add(1);
            }
            let (Some(starts), Some(stops), Some(values)) =
                (starts.get(..filled), stops.get(..filled), values.get(..filled))
            else {
                return Err(Error::Internal);
            };
            if filled == 0 {
                return Ok(());
            }
            interrupt.pass(filled)?;
            each(starts, stops, values)?;
        }
    }

    /// Without a stop between an interval and its keys.
    #[inline]
    fn visit_converted<T: Conversion<C, V>>(
        &self,
        conversion: &T,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&mut [u64], &mut [u64], &[T::Payload]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (mut starts, mut stops) = ([0; BLOCK], [0; BLOCK]);
        let mut payloads = [T::Payload::default(); BLOCK];
        let most = AT_A_TIME.checked_div(size_of::<I::Item>()).unwrap_or(BLOCK).clamp(1, BLOCK);
        let mut filled = 0_usize;
        let mut flush =
            |starts: &mut [u64; BLOCK], stops: &mut [u64; BLOCK], payloads: &[_; BLOCK], filled| {
                interrupt.pass(filled)?;
                match (starts.get_mut(..filled), stops.get_mut(..filled), payloads.get(..filled)) {
                    (Some(starts), Some(stops), Some(payloads)) => each(starts, stops, payloads),
                    _ => Err(Error::Internal),
                }
            };
        self.clone().try_for_each(|(start, stop, value)| {
            let slots = (starts.get_mut(filled), stops.get_mut(filled), payloads.get_mut(filled));
            let (Some(start_slot), Some(stop_slot), Some(payload)) = slots else {
                return Err(Error::Internal);
            };
            *start_slot = conversion.end(start)?;
            *stop_slot = conversion.end(stop)?;
            *payload = conversion.payload(value)?;
            filled = filled.saturating_add(1);
            if filled == most {
                flush(&mut starts, &mut stops, &payloads, filled)?;
                filled = 0;
            }
            Ok(())
        })?;
        if filled == 0 { Ok(()) } else { flush(&mut starts, &mut stops, &payloads, filled) }
    }

    #[inline]
    fn visit_converted_ends<T: Conversion<C, V>>(
        &self,
        conversion: &T,
        interrupt: &mut Interrupt<'_>,
        mut each: impl FnMut(&mut [u64], &mut [u64]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.visit_converted(&EndsAlone(conversion), interrupt, |starts, stops, _| each(starts, stops))
    }
}
