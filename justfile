# The commands of this project. `just` alone does what a change needs before its commit.

default: fmt lint test

# Format.
fmt:
    cargo fmt

# Warnings are errors, as in CI.
lint:
    cargo clippy --all-targets --locked -- -D warnings

# All tests that need no server; `just test demo` runs those with `demo` in their name.
test *FILTER:
    cargo test --locked {{ FILTER }}

# The tests against real servers, which have to be up.
interop:
    BYOK_INTEROP=1 cargo test --locked --test interop

# Exactly what CI runs.
ci:
    .ci/run

# byok beside curl: start, one-shot, memory, streams; then the chat and the screen. `just bench 100` is a short run.
bench *RUNS:
    benches/run.sh {{ RUNS }}

# The documentation of every item, private ones included.
docs:
    RUSTDOCFLAGS=-Dwarnings cargo doc --locked --no-deps --document-private-items

# Licences and sources of all dependencies, and known holes in them (needs cargo-deny).
deny:
    cargo deny --locked check
