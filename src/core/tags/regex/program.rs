//! An expression as a list of ops that a search runs.

use super::class::Set;
use super::parse::Node;

/// Ops an expression may come to, with its counted repeats written out.
const MAX_OPS: usize = 5_000;

/// One op. Numbers are places in the list, slots, or marks.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Op {
    Char(char),
    Set(Set),
    Start,
    End,
    Boundary(bool),
    Save(usize),
    /// Empties slots, the first to the one behind the last.
    Forget(usize, usize),
    Jump(usize),
    /// Tries the first, then the second.
    Split(usize, usize),
    /// Notes where a round of a loop begins.
    Mark(usize),
    /// Fails where the round took nothing.
    Moved(usize),
    Back(usize),
    /// What follows up to its [`Op::Accept`] has to match here, or must not.
    Look {
        wanted: bool,
        end: usize,
    },
    Accept,
}

/// Compiles a whole expression; group 0 is around it.
///
/// # Errors
/// It is too large.
pub(super) fn compile(node: &Node) -> Result<Vec<Op>, &'static str> {
    let mut compiler = Compiler { ops: Vec::new(), marks: 0 };
    compiler.push(Op::Save(0))?;
    compiler.node(node)?;
    compiler.push(Op::Save(1))?;
    compiler.push(Op::Accept)?;
    Ok(compiler.ops)
}

struct Compiler {
    ops: Vec<Op>,
    marks: usize,
}

impl Compiler {
    fn push(&mut self, op: Op) -> Result<usize, &'static str> {
        if self.ops.len() >= MAX_OPS {
            return Err("is too large: write it with smaller counts");
        }
        self.ops.push(op);
        Ok(self.ops.len() - 1)
    }

    fn put(&mut self, at: usize, op: Op) {
        if let Some(place) = self.ops.get_mut(at) {
            *place = op;
        }
    }

    fn node(&mut self, node: &Node) -> Result<(), &'static str> {
        match node {
            Node::Char(char) => self.push(Op::Char(*char))?,
            Node::Set(set) => self.push(Op::Set(set.clone()))?,
            Node::Start => self.push(Op::Start)?,
            Node::End => self.push(Op::End)?,
            Node::Boundary(wanted) => self.push(Op::Boundary(*wanted))?,
            Node::Back(group) => self.push(Op::Back(*group))?,
            Node::Group(inner, number) => {
                self.push(Op::Save(2 * number))?;
                self.node(inner)?;
                self.push(Op::Save(2 * number + 1))?
            }
            Node::Look(inner, wanted) => {
                let look = self.push(Op::Accept)?;
                self.node(inner)?;
                let end = self.push(Op::Accept)? + 1;
                self.put(look, Op::Look { wanted: *wanted, end });
                look
            }
            Node::Sequence(all) => return all.iter().try_for_each(|node| self.node(node)),
            Node::Either(all) => return self.either(all),
            Node::Repeat(repeat) => {
                for _ in 0..repeat.least {
                    self.round(repeat)?;
                }
                return match repeat.most {
                    None => self.endless(repeat),
                    Some(most) => self.optional(repeat, most - repeat.least),
                };
            }
        };
        Ok(())
    }

    fn either(&mut self, all: &[Node]) -> Result<(), &'static str> {
        let mut ends = Vec::new();
        for (at, node) in all.iter().enumerate() {
            if at + 1 == all.len() {
                self.node(node)?;
                break;
            }
            let split = self.push(Op::Accept)?;
            self.node(node)?;
            ends.push(self.push(Op::Accept)?);
            let next = self.ops.len();
            self.put(split, Op::Split(split + 1, next));
        }
        let end = self.ops.len();
        for jump in ends {
            self.put(jump, Op::Jump(end));
        }
        Ok(())
    }

    /// One round of a loop: groups in it begin empty.
    fn round(&mut self, repeat: &super::parse::Repeat) -> Result<(), &'static str> {
        let (from, to) = repeat.groups;
        if from < to {
            self.push(Op::Forget(2 * from, 2 * to))?;
        }
        self.node(&repeat.node)
    }

    fn endless(&mut self, repeat: &super::parse::Repeat) -> Result<(), &'static str> {
        let mark = self.marks;
        self.marks += 1;
        let split = self.push(Op::Accept)?;
        self.push(Op::Mark(mark))?;
        self.round(repeat)?;
        self.push(Op::Moved(mark))?;
        self.push(Op::Jump(split))?;
        let end = self.ops.len();
        self.put(split, if repeat.lazy { Op::Split(end, split + 1) } else { Op::Split(split + 1, end) });
        Ok(())
    }

    fn optional(&mut self, repeat: &super::parse::Repeat, rounds: u32) -> Result<(), &'static str> {
        let mut splits = Vec::new();
        for _ in 0..rounds {
            splits.push(self.push(Op::Accept)?);
            let mark = self.marks;
            self.marks += 1;
            self.push(Op::Mark(mark))?;
            self.round(repeat)?;
            self.push(Op::Moved(mark))?;
        }
        let end = self.ops.len();
        for split in splits {
            self.put(split, if repeat.lazy { Op::Split(end, split + 1) } else { Op::Split(split + 1, end) });
        }
        Ok(())
    }
}
