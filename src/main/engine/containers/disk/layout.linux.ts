/** Which parts of a data folder belong to containers and to volumes, by how Docker and Podman lay it out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../../../shared/result';

/** What a part of the data folder is counted as. */
export type Part = 'containers' | 'volumes';

/** Parts by their path inside the data folder, of one or two names. */
export interface Layout {
  readonly parts: ReadonlyMap<string, Part>;
  /** False where nothing tells which layers are those of containers. */
  readonly knowsContainers: boolean;
}

/** Sets of containers that are larger are not believed. */
const MAX_CONTAINERS = 100_000;

/** What `read` returns; null where it is not there or may not be read. */
function tried<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}

const namesIn = (folder: string): readonly string[] => tried(() => readdirSync(folder)) ?? [];

/** Docker's layers of containers: image/DRIVER/layerdb/mounts/CONTAINER/{mount-id,init-id} name folders of DRIVER. */
function dockerLayers(root: string): readonly string[] | null {
  const drivers = namesIn(join(root, 'image')).filter((driver) => tried(() => readdirSync(join(root, 'image', driver, 'layerdb'))) !== null);
  if (drivers.length === 0) return null;
  return drivers.flatMap((driver) => {
    const mounts = join(root, 'image', driver, 'layerdb', 'mounts');
    return namesIn(mounts).slice(0, MAX_CONTAINERS).flatMap((container) => ['mount-id', 'init-id'].flatMap((file) => {
      const id = tried(() => readFileSync(join(mounts, container, file), 'utf8').trim());
      return id === null || id === '' ? [] : [`${driver}/${id}`];
    }));
  });
}

/** Podman's layers of containers: DRIVER-containers/containers.json names folders of DRIVER. */
function podmanLayers(root: string): readonly string[] | null {
  const drivers = namesIn(root).filter((name) => name.endsWith('-containers')).map((name) => name.slice(0, -'-containers'.length));
  const lists = drivers.flatMap((driver) => {
    const text = tried(() => readFileSync(join(root, `${driver}-containers`, 'containers.json'), 'utf8'));
    return text === null ? [] : [layersIn(text).map((layer) => `${driver}/${layer}`)];
  });
  return lists.length === 0 ? null : lists.flat();
}

/** The layers that Podman's list of containers names; none where it is not a list. */
function layersIn(text: string): readonly string[] {
  let list: unknown = null;
  try {
    list = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_CONTAINERS).flatMap((one: unknown) => (typeof one === 'object' && one !== null && 'layer' in one && typeof one.layer === 'string' ? [one.layer] : []));
}

/** The layout of a data folder. */
export function readLayout(root: string): Layout {
  const docker = dockerLayers(root);
  const podman = podmanLayers(root);
  const layers = [...(docker ?? []), ...(podman ?? [])];
  const own = namesIn(root).filter((name) => name === 'containers' || name.endsWith('-containers'));
  return {
    parts: new Map<string, Part>([['volumes', 'volumes'], ...[...own, ...layers].map((path) => [path, 'containers'] as const)]),
    knowsContainers: docker !== null || podman !== null,
  };
}
