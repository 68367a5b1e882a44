/*
 * What every task written in C shares: integer names, the allocator behind the exported `alloc`, the form of a result,
 * little-endian reads and the one way to refuse an input. See README.md for the ABI. Freestanding: no libc.
 */
#ifndef PEERSEA_TASK_H
#define PEERSEA_TASK_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(#name)))
#define PAGE_BYTES 65536u

/* Ends the run with a trap: the caller sees a failed part, never half an answer. */
_Noreturn static inline void refuse(void) { __builtin_trap(); }

static inline void require(int fact) {
  if (!fact) refuse();
}

extern u8 __heap_base;
static u32 heap_next = 0;

/* `length` bytes of zeroed memory at a multiple of 16, never given back: the instance lives for one part only. */
EXPORT(alloc) void *alloc(u32 length) {
  if (heap_next == 0) heap_next = ((u32)&__heap_base + 15u) & ~15u;
  u64 end = (u64)heap_next + (((u64)length + 15u) & ~15ull);
  u64 pages = (end + PAGE_BYTES - 1) / PAGE_BYTES;
  u64 present = __builtin_wasm_memory_size(0);
  if (pages > present) {
    require(pages <= 65536);
    require(__builtin_wasm_memory_grow(0, (u32)(pages - present)) != (u32)-1);
  }
  void *block = (void *)heap_next;
  heap_next = (u32)end;
  return block;
}

/* What `run` returns: where the output begins and how long it is. */
static inline u64 result(const void *output, u32 length) { return (u64)(u32)output << 32 | length; }

/* Reads and writes in the wasm byte order (little-endian) at any alignment. */
static inline u32 load_u32(const u8 *at) {
  u32 value;
  __builtin_memcpy(&value, at, 4);
  return value;
}

static inline u64 load_u64(const u8 *at) {
  u64 value;
  __builtin_memcpy(&value, at, 8);
  return value;
}

static inline void store_u32(u8 *at, u32 value) { __builtin_memcpy(at, &value, 4); }

static inline void store_u64(u8 *at, u64 value) { __builtin_memcpy(at, &value, 8); }

#endif
