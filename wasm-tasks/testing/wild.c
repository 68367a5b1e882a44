/* Returns a result that lies outside of its memory: 64 KiB at the address 0xfffffff0. */
#include "../task.h"

EXPORT(run) u64 run(const u8 *input, u32 length) {
  (void)input, (void)length;
  return result((const void *)0xfffffff0u, 65536);
}
