// Digests of the input. Enters: bytes on standard input; the argument "keccak256" or "sha256", by default both.
// Leaves: one line a digest, its name and its hex. Keccak is the one of Ethereum (padding 0x01), SHA-256 is FIPS 180-4.
#include "../shared/agent.h"

enum { KECCAK_RATE = 136, SHA_BLOCK = 64 };

static u64 rotate_left(u64 lane, u32 by) { return by ? lane << by | lane >> (64 - by) : lane; }
static u32 rotate_right(u32 word, u32 by) { return word >> by | word << (32 - by); }

static const u64 round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// Rotation of lane (x, y), and where rho and pi carry it: to (y, 2x + 3y).
static const u8 rotations[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                 25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

static void permute(u64 state[25]) {
  u64 moved[25], parity[5];
  for (u32 round = 0; round < 24; round++) {
    for (u32 x = 0; x < 5; x++)
      parity[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
    for (u32 x = 0; x < 5; x++) {
      u64 theta = parity[(x + 4) % 5] ^ rotate_left(parity[(x + 1) % 5], 1);
      for (u32 y = 0; y < 5; y++)
        moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate_left(state[x + 5 * y] ^ theta, rotations[x + 5 * y]);
    }
    for (u32 row = 0; row < 25; row += 5)
      for (u32 x = 0; x < 5; x++)
        state[row + x] = moved[row + x] ^ (~moved[row + (x + 1) % 5] & moved[row + (x + 2) % 5]);
    state[0] ^= round_constants[round];
  }
}

static void absorb(u64 state[25], const u8 *block) {
  for (u32 i = 0; i < KECCAK_RATE; i++) state[i / 8] ^= (u64)block[i] << 8 * (i % 8);
  permute(state);
}

static void keccak256(text input, u8 digest[32]) {
  u64 state[25] = {0};
  u8 last[KECCAK_RATE] = {0};
  u32 at = 0;
  for (; input.length - at >= KECCAK_RATE; at += KECCAK_RATE) absorb(state, input.bytes + at);
  memcpy(last, input.bytes + at, input.length - at);
  last[input.length - at] = 0x01;
  last[KECCAK_RATE - 1] |= 0x80;
  absorb(state, last);
  for (u32 i = 0; i < 32; i++) digest[i] = (u8)(state[i / 8] >> 8 * (i % 8));
}

static const u32 fractions[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static void compress(u32 hash[8], const u8 *block) {
  u32 schedule[64], v[8];
  for (u32 t = 0; t < 16; t++)
    schedule[t] = (u32)block[4 * t] << 24 | (u32)block[4 * t + 1] << 16 | (u32)block[4 * t + 2] << 8 | block[4 * t + 3];
  for (u32 t = 16; t < 64; t++) {
    u32 a = schedule[t - 15], b = schedule[t - 2];
    schedule[t] = schedule[t - 16] + schedule[t - 7] + (rotate_right(a, 7) ^ rotate_right(a, 18) ^ a >> 3) +
                  (rotate_right(b, 17) ^ rotate_right(b, 19) ^ b >> 10);
  }
  for (u32 i = 0; i < 8; i++) v[i] = hash[i];
  for (u32 t = 0; t < 64; t++) {
    u32 one = v[7] + (rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25)) +
              ((v[4] & v[5]) ^ (~v[4] & v[6])) + fractions[t] + schedule[t];
    u32 two = (rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22)) +
              ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    for (u32 i = 7; i > 0; i--) v[i] = v[i - 1];
    v[4] += one;
    v[0] = one + two;
  }
  for (u32 i = 0; i < 8; i++) hash[i] += v[i];
}

static void sha256(text input, u8 digest[32]) {
  u32 hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  u8 last[2 * SHA_BLOCK] = {0};
  u32 at = 0;
  for (; input.length - at >= SHA_BLOCK; at += SHA_BLOCK) compress(hash, input.bytes + at);
  u32 rest = input.length - at, end = rest < SHA_BLOCK - 8 ? SHA_BLOCK : 2 * SHA_BLOCK;
  memcpy(last, input.bytes + at, rest);
  last[rest] = 0x80;
  for (u32 i = 0; i < 8; i++) last[end - 1 - i] = (u8)((u64)input.length * 8 >> 8 * i);
  for (u32 block = 0; block < end; block += SHA_BLOCK) compress(hash, last + block);
  for (u32 i = 0; i < 32; i++) digest[i] = (u8)(hash[i / 4] >> (24 - 8 * (i % 4)));
}

static void put_digest(const char *name, const u8 digest[32]) {
  put_text(name);
  put(' ');
  for (u32 i = 0; i < 32; i++) {
    put((u8)"0123456789abcdef"[digest[i] >> 4]);
    put((u8)"0123456789abcdef"[digest[i] & 15]);
  }
  put('\n');
}

void run(void) {
  const char *wanted = argument(1);
  u32 length = wanted ? text_length(wanted) : 0;
  int keccak = !wanted || equals((const u8 *)wanted, length, "keccak256");
  int sha = !wanted || equals((const u8 *)wanted, length, "sha256");
  if (!keccak && !sha) refuse("expected the argument keccak256 or sha256");
  text input = read_input();
  u8 digest[32];
  if (keccak) {
    keccak256(input, digest);
    put_digest("keccak256", digest);
  }
  if (sha) {
    sha256(input, digest);
    put_digest("sha256", digest);
  }
}
