// What every agent in C stands on, without a C library: WASI preview 1 by its own imports, one bump allocator, one
// buffered output. Enters: standard input, arguments. Leaves: standard output and an exit code. Nothing is freed: an
// agent runs once, and its memory is a limit of the sandbox.
#ifndef AGENT_H
#define AGENT_H

#include "basics.h"

enum { PAGE = 65536, OUTPUT_BYTES = 4096, INPUT_LIMIT = 16 * 1024 * 1024, ARGUMENT_LIMIT = 16 };
enum { EXIT_INPUT = 65, EXIT_MEMORY = 71, EXIT_IO = 74 };

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

typedef struct { void *bytes; u32 length; } io_vector;

WASI(fd_read) i32 wasi_fd_read(i32 descriptor, const io_vector *vectors, u32 count, u32 *done);
WASI(fd_write) i32 wasi_fd_write(i32 descriptor, const io_vector *vectors, u32 count, u32 *done);
WASI(args_sizes_get) i32 wasi_args_sizes_get(u32 *count, u32 *bytes);
WASI(args_get) i32 wasi_args_get(char **values, char *bytes);
WASI(proc_exit) __attribute__((noreturn)) void wasi_proc_exit(i32 code);

extern u8 __heap_base;
static u32 heap_next;

static void *allocate_bytes(u32 count) {
  if (!heap_next) heap_next = ((u32)&__heap_base + 15) & ~15u;
  u32 start = heap_next, end = start + ((count + 15) & ~15u);
  if (end < start) wasi_proc_exit(EXIT_MEMORY);
  u32 pages = (end + PAGE - 1) / PAGE, have = __builtin_wasm_memory_size(0);
  if (pages > have && __builtin_wasm_memory_grow(0, pages - have) == (u32)-1) wasi_proc_exit(EXIT_MEMORY);
  heap_next = end;
  return (void *)start;
}

static u8 output_bytes[OUTPUT_BYTES];
static u32 output_used;

static void write_all(i32 descriptor, const u8 *bytes, u32 length) {
  while (length) {
    io_vector vector = {(void *)bytes, length};
    u32 done = 0;
    if (wasi_fd_write(descriptor, &vector, 1, &done) || done == 0) wasi_proc_exit(EXIT_IO);
    bytes += done;
    length -= done;
  }
}

static void flush(void) {
  write_all(1, output_bytes, output_used);
  output_used = 0;
}

static void put(u8 byte) {
  if (output_used == OUTPUT_BYTES) flush();
  output_bytes[output_used++] = byte;
}

static void put_bytes(const u8 *bytes, u32 length) {
  for (u32 i = 0; i < length; i++) put(bytes[i]);
}

static void put_text(const char *text) {
  while (*text) put((u8)*text++);
}

static void put_number(i64 number) {
  u8 digits[20];
  u32 count = 0;
  u64 rest = number < 0 ? 0 - (u64)number : (u64)number;
  do digits[count++] = (u8)('0' + rest % 10);
  while (rest /= 10);
  if (number < 0) put('-');
  while (count) put(digits[--count]);
}

// Says what was wrong on standard error and ends the agent.
__attribute__((noreturn)) static void refuse(const char *expected) {
  flush();
  write_all(2, (const u8 *)expected, text_length(expected));
  write_all(2, (const u8 *)"\n", 1);
  wasi_proc_exit(EXIT_INPUT);
}

typedef struct { u8 *bytes; u32 length; } text;

// All of standard input. The text lies last on the heap while it grows, so growing never copies.
static text read_input(void) {
  enum { CHUNK = 65536 };
  text input = {allocate_bytes(0), 0};
  for (;;) {
    allocate_bytes(input.length % CHUNK == 0 ? CHUNK : 0);
    io_vector vector = {input.bytes + input.length, CHUNK - input.length % CHUNK};
    u32 done = 0;
    if (wasi_fd_read(0, &vector, 1, &done)) wasi_proc_exit(EXIT_IO);
    if (done == 0) return input;
    input.length += done;
    if (input.length > INPUT_LIMIT) refuse("expected at most 16 MiB of input");
  }
}

// The argument at an index, or null.
static const char *argument(u32 index) {
  u32 count = 0, bytes = 0;
  char *values[ARGUMENT_LIMIT];
  if (wasi_args_sizes_get(&count, &bytes) || count > ARGUMENT_LIMIT || index >= count) return 0;
  if (wasi_args_get(values, allocate_bytes(bytes))) return 0;
  return values[index];
}

void run(void);

__attribute__((export_name("_start"))) void _start(void) {
  run();
  flush();
}

#endif
