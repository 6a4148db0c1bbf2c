//! The allocator: large blocks lie in huge pages, and the last ones given back are kept for the next call.
//!
//! Fresh memory costs as much as the sort that needs it: the system clears each page when it is first touched. A
//! program that combines again and again pays for that once.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::Mutex;

/// The size of a huge page on the usual machines.
const HUGE_PAGE: usize = 2 << 20;
/// From here on a block is large.
const LARGE: usize = 2 * HUGE_PAGE;
/// How many bytes are kept at most: what a call with a million intervals needs.
const MOST_BYTES: usize = 96 << 20;
/// How many blocks are kept at most.
const MOST_BLOCKS: usize = 8;

/// The allocator of the system, with a few large blocks at hand.
struct LargeBlocks;

#[global_allocator]
static ALLOCATOR: LargeBlocks = LargeBlocks;

/// The blocks that were given back last, the oldest first, then empty places.
static KEPT: Mutex<[Kept; MOST_BLOCKS]> = Mutex::new([const { Kept::NONE }; MOST_BLOCKS]);

/// A large block that nobody uses, or none.
struct Kept {
    start: *mut u8,
    layout: Option<Layout>,
}

// SAFETY: memory that nobody uses may go to any thread.
unsafe impl Send for Kept {}

impl Kept {
    const NONE: Kept = Kept { start: ptr::null_mut(), layout: None };

    fn size(&self) -> usize {
        self.layout.map_or(0, |layout| layout.size())
    }

    /// Gives the block back to the system.
    fn release(&mut self) {
        if let Some(layout) = self.layout.take() {
            // SAFETY: the system gave the block out with this layout, and nobody uses it.
            unsafe { System.dealloc(self.start, layout) };
        }
    }
}

/// The layout with which the system is asked for a large block: whole huge pages, in few different sizes.
fn rounded(layout: Layout) -> Option<Layout> {
    if layout.size() < LARGE {
        return None;
    }
    let unit = (layout.size() / 8).checked_next_power_of_two()?.max(HUGE_PAGE);
    let size = layout.size().checked_next_multiple_of(unit)?;
    Layout::from_size_align(size, layout.align().max(HUGE_PAGE)).ok()
}

/// A kept block of this layout, if there is one. Who finds the lock taken goes on without.
fn reuse(layout: Layout) -> Option<*mut u8> {
    let mut kept = KEPT.try_lock().ok()?;
    let found = kept.iter().rposition(|kept| kept.layout == Some(layout))?;
    kept.get_mut(found..)?.rotate_left(1);
    let block = std::mem::replace(kept.last_mut()?, Kept::NONE);
    Some(block.start)
}

/// Keeps a block, or gives it back to the system, together with older ones if there are too many.
fn keep(start: *mut u8, layout: Layout) {
    let mut block = Kept { start, layout: Some(layout) };
    let Ok(mut kept) = KEPT.try_lock() else { return block.release() };
    if layout.size() > MOST_BYTES {
        return block.release();
    }
    loop {
        let bytes = kept.iter().fold(layout.size(), |bytes, kept| bytes.saturating_add(kept.size()));
        match kept.iter_mut().find(|kept| kept.layout.is_none()) {
            Some(empty) if bytes <= MOST_BYTES => {
                *empty = block;
                return;
            }
            _ => {
                kept.rotate_left(1);
                if let Some(oldest) = kept.last_mut() {
                    oldest.release();
                }
            }
        }
    }
}

// SAFETY: all memory comes from the system's allocator and goes back to it with the layout that it was asked for,
// which for a given layout of the caller is always the same and never smaller. A block that is kept belongs to nobody.
unsafe impl GlobalAlloc for LargeBlocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(large) = rounded(layout) else {
            // SAFETY: the caller's promise is handed on.
            return unsafe { System.alloc(layout) };
        };
        reuse(large).unwrap_or_else(|| {
            // SAFETY: the layout is not empty.
            let start = unsafe { System.alloc(large) };
            advise(start, layout.size());
            start
        })
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        match rounded(layout) {
            Some(large) => keep(start, large),
            // SAFETY: the caller's promise is handed on.
            None => unsafe { System.dealloc(start, layout) },
        }
    }

    unsafe fn realloc(&self, start: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return ptr::null_mut() };
        let (old, new) = (rounded(layout), rounded(wanted));
        if old.is_none() && new.is_none() {
            // SAFETY: the caller's promise is handed on.
            return unsafe { System.realloc(start, layout, size) };
        }
        if old == new {
            return start;
        }
        // SAFETY: the caller promises a size above zero; the two blocks are as long as their layouts say, and apart.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(start, moved, layout.size().min(size));
                self.dealloc(start, layout);
            }
            moved
        }
    }
}

/// Tells the system that so much of a block will be used from end to end: whole huge pages. One that is used in part
/// would be there as a whole.
#[cfg(target_os = "linux")]
fn advise(start: *mut u8, size: usize) {
    let size = size.saturating_sub(size & HUGE_PAGE.saturating_sub(1));
    if !start.is_null() {
        // SAFETY: nobody else knows the block yet. A system that does not know the advice refuses it, which changes
        // nothing.
        unsafe { libc::madvise(start.cast(), size, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn advise(_start: *mut u8, _size: usize) {}
