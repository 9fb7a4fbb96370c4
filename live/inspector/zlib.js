/** zlib as Python's zlib module reads and writes it. */
import { BadCookie } from "./bad-cookie.js";

/** A decompressed payload is cut off here, in bytes: unpacked, it can be a thousand times as long. */
export const INFLATE_LIMIT = 1 << 20;

// zlib (RFC 1950 and 1951). Not the browser's DecompressionStream: it refuses bytes after the end,
// which Python's zlib.decompress ignores, and it can't be stopped inside a chunk.

const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const damaged = () => {
  throw new BadCookie("zlib", "the data is damaged");
};

/** A canonical Huffman code: how many codes each length has, and the symbols in order. */
function huffman(lengths, mayBeSingle) {
  const count = new Uint16Array(16),
    offset = new Uint16Array(16),
    symbols = [];
  for (const length of lengths) count[length]++;
  let left = 1;
  for (let length = 1; length < 16; length++) {
    left = 2 * left - count[length];
    if (left < 0) damaged();
    if (length < 15) offset[length + 1] = offset[length] + count[length];
  }
  // zlib takes an incomplete code only if it is empty or has a single symbol of one bit.
  const used = lengths.length - count[0];
  if (left && used && !(mayBeSingle && used === 1 && count[1])) damaged();
  lengths.forEach((length, symbol) => {
    if (length) symbols[offset[length]++] = symbol;
  });
  return { count, symbols };
}

/**
 * zlib.decompress, up to a limit.
 * @param {Uint8Array} input
 * @param {number} limit in bytes
 * @returns {Uint8Array}
 * @throws {BadCookie} zlib; size if there is more than `limit`
 */
export function inflate(input, limit = INFLATE_LIMIT) {
  let position = 2,
    buffer = 0,
    available = 0,
    out = new Uint8Array(4096),
    size = 0,
    last;
  const bits = (wanted) => {
    while (available < wanted) {
      if (position >= input.length) throw new BadCookie("zlib", "the data ends too early");
      buffer |= input[position++] << available;
      available += 8;
    }
    const value = buffer & ((1 << wanted) - 1);
    buffer >>>= wanted;
    available -= wanted;
    return value;
  };
  // The tables of RFC 1951, 3.2.5: every `steps` codes the range doubles, and has one more extra bit.
  const ranged = (code, steps) => {
    if (code < 2 * steps) return code;
    const extra = Math.floor(code / steps) - 1;
    return ((steps + (code % steps)) << extra) + bits(extra);
  };
  const symbol = ({ count, symbols }) => {
    let code = 0,
      first = 0,
      index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits(1);
      if (code - first < count[length]) return symbols[index + code - first];
      index += count[length];
      first = (first + count[length]) << 1;
      code <<= 1;
    }
    damaged();
  };
  const room = (more) => {
    if (size + more > limit) throw new BadCookie("size", `more than ${limit} bytes when decompressed`);
    if (size + more > out.length) {
      const bigger = new Uint8Array(2 * (size + more));
      bigger.set(out);
      out = bigger;
    }
  };

  const [method, flags] = input;
  if ((method & 15) !== 8 || method >> 4 > 7 || flags & 32 || (method * 256 + flags) % 31) {
    damaged();
  }
  do {
    last = bits(1);
    const type = bits(2);
    if (type === 3) damaged();
    if (type === 0) {
      bits(available & 7);
      const length = bits(16);
      if (length !== (bits(16) ^ 65535)) damaged();
      room(length);
      for (let i = 0; i < length; i++) out[size++] = bits(8);
      continue;
    }
    let literals, distances;
    if (type === 1) {
      literals = huffman(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)));
      distances = huffman(Array(32).fill(5));
    } else {
      const literalCount = bits(5) + 257,
        distanceCount = bits(5) + 1,
        codeCount = bits(4) + 4;
      if (literalCount > 286 || distanceCount > 30) damaged();
      const codeLengths = Array(19).fill(0);
      for (let i = 0; i < codeCount; i++) codeLengths[CODE_ORDER[i]] = bits(3);
      const codes = huffman(codeLengths);
      const lengths = [];
      while (lengths.length < literalCount + distanceCount) {
        const code = symbol(codes);
        if (code < 16) {
          lengths.push(code);
          continue;
        }
        if (code === 16 && !lengths.length) damaged();
        const value = code === 16 ? lengths.at(-1) : 0;
        for (let n = code === 16 ? 3 + bits(2) : code === 17 ? 3 + bits(3) : 11 + bits(7); n; n--) lengths.push(value);
      }
      if (lengths.length > literalCount + distanceCount) damaged();
      if (!lengths[256]) damaged();
      literals = huffman(lengths.slice(0, literalCount), true);
      distances = huffman(lengths.slice(literalCount), true);
    }
    for (let code = symbol(literals); code !== 256; code = symbol(literals)) {
      if (code < 256) {
        room(1);
        out[size++] = code;
        continue;
      }
      if (code > 285) damaged();
      const length = code === 285 ? 258 : ranged(code - 257, 4) + 3;
      const step = symbol(distances);
      if (step > 29) damaged();
      const distance = ranged(step, 2) + 1;
      if (distance > size) damaged();
      room(length);
      for (let i = 0; i < length; i++, size++) out[size] = out[size - distance];
    }
  } while (!last);
  out = out.subarray(0, size);

  bits(available & 7);
  let a = 1,
    b = 0;
  for (const byte of out) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  for (const byte of [b >> 8, b & 255, a >> 8, a & 255]) {
    if (bits(8) !== byte) throw new BadCookie("zlib", "the checksum is wrong");
  }
  return out;
}

/** zlib.compress, or null where the browser lacks it. */
export async function deflate(bytes) {
  if (!globalThis.CompressionStream) return null;
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
