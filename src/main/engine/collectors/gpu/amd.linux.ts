/** Cards of AMD: what amdgpu tells in /sys (Documentation/gpu/amdgpu/thermal.rst and driver-misc.rst of the kernel). */
import type { Value } from '../../../../shared/metrics/reading';
import { asShare, NO_VALUES } from '../gpu';
import type { GpuMetric } from '../gpu';
import type { CardSample, CardSource } from './card-source';
import { CardFiles } from './card-files.linux';

/** What cards of AMD can tell. */
export const AMD_TELLS: readonly GpuMetric[] = ['load', 'memoryUsed', 'memoryTotal', 'sharedUsed', 'sharedTotal', 'temperature', 'power', 'clock', 'fan'];

/** Raven and Picasso: some of their firmware says 100 % whatever they do. */
const MAY_SAY_100: ReadonlySet<string> = new Set(['15dd', '15d8']);

const scaled = (value: Value, factor: number): Value => (value === null ? null : value * factor);

/** Reads the files of one card. */
export class AmdCard implements CardSource {
  readonly #files: CardFiles;
  readonly #mayLie: boolean;
  #hasSaidLess = false;

  /** `folder` of the PCI device; `device`: its number, four hexadecimal digits. */
  constructor(folder: string, device: string) {
    this.#files = new CardFiles(folder);
    this.#mayLie = MAY_SAY_100.has(device);
  }

  async read(): Promise<CardSample> {
    const files = this.#files;
    const load = this.#believed(await files.number('gpu_busy_percent'));
    const values = {
      ...NO_VALUES,
      load,
      memoryUsed: await files.number('mem_info_vram_used'),
      memoryTotal: await files.number('mem_info_vram_total'),
      sharedUsed: await files.number('mem_info_gtt_used'),
      sharedTotal: await files.number('mem_info_gtt_total'),
      // Millidegrees, microwatts, hertz, revolutions per minute.
      temperature: scaled(await files.firstSensor('temp1_input'), 1e-3),
      power: scaled(await files.firstSensor('power1_average', 'power1_input'), 1e-6),
      clock: await files.firstSensor('freq1_input'),
      fan: await files.firstSensor('fan1_input'),
    };
    return { values, load, isNew: true };
  }

  letGo(): void {
    this.#files.close();
  }

  /** A load of 100 % is unknown on chips that may always say so, until they have said less. */
  #believed(load: Value): Value {
    if (load !== null && load < 100) this.#hasSaidLess = true;
    return this.#mayLie && !this.#hasSaidLess ? null : asShare(load);
  }
}
