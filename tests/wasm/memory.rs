//! The allocator of the bindings: whatever is asked for and given back, in whatever order, blocks keep what was put in them.
#![cfg(target_arch = "wasm32")]

// Brings the allocator in.
use tidegate_wasm as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Numbers that are the same in every run.
struct Dice(u32);

impl Dice {
    fn below(&mut self, most: u32) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % most as usize
    }
}

#[wasm_bindgen_test]
fn blocks_keep_what_was_put_in_them() {
    let mut dice = Dice(7);
    let mut blocks: Vec<(u8, Vec<u8>)> = Vec::new();
    for round in 0..40_000u32 {
        match dice.below(4) {
            0 if !blocks.is_empty() => {
                let (mark, block) = blocks.swap_remove(dice.below(blocks.len() as u32));
                assert!(block.iter().all(|byte| *byte == mark), "round {round}");
            }
            1 if !blocks.is_empty() => {
                let at = dice.below(blocks.len() as u32);
                let (mark, block) = &mut blocks[at];
                let size = dice.below(9_000);
                block.resize(size, *mark);
                block.shrink_to_fit();
                assert!(block.iter().all(|byte| byte == mark), "round {round}");
            }
            _ => {
                let size = if dice.below(50) == 0 { dice.below(300_000) } else { dice.below(300) };
                blocks.push((round as u8, vec![round as u8; size]));
            }
        }
        if blocks.len() > 300 {
            blocks.truncate(100);
        }
    }
}

#[wasm_bindgen_test]
fn what_is_given_back_is_used_again() {
    let pages = || core::arch::wasm32::memory_size::<0>();
    let churn = || (0..200).for_each(|_| drop((0..20).map(|size| vec![1u8; size * 1_000]).collect::<Vec<_>>()));
    churn();
    let before = pages();
    (0..50).for_each(|_| churn());
    assert_eq!(pages(), before);
}
