//! Python's dates, datetimes and timedeltas as whole ticks: exact types only, and datetimes of one zone.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDate, PyDateTime, PyDelta, PyType, PyTzInfo};

use crate::number::closed;

/// The first and the last microsecond of a datetime, counted from 1970.
const SPAN: [i64; 2] = [-62_135_596_800_000_000, 253_402_300_799_999_999];
/// In microseconds.
const DAY: u64 = 86_400_000_000;
/// 1970-01-01 as `date.toordinal` counts.
const EPOCH_DAY: i64 = 719_163;

/// What the times of a column are, and how they become ticks.
pub(crate) enum Clock<'py> {
    /// Days since 1970.
    Dates,
    /// Microseconds.
    Timedeltas,
    /// Microseconds since 1970.
    Datetimes(Zone<'py>),
}

/// The zone of datetimes.
pub(crate) struct Zone<'py> {
    /// None for naive datetimes.
    tzinfo: Option<Bound<'py, PyTzInfo>>,
    /// 1970 in this zone: from there to a datetime of the very same zone Python counts what clocks show.
    epoch: Bound<'py, PyDateTime>,
    /// How many microseconds the zone is ahead of UTC, if that never changes.
    offset: Option<i64>,
}

impl<'py> Clock<'py> {
    /// What tells times like this one, if it is a time.
    pub(crate) fn of(item: Borrowed<'_, 'py, PyAny>) -> PyResult<Option<Self>> {
        Ok(if let Ok(datetime) = item.cast_exact::<PyDateTime>() {
            Some(Clock::Datetimes(Zone::of(&datetime)?))
        } else if item.is_exact_instance_of::<PyDate>() {
            Some(Clock::Dates)
        } else if item.is_exact_instance_of::<PyDelta>() {
            Some(Clock::Timedeltas)
        } else {
            None
        })
    }

    /// Reads a time, none if it is another or lies beyond what datetimes hold.
    pub(crate) fn ticks(&self, item: Borrowed<'_, 'py, PyAny>) -> PyResult<Option<i64>> {
        match self {
            Clock::Dates => item.cast_exact().ok().map_or(Ok(None), |date| days_of_date(&date)),
            Clock::Timedeltas => item.cast_exact().ok().map_or(Ok(None), |delta| microseconds_of(&delta)),
            Clock::Datetimes(zone) => item.cast_exact().ok().map_or(Ok(None), |time| zone.ticks(&time)),
        }
    }

    /// The name of the times, and their zone.
    pub(crate) fn into_name(self) -> (&'static str, Option<Py<PyAny>>) {
        match self {
            Clock::Dates => ("date", None),
            Clock::Timedeltas => ("timedelta", None),
            Clock::Datetimes(zone) => ("datetime", zone.tzinfo.map(|tzinfo| tzinfo.into_any().unbind())),
        }
    }
}

impl<'py> Zone<'py> {
    fn of(datetime: &Bound<'py, PyDateTime>) -> PyResult<Self> {
        let py = datetime.py();
        let tzinfo = tzinfo_of(datetime)?;
        let epoch = PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, tzinfo.as_ref())?;
        let offset = match &tzinfo {
            None => Some(0),
            Some(tzinfo) if tzinfo.get_type().is(fixed_zone(py)?) => {
                offset(tzinfo, &py.None().into_bound(py))?
            }
            Some(_) => None,
        };
        Ok(Zone { tzinfo, epoch, offset })
    }

    /// Reads a datetime of this very zone, fold and all; none if it has no offset and so is naive after all.
    fn ticks(&self, datetime: &Bound<'py, PyDateTime>) -> PyResult<Option<i64>> {
        let tzinfo = tzinfo_of(datetime)?;
        if tzinfo.as_ref().map(Bound::as_ptr) != self.tzinfo.as_ref().map(Bound::as_ptr) {
            return Ok(None);
        }
        let offset = match (self.offset, &tzinfo) {
            (None, Some(tzinfo)) => offset(tzinfo, datetime)?,
            (fixed, _) => fixed,
        };
        let ticks = offset
            .zip(clock_face(datetime, &self.epoch)?)
            .and_then(|(offset, ticks)| ticks.checked_sub(offset));
        let [first, last] = SPAN;
        Ok(ticks.filter(|ticks| (first..=last).contains(ticks)))
    }
}

/// How many microseconds a zone is ahead of UTC at a time; none if that is nothing that a datetime would take.
fn offset(tzinfo: &Bound<'_, PyTzInfo>, datetime: &Bound<'_, PyAny>) -> PyResult<Option<i64>> {
    // Not `datetime.utcoffset()`, which does the same and takes four times as long to find the method.
    let offset = tzinfo.call_method1(intern!(tzinfo.py(), "utcoffset"), (datetime,))?;
    let microseconds = offset.cast_exact().ok().map_or(Ok(None), microseconds_of)?;
    Ok(microseconds.filter(|microseconds| microseconds.unsigned_abs() < DAY))
}

/// `datetime.timezone`, whose offset never changes.
fn fixed_zone(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static TIMEZONE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    TIMEZONE.import(py, "datetime", "timezone")
}

fn ticks(days: i64, seconds: i64, microseconds: i64) -> Option<i64> {
    let seconds = days.checked_mul(86_400)?.checked_add(seconds)?;
    seconds.checked_mul(1_000_000)?.checked_add(microseconds).and_then(closed)
}

pub(crate) use direct::{clock_face, days_of_date, microseconds_of, tzinfo_of};

/// Built for one version of Python: fields are read where they are.
#[cfg(not(Py_LIMITED_API))]
mod direct {
    use pyo3::prelude::*;
    use pyo3::types::{
        PyDate, PyDateAccess, PyDateTime, PyDelta, PyDeltaAccess, PyTimeAccess, PyTzInfo, PyTzInfoAccess,
    };

    use super::{EPOCH_DAY, ticks};

    pub(crate) fn tzinfo_of<'py>(
        datetime: &Bound<'py, PyDateTime>,
    ) -> PyResult<Option<Bound<'py, PyTzInfo>>> {
        Ok(datetime.get_tzinfo())
    }

    pub(crate) fn days_of_date(date: &Bound<'_, PyDate>) -> PyResult<Option<i64>> {
        Ok(days(date.get_year().into(), date.get_month().into(), date.get_day().into()))
    }

    pub(crate) fn microseconds_of(delta: &Bound<'_, PyDelta>) -> PyResult<Option<i64>> {
        let [days, seconds, rest] = [delta.get_days(), delta.get_seconds(), delta.get_microseconds()];
        Ok(ticks(days.into(), seconds.into(), rest.into()))
    }

    /// The microseconds from an epoch, which is the start of 1970, to what clocks show at a datetime.
    pub(crate) fn clock_face(
        datetime: &Bound<'_, PyDateTime>,
        _epoch: &Bound<'_, PyDateTime>,
    ) -> PyResult<Option<i64>> {
        let days = days(datetime.get_year().into(), datetime.get_month().into(), datetime.get_day().into());
        let seconds = seconds(datetime.get_hour(), datetime.get_minute(), datetime.get_second());
        let rest = datetime.get_microsecond().into();
        Ok(days.zip(seconds).and_then(|(days, seconds)| ticks(days, seconds, rest)))
    }

    fn seconds(hour: u8, minute: u8, second: u8) -> Option<i64> {
        let minutes = i64::from(hour).checked_mul(60)?.checked_add(minute.into())?;
        minutes.checked_mul(60)?.checked_add(second.into())
    }

    /// The days from 1970 to a day of the Gregorian calendar. Years begin in March here, so that the leap day is the
    /// last.
    fn days(year: i64, month: i64, day: i64) -> Option<i64> {
        let (year, month) = if month > 2 {
            (year, month.checked_sub(3)?)
        } else {
            (year.checked_sub(1)?, month.checked_add(9)?)
        };
        let leap_days =
            year.div_euclid(4).checked_sub(year.div_euclid(100))?.checked_add(year.div_euclid(400))?;
        let before_year = year.checked_mul(365)?.checked_add(leap_days)?;
        // 31 30 31 30 31, twice, and 31: of five months every other one is longer.
        let before_month = month.checked_mul(153)?.checked_add(2)?.div_euclid(5);
        // The first of March of the year 0 has the ordinal -305.
        before_year.checked_add(before_month)?.checked_add(day)?.checked_sub(306)?.checked_sub(EPOCH_DAY)
    }
}

/// Built for every version of Python: attributes are asked for.
#[cfg(Py_LIMITED_API)]
mod direct {
    use pyo3::intern;
    use pyo3::prelude::*;
    use pyo3::types::{PyDate, PyDateTime, PyDelta, PyTzInfo};

    use super::{EPOCH_DAY, ticks};

    pub(crate) fn tzinfo_of<'py>(
        datetime: &Bound<'py, PyDateTime>,
    ) -> PyResult<Option<Bound<'py, PyTzInfo>>> {
        let tzinfo = datetime.getattr(intern!(datetime.py(), "tzinfo"))?;
        Ok(if tzinfo.is_none() { None } else { Some(tzinfo.cast_into()?) })
    }

    pub(crate) fn days_of_date(date: &Bound<'_, PyDate>) -> PyResult<Option<i64>> {
        let ordinal: i64 = date.call_method0(intern!(date.py(), "toordinal"))?.extract()?;
        Ok(ordinal.checked_sub(EPOCH_DAY))
    }

    pub(crate) fn microseconds_of(delta: &Bound<'_, PyDelta>) -> PyResult<Option<i64>> {
        let py = delta.py();
        let days = delta.getattr(intern!(py, "days"))?.extract()?;
        let seconds = delta.getattr(intern!(py, "seconds"))?.extract()?;
        let rest = delta.getattr(intern!(py, "microseconds"))?.extract()?;
        Ok(ticks(days, seconds, rest))
    }

    /// The microseconds from an epoch to a datetime of the very same zone, as clocks show them. A subtraction and three
    /// attributes are faster than seven attributes.
    pub(crate) fn clock_face(
        datetime: &Bound<'_, PyDateTime>,
        epoch: &Bound<'_, PyDateTime>,
    ) -> PyResult<Option<i64>> {
        microseconds_of(datetime.sub(epoch)?.cast()?)
    }
}
