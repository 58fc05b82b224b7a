/** Plays a made-up machine through the real collectors at any times, without waiting: batches as the sampler makes them. */
import { rmSync } from 'node:fs';
import type { Collector } from '../../src/main/engine/collectors/collector';
import { createCollectors } from '../../src/main/engine/collectors/index';
import { FAMILY_IDS, familyOf } from '../../src/shared/metrics/index';
import type { FamilyId } from '../../src/shared/metrics/index';
import type { GapReason, Reading, SampleBatch } from '../../src/shared/metrics/reading';
import { collectorDeps } from './deps';
import { fastFiles, fixedFiles, hostnameOf, momentOf, slowFiles } from './tree';
import type { Machine } from './moment';
import { machineFacts } from './machine-facts';
import { TreeWriter } from './tree-writer';

/** Families whose files change each second; those of all others are written less often. */
const SLOW_FILES_MS = 5000;

/** The app's own use is no part of the machine. */
const ALL_FAMILIES = FAMILY_IDS.filter((id) => id !== 'self');

/** A family with what was read of it last. */
interface Played {
  readonly id: FamilyId;
  readonly collector: Collector<FamilyId, unknown>;
  readonly interval: number;
  previous: { readonly raw: unknown; readonly time: number } | null;
  due: number;
}

/** A machine that is played. */
export class Playback {
  readonly machine: Machine;
  readonly #writer: TreeWriter;
  readonly #families: readonly Played[];
  #time = 0;
  #seq = 0;
  #slowAt = Number.NEGATIVE_INFINITY;

  /** `root`: a folder for its files, which is made and removed. */
  constructor(machine: Machine, root: string, families: readonly FamilyId[] = ALL_FAMILIES) {
    this.machine = machine;
    this.#writer = new TreeWriter(root);
    this.#writer.create({ ...fixedFiles(machine), ...machineFacts(machine.spec) });
    const mono = (): number => this.#time - machine.boot;
    const collectors = createCollectors(collectorDeps(root, hostnameOf(machine.spec), { now: () => this.#time, mono, boot: mono }));
    this.#families = families.map((id) => {
      const { background, viewed } = familyOf(id).samplingInterval;
      return { id, collector: collectors[id], interval: background ?? viewed, previous: null, due: Number.NEGATIVE_INFINITY };
    });
  }

  /** The batch of a time, epoch ms, later than the last: all families that are due, or all there are. */
  async batch(time: number, which: 'due' | 'all', gap?: GapReason): Promise<SampleBatch> {
    this.#time = time;
    this.#seq += 1;
    const moment = momentOf(this.machine, time);
    this.#writer.update(fastFiles(moment));
    if (which === 'all' || time - this.#slowAt >= SLOW_FILES_MS) {
      this.#writer.update(slowFiles(moment));
      this.#slowAt = time;
    }
    const readings: Partial<Record<FamilyId, Reading>> = {};
    for (const family of this.#families) {
      if (gap !== undefined) family.previous = null;
      if (which === 'due' && gap === undefined && time < family.due) continue;
      family.due = time + family.interval;
      const pending = family.collector.read();
      const raw = pending instanceof Promise ? await (pending as Promise<unknown>) : pending;
      readings[family.id] = family.collector.toReading(raw, family.previous === null ? null : { raw: family.previous.raw, seconds: (time - family.previous.time) / 1000 });
      family.previous = { raw, time };
    }
    return { seq: this.#seq, time, readings, faults: {}, ...(gap === undefined ? {} : { gap }) };
  }

  /** Closes all files and removes the folder. */
  close(): void {
    for (const { collector } of this.#families) collector.close?.();
    this.#writer.close();
    rmSync(this.#writer.root, { recursive: true, force: true });
  }
}
