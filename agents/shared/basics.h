// The words that every C source here shares, and the two functions that a compiler may call on its own.
#ifndef BASICS_H
#define BASICS_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int i32;
typedef long long i64;

void *memcpy(void *to, const void *from, unsigned long count) {
  u8 *t = to;
  const u8 *f = from;
  while (count--) *t++ = *f++;
  return to;
}

void *memset(void *to, int value, unsigned long count) {
  u8 *t = to;
  while (count--) *t++ = (u8)value;
  return to;
}

static u32 text_length(const char *text) {
  u32 length = 0;
  while (text[length]) length++;
  return length;
}

static int equals(const u8 *bytes, u32 length, const char *word) {
  u32 i = 0;
  for (; i < length && word[i]; i++)
    if (bytes[i] != (u8)word[i]) return 0;
  return i == length && !word[i];
}

#endif
