/** Reads what tests ask of a module's bytes: which sections it has and what its memory declares. */

export interface ModuleFacts {
  /** Section ids in their order: 2 imports, 5 memory, 7 exports, 8 start. */
  readonly sections: readonly number[];
  /** Limits of the module's own memory, in bytes; undefined when it has none. */
  readonly memory: { readonly minBytes: number; readonly maxBytes: number | undefined } | undefined;
}

const PAGE_BYTES = 65_536;
const MEMORY_SECTION = 5;

/** Facts of a valid module. */
export function moduleFacts(bytes: Uint8Array): ModuleFacts {
  const sections: number[] = [];
  let memory: ModuleFacts['memory'];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at]!;
    const [length, body] = readUnsigned(bytes, at + 1);
    sections.push(id);
    if (id === MEMORY_SECTION) memory = readLimits(bytes, body + 1);
    at = body + length;
  }
  return { sections, memory };
}

function readLimits(bytes: Uint8Array, at: number): ModuleFacts['memory'] {
  const hasMaximum = bytes[at] === 1;
  const [minPages, next] = readUnsigned(bytes, at + 1);
  const maxBytes = hasMaximum ? readUnsigned(bytes, next)[0] * PAGE_BYTES : undefined;
  return { minBytes: minPages * PAGE_BYTES, maxBytes };
}

/** LEB128: the value and the index after it. */
function readUnsigned(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0;
  for (let at = from, scale = 1; ; at++, scale *= 128) {
    value += (bytes[at]! & 0x7f) * scale;
    if (bytes[at]! < 0x80) return [value, at + 1];
  }
}
