/* Asks for 4 GiB before it begins: linked with a memory minimum of 65536 pages. Otherwise it would echo its input. */
#include "../task.h"

EXPORT(run) u64 run(const u8 *input, u32 length) { return result(input, length); }
