/* A part that never ends: only ending its worker stops it. */
#include "../task.h"

EXPORT(run) u64 run(const u8 *input, u32 length) {
  (void)input, (void)length;
  for (volatile u32 i = 0;; i++) {
  }
}
