// The same agent as echo.c in Rust. Not built here, for the machine lacks Rust's library for wasm32-wasip1; elsewhere:
// rustc --target wasm32-wasip1 -O echo.rs
use std::io::{copy, stdin, stdout};

fn main() -> std::io::Result<()> {
    copy(&mut stdin().lock(), &mut stdout().lock())?;
    Ok(())
}
