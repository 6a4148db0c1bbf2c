//! Huge pages for large columns: fresh memory in small pages costs as much as the sort that needs it.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};

/// From here on a block is sure to hold a whole huge page, which on the usual machines has two megabytes.
const LARGE: usize = 4 << 20;

/// The allocator of the system, which is told that large blocks will be used from end to end.
struct HugePages;

#[global_allocator]
static ALLOCATOR: HugePages = HugePages;

// SAFETY: all memory comes from the system's allocator and goes back to it, with the layouts unchanged. Advice
// changes neither the contents nor the owner of memory.
unsafe impl GlobalAlloc for HugePages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is handed on.
        let block = unsafe { System.alloc(layout) };
        advise(block, layout.size());
        block
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is handed on.
        let block = unsafe { System.alloc_zeroed(layout) };
        advise(block, layout.size());
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise is handed on.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is handed on.
        unsafe { System.dealloc(block, layout) }
    }
}

#[cfg(target_os = "linux")]
fn advise(block: *mut u8, size: usize) {
    /// A multiple of every page size in use, as the advice needs.
    const PAGE: usize = 1 << 16;

    if block.is_null() || size < LARGE {
        return;
    }
    let skipped = block.align_offset(PAGE);
    let length = size.saturating_sub(skipped);
    // SAFETY: the range lies within the block, which nobody else knows yet. A kernel that does not know the advice
    // refuses it, which changes nothing.
    unsafe { libc::madvise(block.wrapping_add(skipped).cast(), length, libc::MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn advise(_block: *mut u8, _size: usize) {}
