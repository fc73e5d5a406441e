//! Lines out of bytes that come as they like.

use crate::error::SourceError;
use crate::stream::StreamEnd;
use reqwest::Response;
use std::time::Duration;

/// Cuts bytes into lines that end with `\n` or `\r\n`.
#[derive(Debug)]
pub(crate) struct Splitter {
    kept: Vec<u8>,
    /// So far it is known that no line ends.
    searched: usize,
    most: usize,
}

impl Splitter {
    /// No line may have more bytes than `most`.
    pub fn new(most: usize) -> Self {
        Self { kept: Vec::new(), searched: 0, most }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.kept.extend_from_slice(bytes);
    }

    /// The next whole line without its end, if there is one.
    ///
    /// # Errors
    /// When it is too long.
    pub fn line(&mut self) -> Result<Option<Vec<u8>>, SourceError> {
        let found = self.kept[self.searched..].iter().position(|byte| *byte == b'\n');
        let length = found.map_or(self.kept.len(), |place| self.searched + place);
        if length > self.most {
            return Err(SourceError::TooLarge(self.most >> 20));
        }
        if found.is_none() {
            self.searched = length;
            return Ok(None);
        }
        let rest = self.kept.split_off(length + 1);
        let mut line = std::mem::replace(&mut self.kept, rest);
        self.searched = 0;
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }

    /// What is left behind the last whole line.
    pub fn rest(self) -> Vec<u8> {
        self.kept
    }
}

/// The lines of an answer while it comes.
#[derive(Debug)]
pub struct Lines {
    response: Response,
    splitter: Splitter,
    /// How long nothing may come.
    patience: Duration,
    is_over: bool,
}

impl Lines {
    pub(crate) fn new(response: Response, longest_line: usize, patience: Duration) -> Self {
        Self { response, splitter: Splitter::new(longest_line), patience, is_over: false }
    }

    /// The next line, without its end; none at the end. It can be cancelled: nothing that has come is lost.
    ///
    /// # Errors
    /// When the connection breaks, nothing comes for too long, a line is too long, or the last is not whole. There is
    /// nothing more to be had after that.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, SourceError> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            match self.splitter.line() {
                Ok(None) => {}
                Ok(line) => return Ok(line),
                Err(error) => return self.end(Err(error)),
            }
            match tokio::time::timeout(self.patience, self.response.chunk()).await {
                Err(_) => return self.end(Err(SourceError::Stream(StreamEnd::Silent))),
                Ok(Err(error)) => return self.end(Err(SourceError::of_http(error))),
                Ok(Ok(Some(chunk))) => self.splitter.push(&chunk),
                Ok(Ok(None)) => {
                    let rest = std::mem::replace(&mut self.splitter, Splitter::new(0)).rest();
                    let is_whole = rest.is_empty();
                    return self.end(if is_whole { Ok(None) } else { Err(SourceError::Stream(StreamEnd::HalfLine)) });
                }
            }
        }
    }

    fn end<T>(&mut self, last: Result<T, SourceError>) -> Result<T, SourceError> {
        self.is_over = true;
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_that_never_ends_is_stopped() {
        let mut splitter = Splitter::new(10);
        splitter.push(b"0123456789");
        assert!(matches!(splitter.line(), Ok(None)));
        splitter.push(b"\n0123456789x");
        assert_eq!(splitter.line().unwrap().unwrap(), b"0123456789");
        assert!(matches!(splitter.line(), Err(SourceError::TooLarge(_))));
    }

    proptest! {
        #[test]
        fn however_bytes_come_the_lines_are_the_same(
            lines in prop::collection::vec("[^\n\r]{0,12}", 0..8), ends in "[^\n\r]{0,3}", cuts in prop::collection::vec(1_usize..9, 1..9),
        ) {
            let text: String = lines.iter().map(|line| format!("{line}\r\n")).chain([ends.clone()]).collect();
            let (mut splitter, mut found) = (Splitter::new(1_000), Vec::new());
            let (mut bytes, mut cuts) = (text.as_bytes(), cuts.iter().cycle());
            while !bytes.is_empty() {
                let (now, later) = bytes.split_at((*cuts.next().unwrap()).min(bytes.len()));
                splitter.push(now);
                while let Some(line) = splitter.line().unwrap() {
                    found.push(String::from_utf8(line).unwrap());
                }
                bytes = later;
            }
            prop_assert_eq!(found, lines);
            prop_assert_eq!(splitter.rest(), ends.into_bytes());
        }
    }
}
