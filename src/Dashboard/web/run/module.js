// A module's memory under a limit. Enters: the bytes of a WebAssembly module, a limit. Leaves: the same module whose
// memory can never grow above the limit. Always holds: nothing but the maxima of its memory section is changed; a
// module that asks for more at once, or for a kind of memory that is not known here, is refused.

const PAGE = 65_536;
const MEMORY = 5;
const HEADER = 8;
const MOST_BYTES = 4;

/** @param {Uint8Array} bytes @param {number} memoryBytes */
export function bounded(bytes, memoryBytes) {
  const most = Math.floor(memoryBytes / PAGE);
  if (bytes.length < HEADER || String.fromCharCode(...bytes.subarray(0, 4)) !== '\0asm')
    throw new Error('expected a WebAssembly module, found other bytes');
  /** @type {(Uint8Array | number[])[]} */
  const parts = [bytes.subarray(0, HEADER)];
  for (let at = HEADER; at < bytes.length;) {
    const [size, body] = number(bytes, at + 1);
    if (body + size > bytes.length) throw new Error('expected whole sections, found one that is cut');
    if (bytes[at] === MEMORY) {
      const limits = memories(bytes.subarray(body, body + size), most);
      parts.push([MEMORY, ...leb(limits.length), ...limits]);
    } else parts.push(bytes.subarray(at, body + size));
    at = body + size;
  }
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/** @param {Uint8Array} section @param {number} most */
function memories(section, most) {
  let [count, at] = number(section, 0);
  const written = leb(count);
  for (; count > 0; count--) {
    const flags = section[at];
    if (flags !== 0 && flags !== 1) throw new Error(`expected a plain memory, found one with the flags ${flags}`);
    const [initial, behind] = number(section, at + 1);
    const [declared, next] = flags === 1 ? number(section, behind) : [most, behind];
    if (initial > most) throw new Error(`expected at most ${most * PAGE} bytes of memory, found ${initial} pages`);
    written.push(1, ...leb(initial), ...leb(Math.max(initial, Math.min(declared, most))));
    at = next;
  }
  return written;
}

/**
 * An unsigned number of LEB128, and the place behind it. @param {Uint8Array} bytes @param {number} at
 * @returns {[number, number]}
 */
function number(bytes, at) {
  let value = 0;
  for (let i = 0; i <= MOST_BYTES; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return [value, at + i + 1];
  }
  throw new Error('expected a number of at most 32 bits in the module, found none');
}

/** @param {number} value */
function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return bytes;
}
