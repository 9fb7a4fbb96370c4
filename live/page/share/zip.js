/** Zip archives, as small as they can be written: the files are stored, not compressed (APPNOTE 6.3.10, 4.3). */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** The CRC-32 of some bytes. */
const crc32 = (bytes) => ~bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), ~0) >>> 0;

/** Little-endian bytes: `pack([value, size], …)`. */
function pack(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [, size]) => sum + size, 0)));
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

const UTF8 = 1 << 11; // names are in UTF-8
const DATE = (1 << 5) | 1; // 1 January 1980, so that the same files give the same bytes

/**
 * @param {Record<string, string>} files paths mapped to texts
 * @returns {Blob}
 */
export function zip(files) {
  const encoder = new TextEncoder();
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = encoder.encode(path);
    const data = encoder.encode(text);
    // Version needed, flags, method, time, date, sum, sizes before and after, length of the name, no extra field.
    const common = [
      [20, 2],
      [UTF8, 2],
      [0, 2],
      [0, 2],
      [DATE, 2],
      [crc32(data), 4],
      [data.length, 4],
      [data.length, 4],
      [name.length, 2],
      [0, 2],
    ];
    const local = pack([0x04034b50, 4], ...common);
    parts.push(local, name, data);
    // No comment, first disk, a text file; Unix's rw-r--r--; where the file begins.
    directory.push(
      pack([0x02014b50, 4], [(3 << 8) | 20, 2], ...common, [0, 2], [0, 2], [1, 2], [0o100644 * 65536, 4], [offset, 4]),
      name,
    );
    offset += local.length + name.length + data.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = directory.length / 2;
  const end = pack([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
