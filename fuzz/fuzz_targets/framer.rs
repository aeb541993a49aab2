//! Chunks never matter: any bytes, cut anywhere, make the same frames and the same error.
//!
//! `cargo +nightly fuzz run framer`

#![no_main]

use byok::wire::{Frame, Framer, WireError};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Vec<u16>)| {
    let (stream, cuts) = input;
    let mut cuts: Vec<usize> =
        cuts.iter().map(|cut| usize::from(*cut) % (stream.len() + 1)).collect();
    cuts.extend([0, stream.len()]);
    cuts.sort_unstable();
    let whole = read([stream.as_slice()]);
    assert_eq!(read(cuts.windows(2).map(|cut| &stream[cut[0]..cut[1]])), whole);
    assert_eq!(read(stream.chunks(1)), whole);
});

type Outcome = (Vec<Frame>, Option<WireError>, bool);

fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut framer = Framer::default();
    let mut frames = Vec::new();
    let error = chunks.into_iter().find_map(|chunk| framer.push(chunk, &mut frames).err());
    if error.is_none() {
        frames.extend(framer.finish());
    }
    (frames, error, framer.has_replaced())
}
