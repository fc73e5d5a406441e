//! Lines of any length, up to a limit.

use super::json::Piece;
use std::io::{self, BufRead, Read};

pub struct Lines<R> {
    reader: R,
    limit: usize,
    number: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R, limit: usize) -> Self {
        Self { reader, limit, number: 0, buffer: Vec::new() }
    }

    /// The next line that is not blank. After an error [`Self::broken`] has what came before it.
    pub fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        loop {
            self.buffer.clear();
            self.number += 1;
            let n = (&mut self.reader).take(self.limit as u64 + 1).read_until(b'\n', &mut self.buffer)?;
            if n == 0 {
                return Ok(None);
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        let too_long = self.buffer.len() > self.limit && self.buffer.last() != Some(&b'\n');
        if too_long {
            self.reader.skip_until(b'\n')?;
        }
        Ok(Some(Piece { number: self.number, bytes: self.buffer.trim_ascii(), too_long }))
    }

    /// The number and the beginning of the line in which reading failed.
    pub fn broken(&self) -> (u64, &[u8]) {
        (self.number, &self.buffer)
    }
}
