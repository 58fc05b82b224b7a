/**
 * Format of a merged chunk: the unchanged chunks of several windows as sections of one blob, so that they are read at once.
 *
 *   unsigned  number of windows, then for each the length of its section; 0 for a window without one
 *   then the sections
 */
import { ByteReader, ByteWriter } from './bytes';

/** Most sections of a chunk; more indicate damage. */
const MAX_SECTIONS = 100;

/** Packs sections, one per window; null or undefined for a window without one. */
export function packSections(sections: readonly (Buffer | null | undefined)[]): Buffer {
  const out = new ByteWriter();
  out.unsigned(sections.length);
  for (let i = 0; i < sections.length; i += 1) out.unsigned(sections[i]?.length ?? 0);
  for (const section of sections) if (section !== null && section !== undefined) out.append(section);
  return out.take();
}

/** Inverse of packSections. Throws on damaged bytes. */
export function unpackSections(bytes: Buffer): (Buffer | null)[] {
  const input = new ByteReader(bytes);
  const count = input.unsigned();
  if (count > MAX_SECTIONS) throw new Error(`stored chunk has ${count} sections`);
  const lengths: number[] = [];
  for (let left = count; left > 0; left -= 1) lengths.push(input.unsigned());
  return lengths.map((length) => (length === 0 ? null : input.bytes(length)));
}
