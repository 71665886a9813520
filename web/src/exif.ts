// Where and when a photo was taken, read in the browser. Only what the person accepts is ever sent.
// Source: CIPA DC-008-2023 (Exif 3.0), sections 4.5 and 4.6.

export interface Taken {
  /** WGS 84 degrees; absent when the photo does not say. */
  readonly lon?: number;
  readonly lat?: number;
  /** Local time as written, such as 2026-05-04T13:20:11, with its offset when known. */
  readonly time?: string;
}

const SEARCHED_BYTES = 1 << 20;
const TAG = { exif: 0x8769, gps: 0x8825, latRef: 1, lat: 2, lonRef: 3, lon: 4, original: 0x9003, offset: 0x9011 } as const;

/** Looks for the Exif block (JPEG, HEIC, AVIF and WebP all hold the same TIFF structure) in the first megabyte of a file. */
export async function readTaken(file: Blob): Promise<Taken> {
  const bytes = new Uint8Array(await file.slice(0, SEARCHED_BYTES).arrayBuffer());
  const start = tiffStart(bytes);
  if (start < 0) {
    return {};
  }
  try {
    return readTiff(new DataView(bytes.buffer, start));
  } catch (fault) {
    if (fault instanceof RangeError) {
      return {}; // The block points outside itself: as good as none.
    }
    throw fault;
  }
}

/** Position after "Exif\0\0" or the WebP chunk head where a TIFF header stands, or -1. */
function tiffStart(bytes: Uint8Array): number {
  for (let i = 0; i + 14 < bytes.length; i++) {
    const exif = (bytes[i] === 0x45 || bytes[i] === 0x65) && bytes[i + 1] === 0x78 && bytes[i + 2] === 0x69 && bytes[i + 3] === 0x66;
    const chunk = bytes[i] === 0x45 && bytes[i + 1] === 0x58 && bytes[i + 2] === 0x49 && bytes[i + 3] === 0x46;
    if (!exif && !chunk) {
      continue;
    }
    for (let at = i + 4; at <= i + 10; at++) {
      const little = bytes[at] === 0x49 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x2a && bytes[at + 3] === 0;
      const big = bytes[at] === 0x4d && bytes[at + 1] === 0x4d && bytes[at + 2] === 0 && bytes[at + 3] === 0x2a;
      if (little || big) {
        return at;
      }
    }
  }
  return -1;
}

function readTiff(view: DataView): Taken {
  const little = view.getUint16(0) === 0x4949;
  const u16 = (at: number): number => view.getUint16(at, little);
  const u32 = (at: number): number => view.getUint32(at, little);

  /** Position of the value of each tag of a directory. */
  const directory = (at: number): Map<number, number> => {
    const tags = new Map<number, number>();
    for (let i = 0, count = Math.min(u16(at), 200); i < count; i++) {
      const entry = at + 2 + 12 * i;
      tags.set(u16(entry), entry + 8);
    }
    return tags;
  };
  const ascii = (value: number, length: number): string => {
    const at = length > 4 ? u32(value) : value;
    return Array.from({ length }, (_, i) => String.fromCharCode(view.getUint8(at + i))).join("").replace(/\0.*$/s, "");
  };
  const degrees = (value: number): number => {
    const at = u32(value);
    const part = (i: number): number => u32(at + 8 * i) / u32(at + 8 * i + 4);
    return part(0) + part(1) / 60 + (Number.isFinite(part(2)) ? part(2) : 0) / 3600;
  };

  const main = directory(u32(4));
  const exifAt = main.get(TAG.exif);
  const gpsAt = main.get(TAG.gps);
  const exif = exifAt === undefined ? new Map<number, number>() : directory(u32(exifAt));
  const gps = gpsAt === undefined ? new Map<number, number>() : directory(u32(gpsAt));
  return { ...place(gps, ascii, degrees), ...moment(exif, ascii) };
}

function place(gps: Map<number, number>, ascii: (value: number, length: number) => string, degrees: (value: number) => number): Taken {
  const [latAt, lonAt, latRef, lonRef] = [gps.get(TAG.lat), gps.get(TAG.lon), gps.get(TAG.latRef), gps.get(TAG.lonRef)];
  if (latAt === undefined || lonAt === undefined || latRef === undefined || lonRef === undefined) {
    return {};
  }
  const lat = degrees(latAt) * (ascii(latRef, 1) === "S" ? -1 : 1);
  const lon = degrees(lonAt) * (ascii(lonRef, 1) === "W" ? -1 : 1);
  // Cameras without a fix write zeros.
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0) ? { lon, lat } : {};
}

function moment(exif: Map<number, number>, ascii: (value: number, length: number) => string): Taken {
  const at = exif.get(TAG.original);
  const found = at === undefined ? null : /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(ascii(at, 20));
  if (found === null) {
    return {};
  }
  const offsetAt = exif.get(TAG.offset);
  const offset = offsetAt === undefined ? "" : ascii(offsetAt, 7);
  return { time: `${found[1]}-${found[2]}-${found[3]}T${found[4]}${/^[+-]\d\d:\d\d$/.test(offset) ? offset : ""}` };
}
