/** Merges chunks of minutes, window by window and still packed, into one longer chunk, so that a query reads one row instead of many. */
import { rollUp } from '../../series/rollup';
import { toRollups } from '../chunks';
import type { PackedPoints, PreparedPoints } from '../chunks';
import { packPoints } from '../codec/rollup-chunk';
import type { StoreContext } from './sealer';
import { packSections } from '../codec/sections';
import { packSketches } from '../codec/sketches';
import { chunkStart, CHUNK_WINDOW } from '../tiers';
import type { RollupStep } from '../tiers';

/** Packed points and sketches of one window. */
interface Section {
  readonly points: Buffer;
  readonly sketches: Buffer;
}

/**
 * Merges the chunks that begin at `windows`, all within one span, with those merged before; writes nothing. Parts that cannot
 * be read are left out, which does not affect the rest. Yields between steps, so that other work can run.
 */
export function* mergeChunks(context: StoreContext, { from, to: [to] }: RollupStep, windows: readonly number[], series: number): Generator<void, PreparedPoints[]> {
  if (to === undefined || windows[0] === undefined) return [];
  const { kind, width } = to;
  const start = chunkStart(kind, windows[0]);
  const sections = new Map<number, Section>();
  for (const packed of readOrReport(context, () => context.chunks.packed(kind, start, series))) readOrReport(context, () => [sections.set(packed.start, toSection(packed))]);
  for (const window of windows) {
    const [packed] = context.chunks.packed(from, window, series);
    if (packed === undefined) continue;
    const before = sections.get(window);
    // A clock was set back: the window occurs a second time.
    sections.set(window, before === undefined ? toSection(packed) : (yield* mergeSections(context, before, packed, width)));
  }
  if (sections.size === 0) return [];
  const inOrder = Array.from({ length: kind.span / CHUNK_WINDOW }, (_, i) => sections.get(start + i * CHUNK_WINDOW));
  return [{ kind, start, series, points: packSections(inOrder.map((section) => section?.points)), sketches: packSections(inOrder.map((section) => section?.sketches)) }];
}

function toSection({ data, sketches }: PackedPoints): Section {
  return { points: data, sketches: sketches() };
}

function readOrReport<T>(context: StoreContext, read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    context.onDamage(error);
    return [];
  }
}

function* mergeSections(context: StoreContext, before: Section, packed: PackedPoints, width: number): Generator<void, Section> {
  const points = [{ ...packed, data: before.points, sketches: () => before.sketches }, packed].flatMap((section) => readOrReport(context, () => toRollups(section, width)));
  if (points.length === 0) return before;
  const all = rollUp(points.sort((a, b) => a.time - b.time), width);
  const { bytes, total } = yield* packSketches(all);
  return { points: packPoints(all, width, total), sketches: bytes };
}
