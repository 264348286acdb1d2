// The smallest agent: standard output is standard input.
#include "../shared/agent.h"

void run(void) {
  static u8 bytes[PAGE];
  for (;;) {
    io_vector vector = {bytes, sizeof bytes};
    u32 done = 0;
    if (wasi_fd_read(0, &vector, 1, &done)) wasi_proc_exit(EXIT_IO);
    if (done == 0) return;
    write_all(1, bytes, done);
  }
}
