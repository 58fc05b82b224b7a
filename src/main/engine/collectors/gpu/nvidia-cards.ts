/** The cards of NVIDIA as sources, over one nvidia-smi for all of them. */
import { join } from 'node:path';
import type { SystemDeps } from '../deps';
import type { CardSource } from './card-source';
import { firstOf, NvidiaSmi } from './nvidia';

/** Where Linux has nvidia-smi: usual systems, WSL, NixOS. Never looked for in PATH, in which anybody may have written. */
export const NVIDIA_PROGRAMS = ['/usr/bin/nvidia-smi', '/usr/local/bin/nvidia-smi', '/opt/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi', '/run/current-system/sw/bin/nvidia-smi'];

const MISSING = 'nvidia-smi is not there; it comes with the tools of the driver (nvidia-utils, nvidia-smi)';
const MIG = 'divided into instances (MIG): the driver tells no load of the whole card';

/** Creates the sources; the program is started when the first of them is read. */
export class NvidiaCards {
  readonly #deps: Pick<SystemDeps, 'root' | 'programs' | 'timers' | 'clock' | 'demo'>;
  #finding: Promise<NvidiaSmi | null> | null = null;
  #smi: NvidiaSmi | null = null;

  constructor(deps: Pick<SystemDeps, 'root' | 'programs' | 'timers' | 'clock' | 'demo'>) {
    this.#deps = deps;
  }

  card(address: string): CardSource {
    let lastAt: number | null = null;
    return {
      read: async () => {
        const smi = await (this.#finding ??= this.#find());
        smi?.ask();
        const found = smi?.samples().find((sample) => sample.address === address);
        const problem = smi === null ? MISSING : smi.problem;
        // Until it has answered nothing is known, not even whether the card is idle; unless it will not answer.
        if (found === undefined) return { values: null, load: null, isNew: problem !== null, ...(problem === null ? {} : { problem }) };
        const isNew = found.at !== lastAt;
        lastAt = found.at;
        const { values, name, isMig } = found;
        return { values, load: values.load, isNew, ...(name === '' ? {} : { label: name }), ...(isMig ? { reason: MIG } : {}) };
      },
      letGo: () => this.#smi?.letGo(),
    };
  }

  async #find(): Promise<NvidiaSmi | null> {
    const { root, demo } = this.#deps;
    // A machine that is made up has no programs that run on the real one.
    const program = demo === undefined ? await firstOf(NVIDIA_PROGRAMS.map((path) => join(root, path))) : null;
    return (this.#smi = program === null ? null : new NvidiaSmi(this.#deps, program));
  }
}
