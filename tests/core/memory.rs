//! Counts the memory that the running test asks for, so that cost is a number and not a time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// Bytes asked for since the thread began.
pub(crate) fn asked() -> usize {
    ASKED.with(Cell::get)
}

/// Bytes held now.
pub(crate) fn held() -> isize {
    HELD.with(Cell::get)
}

fn count(asked: usize, held: isize) {
    let _ = ASKED.try_with(|total| total.set(total.get() + asked));
    let _ = HELD.try_with(|total| total.set(total.get() + held));
}

// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count(0, -(layout.size() as isize));
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;
