/* A part that always traps (unreachable). */
#include "../task.h"

EXPORT(run) u64 run(const u8 *input, u32 length) {
  (void)input, (void)length;
  refuse();
}
