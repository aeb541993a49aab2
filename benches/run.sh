#!/usr/bin/env bash
# byok beside curl, on the same server, in one run. Needs hyperfine, GNU time and curl, and installs
# what is missing. The argument is the number of runs of each short command (default 200).
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v hyperfine >/dev/null || packages+=(hyperfine)
command -v curl >/dev/null || packages+=(curl)
[ -x /usr/bin/time ] || packages+=(time)
[ -f /etc/ssl/certs/ca-certificates.crt ] || packages+=(ca-certificates)
if [ ${#packages[@]} != 0 ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" apt-get install -qy --no-install-recommends "${packages[@]}"
fi

# As an example the runner is built with the very profile of the binary that it measures.
cargo build --release --locked --bin byok --example compare
target=${CARGO_TARGET_DIR:-target}/release
exec "$target/examples/compare" measure "${BYOK:-$target/byok}" "${1:-200}"
