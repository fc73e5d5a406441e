//! Reads the body of an answer, packed or not, and no more of it than it may have.

use crate::error::SourceError;
use flate2::write::GzDecoder;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;
use std::io::{self, Write};

/// JSON of tweets packs about ten to one.
const MAX_RATIO: usize = 100;
/// From this size on, it is looked at how much larger than its packed form an answer is.
const SMALL: usize = 1 << 20;

/// The whole body.
pub(crate) async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, SourceError> {
    let coding = response.headers().get(CONTENT_ENCODING).map(|coding| coding.as_bytes().to_ascii_lowercase());
    let mut body = match coding.as_deref() {
        None | Some(b"identity") => Body::Plain(Kept::new(most)),
        Some(b"gzip" | b"x-gzip") => Body::Packed(Box::new(GzDecoder::new(Kept::new(most)))),
        Some(_) => return Err(SourceError::Garbled("it is packed in a way that was not asked for".to_owned())),
    };
    let mut received = 0;
    while let Some(chunk) = response.chunk().await.map_err(SourceError::of_http)? {
        received += chunk.len();
        body.write(&chunk, received)?;
    }
    body.finish()
}

enum Body {
    Plain(Kept),
    Packed(Box<GzDecoder<Kept>>),
}

/// What has come so far.
struct Kept {
    bytes: Vec<u8>,
    /// What there may be of it.
    most: usize,
    /// What there may be of it by now: a little that unpacks to very much is an attack.
    most_now: usize,
}

impl Kept {
    fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most, most_now: most }
    }

    fn too_much(&self) -> SourceError {
        if self.most_now < self.most {
            SourceError::Inflated(MAX_RATIO)
        } else {
            SourceError::TooLarge(self.most >> 20)
        }
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most_now {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Body {
    fn write(&mut self, chunk: &[u8], received: usize) -> Result<(), SourceError> {
        let written = match self {
            Self::Plain(kept) => kept.write_all(chunk),
            Self::Packed(packed) => {
                let kept = packed.get_mut();
                kept.most_now = kept.most.min(SMALL.max(received.saturating_mul(MAX_RATIO)));
                packed.write_all(chunk)
            }
        };
        written.map_err(|error| self.broken(&error))
    }

    fn finish(mut self) -> Result<Vec<u8>, SourceError> {
        match &mut self {
            Self::Plain(kept) => Ok(std::mem::take(&mut kept.bytes)),
            Self::Packed(packed) => match packed.try_finish() {
                Ok(()) => Ok(std::mem::take(&mut packed.get_mut().bytes)),
                Err(error) => Err(self.broken(&error)),
            },
        }
    }

    fn broken(&self, error: &io::Error) -> SourceError {
        let kept = match self {
            Self::Plain(kept) => kept,
            Self::Packed(packed) => packed.get_ref(),
        };
        match error.kind() {
            io::ErrorKind::FileTooLarge => kept.too_much(),
            _ => SourceError::Garbled("it is not packed as it says".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(bytes: &[u8], most: usize) -> Result<Vec<u8>, SourceError> {
        let mut body = Body::Packed(Box::new(GzDecoder::new(Kept::new(most))));
        let mut received = 0;
        for chunk in bytes.chunks(100) {
            received += chunk.len();
            body.write(chunk, received)?;
        }
        body.finish()
    }

    #[test]
    fn what_was_packed_comes_out_whole_or_not_at_all() {
        let text: Vec<u8> = (0..200_000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
        let bytes = packed(&text);
        assert_eq!(unpack(&bytes, 32 << 20).unwrap(), text);
        for length in [0, 5, 10, 1_000, bytes.len() - 8, bytes.len() - 1] {
            assert!(matches!(unpack(&bytes[..length], 32 << 20), Err(SourceError::Garbled(_))), "{length}");
        }
        let mut other = bytes.clone();
        other[bytes.len() / 2] ^= 1;
        assert!(matches!(unpack(&other, 32 << 20), Err(SourceError::Garbled(_))));
        assert!(matches!(unpack(b"{\"data\":[]}", 32 << 20), Err(SourceError::Garbled(_))), "plain text");
    }

    #[test]
    fn a_little_that_becomes_very_much_is_stopped_early() {
        let bomb = packed(&vec![b' '; 4 << 20]);
        assert!(bomb.len() < 10_000);
        assert!(matches!(unpack(&bomb, 32 << 20), Err(SourceError::Inflated(MAX_RATIO))));
        let small = packed(&vec![b' '; 500_000]);
        assert_eq!(unpack(&small, 32 << 20).unwrap().len(), 500_000, "small answers may be as even as they like");
        let large = packed(&(0..500_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        assert!(matches!(unpack(&large, 1 << 20), Err(SourceError::TooLarge(1))));
    }
}
