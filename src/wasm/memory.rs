//! The allocator. A core lives in one thread and asks for few sizes over and over, so blocks are powers of two and a block
//! that was given back waits for the next of its size: constant time, and nothing to fragment. The smallest library for this
//! (talc) adds half a kilobyte to the first load.

use core::arch::wasm32::{memory_grow, memory_size};
use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr::null_mut;

const PAGE: usize = 65_536;
/// Every block is a multiple of this and begins at one.
const LEAST: usize = 16;

#[global_allocator]
static MEMORY: Blocks =
    Blocks { free: [const { Cell::new(null_mut()) }; usize::BITS as usize], fresh: Cell::new(0), end: Cell::new(0) };

struct Blocks {
    /// By the logarithm of their size, the first of the blocks that were given back; each begins with the address of the next.
    free: [Cell<*mut u8>; usize::BITS as usize],
    /// Where memory begins that was never used, and where it ends.
    fresh: Cell<usize>,
    end: Cell<usize>,
}

/// The logarithm of the size of the block for a layout; nothing where none would do.
fn class(layout: Layout) -> Option<usize> {
    let size = layout.size().max(LEAST).checked_next_power_of_two()?;
    (layout.align() <= LEAST).then(|| size.trailing_zeros() as usize)
}

impl Blocks {
    /// Memory that was never used; null where there is no more.
    fn take(&self, size: usize) -> *mut u8 {
        if size > self.end.get() - self.fresh.get() {
            let grown_from = memory_grow::<0>(size.div_ceil(PAGE));
            if grown_from == usize::MAX {
                return null_mut();
            }
            if grown_from * PAGE != self.end.get() {
                self.fresh.set(grown_from * PAGE);
            }
            self.end.set(memory_size::<0>() * PAGE);
        }
        let block = self.fresh.get();
        self.fresh.set(block + size);
        block as *mut u8
    }
}

// SAFETY: wasm without shared memory has one thread.
unsafe impl Sync for Blocks {}

// SAFETY: a block belongs to one allocation from `alloc` to `dealloc`: it is either in a list or handed out, and what `take`
// hands out lies behind everything handed out before. It is as large as its class says, which holds the layout.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = class(layout) else { return null_mut() };
        let Some(list) = self.free.get(class) else { return null_mut() };
        let block = list.get();
        if block.is_null() {
            return self.take(1 << class);
        }
        // SAFETY: a block in a list holds the next one's address, which `dealloc` wrote; it is aligned and large enough.
        list.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(list) = class(layout).and_then(|class| self.free.get(class)) {
            // SAFETY: the caller gives the block up, and it is aligned and large enough for an address.
            unsafe { block.cast::<*mut u8>().write(list.replace(block)) };
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        if class(layout) == class(wanted) {
            return block;
        }
        // SAFETY: the layout is valid; both blocks are as large as the smaller of the two layouts and do not overlap; the old
        // one is the caller's to give up.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                moved.copy_from_nonoverlapping(block, size.min(layout.size()));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
