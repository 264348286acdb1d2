// The same agent as hash.c in Rust, equal in every byte of output; how it is checked says README.md.
// Built elsewhere by: rustc --target wasm32-wasip1 -O hash.rs
use std::io::{stdin, Read};
use std::process::exit;

const INPUT_LIMIT: u64 = 16 * 1024 * 1024;
const KECCAK_RATE: usize = 136;
const SHA_BLOCK: usize = 64;

const ROUND_CONSTANTS: [u64; 24] = [
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
];

// Rotation of lane (x, y), and where rho and pi carry it: to (y, 2x + 3y).
const ROTATIONS: [u32; 25] = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14];

const FRACTIONS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

fn refuse(expected: &str) -> ! {
    eprintln!("{expected}");
    exit(65)
}

fn permute(state: &mut [u64; 25]) {
    for constant in ROUND_CONSTANTS {
        let parity: [u64; 5] = std::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]));
        let mut moved = [0u64; 25];
        for x in 0..5 {
            let theta = parity[(x + 4) % 5] ^ parity[(x + 1) % 5].rotate_left(1);
            for y in 0..5 {
                moved[y + 5 * ((2 * x + 3 * y) % 5)] = (state[x + 5 * y] ^ theta).rotate_left(ROTATIONS[x + 5 * y]);
            }
        }
        for row in (0..25).step_by(5) {
            for x in 0..5 {
                state[row + x] = moved[row + x] ^ (!moved[row + (x + 1) % 5] & moved[row + (x + 2) % 5]);
            }
        }
        state[0] ^= constant;
    }
}

fn absorb(state: &mut [u64; 25], block: &[u8]) {
    for (i, &byte) in block.iter().enumerate() {
        state[i / 8] ^= u64::from(byte) << (8 * (i % 8));
    }
    permute(state);
}

fn keccak256(input: &[u8]) -> [u8; 32] {
    let mut state = [0u64; 25];
    let blocks = input.chunks_exact(KECCAK_RATE);
    let rest = blocks.remainder();
    blocks.for_each(|block| absorb(&mut state, block));
    let mut last = [0u8; KECCAK_RATE];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x01;
    last[KECCAK_RATE - 1] |= 0x80;
    absorb(&mut state, &last);
    std::array::from_fn(|i| (state[i / 8] >> (8 * (i % 8))) as u8)
}

fn compress(hash: &mut [u32; 8], block: &[u8]) {
    let mut schedule = [0u32; 64];
    for t in 0..16 {
        schedule[t] = u32::from_be_bytes(std::array::from_fn(|i| block[4 * t + i]));
    }
    for t in 16..64 {
        let (a, b) = (schedule[t - 15], schedule[t - 2]);
        schedule[t] = schedule[t - 16]
            .wrapping_add(schedule[t - 7])
            .wrapping_add(a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3))
            .wrapping_add(b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10));
    }
    let mut v = *hash;
    for t in 0..64 {
        let one = v[7]
            .wrapping_add(v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25))
            .wrapping_add((v[4] & v[5]) ^ (!v[4] & v[6]))
            .wrapping_add(FRACTIONS[t])
            .wrapping_add(schedule[t]);
        let two = (v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22))
            .wrapping_add((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        v.rotate_right(1);
        v[4] = v[4].wrapping_add(one);
        v[0] = one.wrapping_add(two);
    }
    for (sum, word) in hash.iter_mut().zip(v) {
        *sum = sum.wrapping_add(word);
    }
}

fn sha256(input: &[u8]) -> [u8; 32] {
    let mut hash =
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    let blocks = input.chunks_exact(SHA_BLOCK);
    let mut last = blocks.remainder().to_vec();
    blocks.for_each(|block| compress(&mut hash, block));
    last.push(0x80);
    let end = if last.len() <= SHA_BLOCK - 8 { SHA_BLOCK } else { 2 * SHA_BLOCK };
    last.resize(end - 8, 0);
    last.extend((input.len() as u64 * 8).to_be_bytes());
    last.chunks_exact(SHA_BLOCK).for_each(|block| compress(&mut hash, block));
    std::array::from_fn(|i| (hash[i / 4] >> (24 - 8 * (i % 4))) as u8)
}

fn print(name: &str, digest: [u8; 32]) {
    println!("{name} {}", digest.map(|byte| format!("{byte:02x}")).concat());
}

fn main() {
    let wanted = std::env::args().nth(1);
    let (keccak, sha) = match wanted.as_deref() {
        None => (true, true),
        Some("keccak256") => (true, false),
        Some("sha256") => (false, true),
        Some(_) => refuse("expected the argument keccak256 or sha256"),
    };
    let mut input = Vec::new();
    if stdin().take(INPUT_LIMIT + 1).read_to_end(&mut input).is_err() {
        exit(74);
    }
    if input.len() as u64 > INPUT_LIMIT {
        refuse("expected at most 16 MiB of input");
    }
    if keccak {
        print("keccak256", keccak256(&input));
    }
    if sha {
        print("sha256", sha256(&input));
    }
}
