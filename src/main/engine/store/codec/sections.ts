/**
 * A chunk that gathers chunks of slots as they were, so that they are found together. Nothing is packed anew.
 *
 *   unsigned  number of slots, then for each the length of its section; 0 for a slot without one
 *   then the sections
 */
import { ByteReader, ByteWriter } from './bytes';

/** More slots are a sign of damage. */
const MAX_SECTIONS = 100;

/** Puts sections together, by slot; null or nothing for a slot without one. */
export function packSections(sections: readonly (Buffer | null | undefined)[]): Buffer {
  const out = new ByteWriter();
  out.unsigned(sections.length);
  for (let i = 0; i < sections.length; i += 1) out.unsigned(sections[i]?.length ?? 0);
  for (const section of sections) if (section !== null && section !== undefined) out.append(section);
  return out.take();
}

/** The sections that packSections put together, by slot. Throws on damaged bytes. */
export function unpackSections(bytes: Buffer): (Buffer | null)[] {
  const input = new ByteReader(bytes);
  const count = input.unsigned();
  if (count > MAX_SECTIONS) throw new Error(`stored chunk has ${count} sections`);
  const lengths: number[] = [];
  for (let left = count; left > 0; left -= 1) lengths.push(input.unsigned());
  return lengths.map((length) => (length === 0 ? null : input.bytes(length)));
}
