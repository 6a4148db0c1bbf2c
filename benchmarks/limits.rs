//! The physical floor under the workloads, give or take: one kernel written for each workload only.
//!
//! Nothing but the standard library, no checks, no Python objects but those of the rows, each kernel taking for granted
//! what its workload guarantees. Scratch memory is kept between calls; the result is fresh, as a library's must be.
//! `limits.py` compiles this into a library and calls it beside everything else that it is compared with.

#![allow(clippy::missing_safety_doc)]

use std::cell::RefCell;
use std::mem::{forget, swap};

const DIGIT_BITS: u32 = 10;
const BUCKETS: usize = 1 << DIGIT_BITS;

/// Breakpoints and one level more, of 64 bits each: ints or floats.
#[repr(C)]
pub struct Answer {
    breakpoints: *mut u64,
    levels: *mut u64,
    breakpoint_count: usize,
    capacity: usize,
}

/// Columns of 64-bit ints or floats; `values` is null if each is worth 1.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Columns {
    starts: *const u64,
    stops: *const u64,
    values: *const u64,
    count: usize,
    /// The bits of the widest key.
    key_bits: u32,
}

/// Memory that was touched before.
#[derive(Default)]
struct Scratch {
    narrow: Vec<u32>,
    narrow_spare: Vec<u32>,
    wide: Vec<u64>,
    wide_spare: Vec<u64>,
    pairs: Vec<(u64, f64)>,
    columns: [Vec<u64>; 3],
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

#[cfg(target_os = "linux")]
unsafe extern "C" {
    fn madvise(address: *mut u8, length: usize, advice: i32) -> i32;
}

/// Fresh memory, in huge pages where there are some.
fn fresh<T>(count: usize) -> Vec<T> {
    let mut column = Vec::<T>::with_capacity(count);
    let size = column.capacity() * size_of::<T>();
    if cfg!(target_os = "linux") && size >= 4 << 20 {
        let address = column.as_mut_ptr() as usize;
        let page = (address + 4095) & !4095;
        unsafe { madvise(page as *mut u8, size - (page - address), 14) };
    }
    column
}

/// Memory for `count` items, fresh only at the first call.
fn kept<T: Copy + Default>(column: &mut Vec<T>, count: usize) -> &mut [T] {
    if column.len() < count {
        *column = fresh(count);
        column.resize(count, T::default());
    }
    &mut column[..count]
}

/// Writes breakpoints and levels; what does not change is overwritten by what follows.
struct Writer {
    breakpoints: Vec<u64>,
    levels: Vec<u64>,
    count: usize,
    /// The last level, again: memory would be asked for it too soon after it was written.
    level: u64,
}

impl Writer {
    fn new(capacity: usize) -> Self {
        let mut levels = fresh(capacity + 2);
        unsafe { *levels.as_mut_ptr() = 0 };
        Writer { breakpoints: fresh(capacity + 1), levels, count: 0, level: 0 }
    }

    /// Goes on behind the breakpoint if it is the last end there and the level changes.
    #[inline(always)]
    unsafe fn step(&mut self, breakpoint: u64, level: u64, last: bool) {
        unsafe {
            *self.breakpoints.as_mut_ptr().add(self.count) = breakpoint;
            *self.levels.as_mut_ptr().add(self.count + 1) = level;
            let changed = last & (self.level != level);
            self.level = if changed { level } else { self.level };
            self.count += changed as usize;
        }
    }

    fn finish(mut self) -> Answer {
        let answer = Answer {
            breakpoints: self.breakpoints.as_mut_ptr(),
            levels: self.levels.as_mut_ptr(),
            breakpoint_count: self.count,
            capacity: self.breakpoints.capacity(),
        };
        forget(self.breakpoints);
        forget(self.levels);
        answer
    }
}

/// W1 and W4: the changes at every key, then one pass. `TABLES` keep neighbours from waiting for each other.
unsafe fn differences<const TABLES: usize>(columns: Columns) -> Answer {
    let range = (1 << columns.key_bits) + 1;
    let mut tables = vec![0_i32; range * TABLES];
    let table = tables.as_mut_ptr();
    unsafe {
        let (mut at, count) = (0, columns.count);
        while at + TABLES <= count {
            for lane in 0..TABLES {
                *table.add(*columns.starts.add(at + lane) as usize * TABLES + lane) += 1;
                *table.add(*columns.stops.add(at + lane) as usize * TABLES + lane) -= 1;
            }
            at += TABLES;
        }
        for rest in at..count {
            *table.add(*columns.starts.add(rest) as usize * TABLES) += 1;
            *table.add(*columns.stops.add(rest) as usize * TABLES) -= 1;
        }
    }
    sweep_differences(&tables, TABLES)
}

fn sweep_differences(tables: &[i32], width: usize) -> Answer {
    let mut writer = Writer::new(tables.len() / width);
    let mut level = 0_i64;
    for (key, changes) in tables.chunks_exact(width).enumerate() {
        level += i64::from(changes.iter().sum::<i32>());
        unsafe { writer.step(key as u64, level as u64, true) };
    }
    writer.finish()
}

/// The ends of a column by bucket, counted in two tables so that neighbours in one bucket do not wait.
unsafe fn count_buckets(column: *const u64, count: usize, bucket: impl Fn(u64) -> usize) -> Vec<usize> {
    let mut tables = [[0_u32; BUCKETS]; 2];
    unsafe {
        for at in 0..count / 2 {
            tables[0][bucket(*column.add(2 * at)) & (BUCKETS - 1)] += 1;
            tables[1][bucket(*column.add(2 * at + 1)) & (BUCKETS - 1)] += 1;
        }
        if count % 2 == 1 {
            tables[0][bucket(*column.add(count - 1)) & (BUCKETS - 1)] += 1;
        }
    }
    tables[0].iter().zip(&tables[1]).map(|(a, b)| (a + b) as usize).collect()
}

/// Where the ends of each bucket begin, and past the last one. Starts and stops go to the same places: two write streams
/// for each bucket would not fit the nearest cache, and take thrice as long.
fn places(starts: &[usize], stops: &[usize]) -> Vec<usize> {
    let mut places = vec![0];
    for (at, (start, stop)) in starts.iter().zip(stops).enumerate() {
        places.push(places[at] + start + stop);
    }
    places
}

/// A machine word that holds the key within its bucket, the payload and the sign.
trait Word: Copy + Default {
    fn from_bits(bits: u64) -> Self;
    fn bits(self) -> u64;
}

impl Word for u32 {
    #[inline(always)]
    fn from_bits(bits: u64) -> Self {
        bits as u32
    }
    #[inline(always)]
    fn bits(self) -> u64 {
        self.into()
    }
}

impl Word for u64 {
    #[inline(always)]
    fn from_bits(bits: u64) -> Self {
        bits
    }
    #[inline(always)]
    fn bits(self) -> u64 {
        self
    }
}

/// Sorts what fits the cache by the bits from `place` to `place + width`; the answer tells whether it lies in `spare`.
unsafe fn sort_bucket<W: Word>(codes: &mut [W], spare: &mut [W], place: u32, width: u32) -> bool {
    let passes = width.div_ceil(DIGIT_BITS).max(1);
    let digit_bits = width.div_ceil(passes);
    let mask = (1_u64 << digit_bits) - 1;
    let mut tables = [[0_u32; BUCKETS]; 3];
    for code in &*codes {
        for (pass, table) in tables.iter_mut().take(passes as usize).enumerate() {
            table[(code.bits() >> (place + pass as u32 * digit_bits) & mask) as usize & (BUCKETS - 1)] += 1;
        }
    }
    let (mut from, mut to) = (codes, spare);
    for (pass, table) in tables.iter_mut().take(passes as usize).enumerate() {
        let mut next = 0;
        for slot in table.iter_mut().take(1 << digit_bits) {
            next += std::mem::replace(slot, next);
        }
        let shift = place + pass as u32 * digit_bits;
        for code in &*from {
            let slot = &mut table[(code.bits() >> shift & mask) as usize & (BUCKETS - 1)];
            unsafe { *to.get_unchecked_mut(*slot as usize) = *code };
            *slot += 1;
        }
        swap(&mut from, &mut to);
    }
    passes % 2 == 1
}

/// W2, W2v, W5 and W3d: packed codes, scattered by the leading digit, sorted in the cache, swept from there.
unsafe fn packed<W: Word>(
    columns: Columns,
    codes: &mut Vec<W>,
    spare: &mut Vec<W>,
    payload_bits: u32,
    key: impl Fn(u64) -> u64 + Copy,
    payload: impl Fn(usize) -> u64,
    write: impl Fn(&mut Writer, u64, i64, bool),
) -> Answer {
    let count = columns.count;
    let rest = columns.key_bits.saturating_sub(DIGIT_BITS);
    let place = payload_bits + 1;
    let codes = kept(codes, 2 * count);
    let bucket = |end: u64| (key(end) >> rest) as usize;
    unsafe {
        let starts = count_buckets(columns.starts, count, bucket);
        let stops = count_buckets(columns.stops, count, bucket);
        let borders = places(&starts, &stops);
        let mut places = borders.clone();
        for at in 0..count {
            let below = payload(at) << 1;
            let (start, stop) = (key(*columns.starts.add(at)), key(*columns.stops.add(at)));
            let slot = places.get_unchecked_mut((start >> rest) as usize);
            *codes.get_unchecked_mut(*slot) = W::from_bits(start << place | below);
            *slot += 1;
            let slot = places.get_unchecked_mut((stop >> rest) as usize);
            *codes.get_unchecked_mut(*slot) = W::from_bits(stop << place | below | 1);
            *slot += 1;
        }
        let mut writer = Writer::new(2 * count);
        let mut level = 0_i64;
        let key_mask = (1_u64 << rest) - 1;
        for (number, bucket) in borders.windows(2).enumerate() {
            let bucket = &mut codes[bucket[0]..bucket[1]];
            let spare = kept(spare, bucket.len());
            // What lies above the key within the bucket may have been cut off: the bucket knows it.
            let sorted = if sort_bucket(bucket, spare, place, rest) { &*spare } else { &*bucket };
            let above = (number as u64) << rest;
            for (at, code) in sorted.iter().enumerate() {
                let code = code.bits();
                let amount =
                    if payload_bits == 0 { 1 } else { (code >> 1 & ((1 << payload_bits) - 1)) as i64 };
                let sign = -((code & 1) as i64);
                level += (amount ^ sign) - sign;
                let here = code >> place & key_mask;
                let next = sorted.get(at + 1).map_or(u64::MAX, |code| code.bits() >> place & key_mask);
                write(&mut writer, above | here, level, here != next);
            }
        }
        writer.finish()
    }
}

/// The number of fractional bits of the sums of W3: those of its smallest value but zero.
const FRACTION: u32 = 59;

/// W3: keys with their values, scattered by position on the line, and exact sums of 128 bits.
unsafe fn floats(columns: Columns, scratch: &mut Scratch) -> Answer {
    let count = columns.count;
    let (pairs, order, order_spare) = (&mut scratch.pairs, &mut scratch.narrow, &mut scratch.narrow_spare);
    let pairs = kept(pairs, 2 * count);
    // A position rises with the number: whichever bits differ lower down are looked at in the bucket.
    let scale = (1_u64 << 30) as f64 / (10.0 * count as f64 + 128.0);
    let position = |end: u64| (f64::from_bits(end) * scale) as i64 as u64;
    let bucket = |end: u64| (position(end) >> 20) as usize;
    unsafe {
        let starts = count_buckets(columns.starts, count, bucket);
        let stops = count_buckets(columns.stops, count, bucket);
        let borders = places(&starts, &stops);
        let mut places = borders.clone();
        for at in 0..count {
            let value = f64::from_bits(*columns.values.add(at));
            let (start, stop) = (*columns.starts.add(at), *columns.stops.add(at));
            let slot = places.get_unchecked_mut(bucket(start));
            *pairs.get_unchecked_mut(*slot) = (start, value);
            *slot += 1;
            let slot = places.get_unchecked_mut(bucket(stop));
            *pairs.get_unchecked_mut(*slot) = (stop, -value);
            *slot += 1;
        }
        let mut writer = Writer::new(2 * count);
        let mut sum = 0_i128;
        for bucket in borders.windows(2) {
            let bucket = &pairs[bucket[0]..bucket[1]];
            // Their order is sorted, not they: twenty bits of the position, twelve of the place in the bucket.
            assert!(bucket.len() <= 1 << 12);
            let order = kept(order, bucket.len());
            for (at, (slot, (end, _))) in order.iter_mut().zip(bucket).enumerate() {
                *slot = (position(*end) << 12) as u32 | at as u32;
            }
            let spare = kept(order_spare, bucket.len());
            let sorted = if sort_bucket(order, spare, 12, 20) { spare } else { order };
            let end = |slot: u32| bucket.get_unchecked((slot & 0xFFF) as usize).0;
            for at in 1..sorted.len() {
                let mut at = at;
                while at > 0 && end(sorted[at - 1]) > end(sorted[at]) {
                    sorted.swap(at - 1, at);
                    at -= 1;
                }
            }
            for (at, slot) in sorted.iter().enumerate() {
                let (here, value) = *bucket.get_unchecked((slot & 0xFFF) as usize);
                let bits = value.to_bits();
                let exponent = (bits >> 52 & 0x7FF) as u32;
                let mantissa = (bits & ((1 << 52) - 1)) | u64::from(exponent > 0) << 52;
                let magnitude = i128::from(mantissa) << exponent.saturating_sub(1075 - FRACTION);
                sum += if value.is_sign_negative() { -magnitude } else { magnitude };
                let last = sorted.get(at + 1).is_none_or(|next| end(*next) != here);
                if last {
                    let level = sum as f64 / (1_u64 << FRACTION) as f64;
                    writer.step(here, level.to_bits(), true);
                }
            }
        }
        writer.finish()
    }
}

/// A float from 0 in hundredths; adding what leaves no bits for a fraction rounds it.
#[inline(always)]
fn hundredths(bits: u64) -> u64 {
    const WHOLE: f64 = (1_u64 << 52) as f64;
    (f64::from_bits(bits) * 100.0 + WHOLE).to_bits() & ((1 << 52) - 1)
}

unsafe fn run(workload: u32, columns: Columns, scratch: &mut Scratch) -> Answer {
    let ints = |writer: &mut Writer, key: u64, level: i64, last: bool| unsafe {
        writer.step(key, level as u64, last)
    };
    unsafe {
        match workload {
            1 => differences::<8>(columns),
            4 => differences::<1>(columns),
            // W2 and W5.
            2 => {
                let Scratch { narrow, narrow_spare, .. } = scratch;
                packed(columns, narrow, narrow_spare, 0, |end| end, |_| 0, ints)
            }
            // W2v: values below 128.
            12 => {
                let Scratch { narrow, narrow_spare, .. } = scratch;
                packed(columns, narrow, narrow_spare, 7, |end| end, |at| *columns.values.add(at), ints)
            }
            // W3d: values of at most 100.00.
            13 => {
                let Scratch { wide, wide_spare, .. } = scratch;
                let payload = |at| hundredths(*columns.values.add(at));
                let floats = |writer: &mut Writer, key: u64, level: i64, last: bool| {
                    let (key, level) = (key as f64 / 100.0, level as f64 / 100.0);
                    writer.step(key.to_bits(), level.to_bits(), last)
                };
                packed(columns, wide, wide_spare, 14, hundredths, payload, floats)
            }
            _ => floats(columns, scratch),
        }
    }
}

/// Combines columns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn combine_columns(workload: u32, columns: &Columns, answer: &mut Answer) {
    SCRATCH.with_borrow_mut(|scratch| *answer = unsafe { run(workload, *columns, scratch) });
}

/// What CPython 3.11 to 3.13 keeps where, in words of 64 bits.
const ITEMS: usize = 3;
const SIZE: usize = 2;
const FLOAT: usize = 2;

/// An int of two digits at most.
#[inline(always)]
unsafe fn int(object: *const u64, size_shift: u32) -> u64 {
    unsafe {
        let digits = object.add(ITEMS).cast::<u32>();
        let low = u64::from(*digits);
        if *object.add(SIZE) >> size_shift > 1 { low | u64::from(*digits.add(1)) << 30 } else { low }
    }
}

#[inline(always)]
fn prefetch(address: *const u64) {
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast())
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// Visits the objects of every row, asking for those of later rows in advance.
#[inline(always)]
unsafe fn rows(list: *const u64, count: usize, mut each: impl FnMut(usize, *const *const u64)) {
    const AHEAD: usize = 12;
    unsafe {
        let items = *list.add(ITEMS) as *const *const u64;
        for at in 0..count {
            if at + 2 * AHEAD < count {
                prefetch((*items.add(at + 2 * AHEAD)).add(ITEMS));
                let row = (*items.add(at + AHEAD)).add(ITEMS) as *const *const u64;
                prefetch((*row).add(SIZE));
                prefetch((*row.add(1)).add(SIZE));
            }
            each(at, (*items.add(at)).add(ITEMS).cast());
        }
    }
}

/// Combines a list of tuples, told by its address; `size_shift` is where Python keeps the length of an int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn combine_rows(
    workload: u32,
    list: *const u64,
    columns: &Columns,
    size_shift: u32,
    answer: &mut Answer,
) {
    let mut columns = *columns;
    let count = columns.count;
    SCRATCH.with_borrow_mut(|scratch| unsafe {
        if matches!(workload, 1 | 4) {
            let mut table = vec![0_i32; (1 << columns.key_bits) + 1];
            rows(list, count, |_, row| {
                *table.get_unchecked_mut(int(*row, size_shift) as usize) += 1;
                *table.get_unchecked_mut(int(*row.add(1), size_shift) as usize) -= 1;
            });
            *answer = sweep_differences(&table, 1);
            return;
        }
        let mut read = std::mem::take(&mut scratch.columns);
        let [starts, stops, values] = read.each_mut().map(|column| kept(column, count).as_mut_ptr());
        match workload {
            2 => rows(list, count, |at, row| {
                *starts.add(at) = int(*row, size_shift);
                *stops.add(at) = int(*row.add(1), size_shift);
            }),
            12 => rows(list, count, |at, row| {
                *starts.add(at) = int(*row, size_shift);
                *stops.add(at) = int(*row.add(1), size_shift);
                *values.add(at) = int(*row.add(2), size_shift);
            }),
            _ => rows(list, count, |at, row| {
                *starts.add(at) = *(*row).add(FLOAT);
                *stops.add(at) = *(*row.add(1)).add(FLOAT);
                *values.add(at) = *(*row.add(2)).add(FLOAT);
            }),
        }
        (columns.starts, columns.stops, columns.values) = (starts, stops, values);
        *answer = run(workload, columns, scratch);
        scratch.columns = read;
    });
}

/// Lets go of an answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free_answer(answer: &mut Answer) {
    unsafe {
        drop(Vec::from_raw_parts(answer.breakpoints, 0, answer.capacity));
        drop(Vec::from_raw_parts(answer.levels, 0, answer.capacity + 1));
    }
}
