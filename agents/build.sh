#!/usr/bin/env bash
# Builds every reference agent and policy into the .wasm beside its source, or, given a folder, into that folder.
# Needs clang 14 with lld (Debian: clang-14, lld-14): another version may give other bytes, and the checked-in modules
# are named by their hash. Built in place, modules.sha256 afterwards names every module and every source it came from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

CLANG=${CLANG:-clang-14}
OUT=${1:-}
FLAGS=(--target=wasm32 -std=c11 -O2 -ffreestanding -nostdlib -fno-ident -Wall -Wextra -Werror -Wno-unused-function -Wno-unused-const-variable
  -mbulk-memory -msign-ext -mnontrapping-fptoint -mmutable-globals
  -Wl,--no-entry -Wl,--stack-first -Wl,-z,stack-size=65536 -Wl,--max-memory=67108864 -Wl,--strip-all)

build() {
  local source=$1 target=${1%.c}.wasm
  [ -z "$OUT" ] || target=$OUT/$(basename "$target")
  "$CLANG" "${FLAGS[@]}" -o "$target" "$source"
}

[ -z "$OUT" ] || mkdir -p "$OUT"
for agent in echo summarizer auditor caption hash matrix; do build "$agent/$agent.c"; done
for policy in policies/*.c; do build "$policy"; done

if [ -z "$OUT" ]; then
  chmod 644 ./*/*.wasm
  sha256sum build.sh shared/*.h ./*/*.c ./*/*.wasm | sed 's|  \./|  |' | LC_ALL=C sort -k 2 >modules.sha256
fi
