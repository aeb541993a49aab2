//! What one delta costs from bytes to events: framing and decoding, without kernel and screen.
//!
//! `cargo bench --bench decode` prints nanoseconds a delta for reads of several sizes.

use std::{hint::black_box, time::Instant};

use byok::{
    chat::ChatEvent,
    wire::{Frame, Framer, Reader, Wire},
};

/// Deltas in one stream.
const DELTAS: u32 = 100_000;

/// Streams per line of the result; the fastest counts.
const ROUNDS: usize = 7;

#[expect(clippy::print_stdout, reason = "the result of the bench")]
fn main() {
    // `cargo test --all-targets` runs this file, too, and does not say so.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("{:<28}{:>10}{:>10}{:>10}", "ns a delta, reads of", "1460 B", "16 KiB", "64 KiB");
    let ordinary = stream(r#"{"content":"word "}"#, "null");
    row("chat, framing only", |size| frame(&ordinary, size));
    row("chat, text", |size| read(Wire::OpenAiChat, &ordinary, size));
    let escaped = stream(r#"{"content":"\n\n\"word\" "}"#, "null");
    row("chat, text with escapes", |size| read(Wire::OpenAiChat, &escaped, size));
    let reasoning = stream(r#"{"content":null,"reasoning_content":"word "}"#, "null");
    row("chat, reasoning", |size| read(Wire::OpenAiChat, &reasoning, size));
    let counted = stream(
        r#"{"content":"word "}"#,
        r#"{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29}"#,
    );
    row("chat, text with usage", |size| read(Wire::OpenAiChat, &counted, size));
    let responses = named(
        "response.output_text.delta",
        r#""sequence_number":10,"item_id":"msg_0000000000000000000000000000","output_index":1,
"content_index":0,"delta":"word ","logprobs":[],"obfuscation":"a1B2c3""#,
    );
    row("responses, text", |size| read(Wire::OpenAiResponses, &responses, size));
    let llama = named("response.output_text.delta", r#""item_id":"msg_00000000","delta":"word ""#);
    row("responses, llama.cpp", |size| read(Wire::OpenAiResponses, &llama, size));
    let messages =
        named("content_block_delta", r#""index":0,"delta":{"type":"text_delta","text":"word "}"#);
    row("messages, text", |size| read(Wire::AnthropicMessages, &messages, size));
    let thinking = named(
        "content_block_delta",
        r#""index":0,"delta":{"type":"thinking_delta","thinking":"word "}"#,
    );
    row("messages, thinking", |size| read(Wire::AnthropicMessages, &thinking, size));
}

#[expect(clippy::print_stdout, reason = "the result of the bench")]
fn row(name: &str, mut run: impl FnMut(usize)) {
    print!("{name:<28}");
    for size in [1_460, 16 << 10, 64 << 10] {
        let fastest = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                run(size);
                start.elapsed()
            })
            .min()
            .unwrap_or_default();
        print!("{:>10}", fastest.as_nanos() / u128::from(DELTAS));
    }
    println!();
}

/// A stream of equal chunks, as OpenAI writes them.
fn stream(delta: &str, usage: &str) -> Vec<u8> {
    let chunk = format!(
        "data: {{\"id\":\"chatcmpl-0000000000000000000000000000\",\
         \"object\":\"chat.completion.chunk\",\"created\":1790000000,\
         \"model\":\"gpt-x-2026-01-01\",\"service_tier\":\"default\",\
         \"system_fingerprint\":\"fp_0000000000\",\"choices\":[{{\"index\":0,\"delta\":{delta},\
         \"logprobs\":null,\"finish_reason\":null}}],\"usage\":{usage},\
         \"obfuscation\":\"a1B2c3\"}}\n\n"
    );
    let end = "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    (chunk.repeat(DELTAS as usize) + end).into_bytes()
}

/// A stream of equal events that name themselves, cut before its end.
fn named(kind: &str, fields: &str) -> Vec<u8> {
    let fields = fields.replace('\n', "");
    format!("event: {kind}\ndata: {{\"type\":\"{kind}\",{fields}}}\n\n")
        .repeat(DELTAS as usize)
        .into_bytes()
}

fn frame(stream: &[u8], size: usize) {
    let mut framer = Framer::default();
    let mut frames: Vec<Frame> = Vec::new();
    for chunk in stream.chunks(size) {
        framer.push(chunk, &mut frames).expect("a stream without errors");
        black_box(&frames);
        frames.clear();
    }
}

fn read(wire: Wire, stream: &[u8], size: usize) {
    let mut reader = Reader::new(wire);
    let mut events: Vec<ChatEvent> = Vec::new();
    for chunk in stream.chunks(size) {
        reader.push(chunk, &mut events).expect("a stream without errors");
        black_box(&events);
        events.clear();
    }
}
