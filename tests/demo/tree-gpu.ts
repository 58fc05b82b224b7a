/** The graphics of a made-up machine: a card of AMD that is part of the processor and never sleeps. Pure. */
import { hash } from './random';
import { fixed } from './tree-cpu';
import type { MachineSpec } from './machine';
import type { Files, LiveFiles, Moment } from './moment';

const CARD = 'card1';

/** What does not change: which card it is, and how much memory it has. Nothing without one. */
export function gpuFolders({ gpu }: MachineSpec): Files {
  if (gpu === undefined) return {};
  const folder = `sys/devices/${gpu.device}`;
  const address = gpu.device.slice(gpu.device.lastIndexOf('/') + 1);
  return {
    [`sys/class/drm/${CARD}`]: { link: `../../devices/${gpu.device}/drm/${CARD}` },
    [`${folder}/drm/${CARD}/device`]: { link: '../..' },
    [`${folder}/uevent`]: `DRIVER=amdgpu\nPCI_CLASS=30000\nPCI_ID=1002:15BF\nPCI_SLOT_NAME=${address}\n`,
    [`${folder}/revision`]: '0xc4\n',
    [`${folder}/power/runtime_status`]: 'active\n',
    [`${folder}/power/control`]: 'on\n',
    [`${folder}/mem_info_vram_total`]: `${gpu.memory}\n`,
    [`${folder}/mem_info_gtt_total`]: `${gpu.shared}\n`,
    'usr/share/libdrm/amdgpu.ids': '# List of AMDGPU IDs\n\n1.0.0\n15BF,\tC4,\tDemo Radeon Graphics\n',
  };
}

/** Load, memory, power and clock. Its temperature is that of its chip. */
export function gpuFiles({ machine: { spec, seed, load }, time }: Moment): LiveFiles {
  const { gpu, chips } = spec;
  if (gpu === undefined) return {};
  const folder = `sys/devices/${gpu.device}`;
  const hwmon = `${folder}/hwmon/hwmon${chips.findIndex(({ device }) => device === gpu.device)}`;
  const { cpu } = load.smooth(time);
  const busy = Math.min(1, 0.02 + 0.5 * cpu + 0.06 * hash(seed, 17, 0, Math.floor(time / 5000)));
  return {
    [`${folder}/gpu_busy_percent`]: `${fixed(100 * busy, 3)}\n`,
    [`${folder}/mem_info_vram_used`]: `${fixed(gpu.memory * (0.55 + 0.3 * busy))}\n`,
    [`${folder}/mem_info_gtt_used`]: `${fixed(gpu.shared * (0.08 + 0.2 * busy))}\n`,
    [`${hwmon}/power1_input`]: `${fixed(1e6 * (4 + 22 * busy))}\n`,
    [`${hwmon}/freq1_input`]: `${fixed(1e6 * (600 + 2000 * busy))}\n`,
  };
}
