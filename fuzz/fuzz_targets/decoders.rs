//! No body makes a reader panic, in any format, and the cuts between reads do not matter.
//!
//! `cargo +nightly fuzz run decoders`; the golden streams make a good corpus:
//! `cargo +nightly fuzz run decoders fuzz/corpus/decoders tests/golden/*`

#![no_main]

use byok::{
    chat::{ChatEvent, Reply},
    wire::{Fault, Progress, Reader, Wire, WireError},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    for wire in [Wire::OpenAiChat, Wire::OpenAiResponses, Wire::AnthropicMessages] {
        let whole = read(wire, [body]);
        assert_eq!(read(wire, body.chunks(7)), whole);
        let mut reply = Reply::default();
        for event in &whole.0 {
            reply.apply(event, "issuer");
        }
        let _ = wire.decode_whole(body, &mut Vec::new());
    }
    let _ = Fault::from_body(body);
});

fn read<'a>(
    wire: Wire,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<ChatEvent>, Result<(), WireError>) {
    let mut reader = Reader::new(wire);
    let mut events = Vec::new();
    for chunk in chunks {
        match reader.push(chunk, &mut events) {
            Ok(Progress::Complete) => return (events, Ok(())),
            Ok(Progress::Open | Progress::Finished) => {}
            Err(error) => return (events, Err(error)),
        }
    }
    let end = reader.end(&mut events);
    (events, end)
}
