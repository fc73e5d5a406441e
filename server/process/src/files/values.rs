//! JSON values that follow each other or are the elements of an array, over any number of lines, one at a time.

use super::json::Piece;
use std::io::{self, BufRead};

pub struct Values<R> {
    reader: R,
    limit: usize,
    number: u64,
    buffer: Vec<u8>,
    in_array: bool,
}

/// Where in a value the scan is.
#[derive(Default)]
struct Scan {
    begun: bool,
    depth: usize,
    in_string: bool,
    escaped: bool,
    too_long: bool,
}

impl<R: BufRead> Values<R> {
    pub fn new(reader: R, limit: usize) -> Self {
        Self { reader, limit, number: 0, buffer: Vec::new(), in_array: false }
    }

    /// The next value. One that is cut off by the end of the file comes as it is.
    pub fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        self.buffer.clear();
        if !self.skip_between()? {
            return Ok(None);
        }
        self.number += 1;
        let mut scan = Scan::default();
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let (taken, done) = scan.advance(chunk);
            let room = self.limit.saturating_sub(self.buffer.len()).min(taken);
            self.buffer.extend_from_slice(&chunk[..room]);
            scan.too_long |= room < taken;
            self.reader.consume(taken);
            if done {
                break;
            }
        }
        Ok(Some(Piece { number: self.number, bytes: &self.buffer, too_long: scan.too_long }))
    }

    /// The number and the beginning of the value in which reading failed.
    pub fn broken(&self) -> (u64, &[u8]) {
        (self.number.max(1), &self.buffer)
    }

    /// Goes to the next value, into and out of arrays; false at the end of the file.
    fn skip_between(&mut self) -> io::Result<bool> {
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let mut used = 0;
            for byte in chunk {
                match byte {
                    b'[' if !self.in_array => self.in_array = true,
                    b']' if self.in_array => self.in_array = false,
                    b',' | b';' | b' ' | b'\t' | b'\r' | b'\n' => (),
                    _ => break,
                }
                used += 1;
            }
            let found = used < chunk.len();
            self.reader.consume(used);
            if found {
                return Ok(true);
            }
        }
    }
}

impl Scan {
    /// How many of the bytes belong to the value, and whether it ends with them.
    fn advance(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (index, byte) in chunk.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => (),
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => return (index + 1, true),
                // The end of a number or a word; a bracket too many is a value of its own.
                b',' | b'}' | b']' | b'\n' if self.depth == 0 && self.begun => return (index, true),
                _ => (),
            }
            self.begun = true;
        }
        (chunk.len(), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(json: &str, limit: usize) -> Vec<String> {
        // One byte at a time, so that every border of chunks is met.
        let reader = io::BufReader::with_capacity(1, json.as_bytes());
        let mut values = Values::new(reader, limit);
        let mut found = Vec::new();
        while let Some(value) = values.next().unwrap() {
            found.push(format!("{}{}", String::from_utf8_lossy(value.bytes), if value.too_long { "!" } else { "" }));
        }
        found
    }

    #[test]
    fn elements_and_following_values_are_found() {
        assert_eq!(values(r#"[ {"a":[1,"]}\""]} , {"b":2}]"#, 99), [r#"{"a":[1,"]}\""]}"#, r#"{"b":2}"#]);
        assert_eq!(values("{\n\"a\":1\n}\n{\n}\n", 99), ["{\n\"a\":1\n}", "{\n}"]);
        assert_eq!(values("[1,\n\"x\"]\n[{}]", 99), ["1", "\"x\"", "{}"]);
        assert_eq!(values("[]", 99), Vec::<String>::new());
        assert_eq!(values(r#"[{"a":1},{"b":"#, 99), [r#"{"a":1}"#, r#"{"b":"#]);
        assert_eq!(values(r#"[{"a":11111111},{"b":2}]"#, 8), [r#"{"a":111!"#, r#"{"b":2}"#]);
        assert_eq!(values("}}", 9), ["}", "}"]);
    }
}
