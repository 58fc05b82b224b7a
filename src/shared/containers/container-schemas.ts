/**
 * Room `shared/containers`: container engines and containers as the page shows them. May import only src/shared and zod;
 * everything may import it.
 */
import * as z from 'zod';

const time = z.number();
const text = z.string();

/** States of a container, as engines call them. */
const containerStateSchema = z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']);
/** State of a container. */
export type ContainerState = z.infer<typeof containerStateSchema>;

/** Result of a container's own health check; none: it has no check. */
const containerHealthSchema = z.enum(['none', 'starting', 'healthy', 'unhealthy']);
/** Result of a container's own health check. */
export type ContainerHealth = z.infer<typeof containerHealthSchema>;

/** A container engine: whether it answers, and if not, what can be done. */
const engineStatusSchema = z.strictObject({
  /** Stable: its kind, and whose it is where there are several. */
  id: text,
  kind: z.enum(['docker', 'podman']),
  /** "Docker", "Podman (rootless)". */
  label: text,
  /** The socket, pipe or address. */
  endpoint: text,
  state: z.enum(['answering', 'notInstalled', 'notPermitted', 'notAnswering']),
  /** What is wrong and what to do; null while it answers. */
  reason: text.nullable(),
  /** "29.1.3"; null while unknown. */
  version: text.nullable(),
});
/** A container engine. */
export type EngineStatus = z.infer<typeof engineStatusSchema>;

/** A port of a container: published on the machine, or only open inside. */
const portSchema = z.strictObject({ container: z.int(), protocol: text, host: z.int().nullable(), address: text.nullable() });

/** One container in the list. `device` is the id of its series, and null for one whose values are not kept. */
const containerSchema = z.strictObject({
  id: text,
  device: text,
  name: text,
  /** Compose project and service; null without. */
  project: text.nullable(),
  service: text.nullable(),
  image: text,
  engine: text,
  state: containerStateSchema,
  health: containerHealthSchema,
  /** Epoch ms; null while it was never started. */
  startedAt: time.nullable(),
  createdAt: time.nullable(),
  exitCode: z.int().nullable(),
  ports: z.array(portSchema).readonly(),
});
/** One container in the list. */
export type ContainerInfo = z.infer<typeof containerSchema>;

/** All engines and all containers, stopped ones included. */
export const containerListSchema = z.strictObject({
  engines: z.array(engineStatusSchema).readonly(),
  containers: z.array(containerSchema).readonly(),
});
/** All engines and all containers. */
export type ContainerList = z.infer<typeof containerListSchema>;

/** What else an engine tells of one container. Its environment is never read out: it may hold secrets. */
export const containerDetailsSchema = z.strictObject({
  container: containerSchema,
  command: text.nullable(),
  restarts: z.int().nullable(),
  restartPolicy: text.nullable(),
  oomKilled: z.boolean().nullable(),
  finishedAt: time.nullable(),
  /** Number of environment variables, which are hidden. */
  hiddenVariables: z.int(),
  mounts: z.array(z.strictObject({ type: text, source: text, target: text, isWritable: z.boolean() })).readonly(),
  networks: z.array(z.strictObject({ name: text, address: text.nullable() })).readonly(),
  /** The last results of its health check, newest first. */
  healthLog: z.array(z.strictObject({ time: time.nullable(), exitCode: z.int().nullable(), output: text })).readonly(),
});
/** What else an engine tells of one container. */
export type ContainerDetails = z.infer<typeof containerDetailsSchema>;

/** What can be done with a container, at the desktop and where the settings allow it. */
export const containerActionSchema = z.enum(['start', 'stop', 'restart']);
/** What can be done with a container. */
export type ContainerAction = z.infer<typeof containerActionSchema>;

/** How much disk space an engine uses. Bytes; null: not known. Times in epoch ms. */
export const engineDiskSchema = z.strictObject({
  engine: text,
  /** The engine's data folder, and the file system it is on where that is one of its own. */
  folder: text.nullable(),
  fileSystem: z.strictObject({ total: z.number(), used: z.number(), available: z.number() }).nullable(),
  /** What the engine answers without walking through files. */
  images: z.number().nullable(),
  buildCache: z.number().nullable(),
  reclaimable: z.number().nullable(),
  cheapAt: time.nullable(),
  /** The last measurement by walking: all of the data folder, of that containers and volumes. */
  measured: z.number().nullable(),
  containers: z.number().nullable(),
  volumes: z.number().nullable(),
  walkedAt: time.nullable(),
  /** Why something is not known, and what to do; null where there is nothing to say. */
  reason: text.nullable(),
});
/** How much disk space an engine uses. */
export type EngineDisk = z.infer<typeof engineDiskSchema>;
