/** How the LAN server is set: a section of the settings. Nothing listens while `enabled` is false. */
import * as z from 'zod';
import { interfaceOf } from './interface-choice';
import { LAN_INTERVAL } from './auth-policy';

/** Port of a new installation: one that nothing well known uses. */
const LAN_PORT = 8543;

/** A network interface by its name, which may be any line of visible text on some systems. */
const interfaceNameSchema = z.string().regex(/^\P{C}+$/u);
const addressSchema = z.union([z.ipv4(), z.ipv6()]);

function isBindChoice(choice: string): boolean {
  const name = interfaceOf(choice);
  return name === null ? addressSchema.safeParse(choice).success : interfaceNameSchema.safeParse(name).success;
}

const bindChoiceSchema = z.string().max(120).refine(isBindChoice, 'must be an IP address, or interface: and a name');

/** Without defaults: what is absent from a change stays as it is. */
const fields = {
  enabled: z.boolean(),
  port: z.int().min(1).max(65_535),
  /** Where to listen: at addresses of this machine and at interfaces, or everywhere, those of tomorrow as well. */
  addresses: z.union([z.literal('all'), z.array(bindChoiceSchema).min(1).max(20).readonly()]),
  /** own: a certificate made here; custom: files a person names; off: anybody on the network can read along. */
  tls: z.enum(['self-signed', 'custom', 'off']),
  /** PEM files, absolute paths; needed where tls is custom. */
  certFile: z.string().min(1).max(4096).nullable(),
  keyFile: z.string().min(1).max(4096).nullable(),
  /** Tell the LAN by multicast DNS that there is a server here. */
  mdns: z.boolean(),
  /** Let programs of this machine read `/metrics` without a token. */
  allowLoopbackMetrics: z.boolean(),
  /** Seconds between two pushes to a viewer that names no interval of its own. */
  intervalSeconds: z.int().min(LAN_INTERVAL.min).max(LAN_INTERVAL.max),
};

/** The whole section. */
export const lanSettingsSchema = z.strictObject({
  enabled: fields.enabled.default(false),
  port: fields.port.default(LAN_PORT),
  addresses: fields.addresses.default('all'),
  tls: fields.tls.default('self-signed'),
  certFile: fields.certFile.default(null),
  keyFile: fields.keyFile.default(null),
  mdns: fields.mdns.default(false),
  allowLoopbackMetrics: fields.allowLoopbackMetrics.default(false),
  intervalSeconds: fields.intervalSeconds.default(LAN_INTERVAL.usual),
});
/** How the LAN server is set. */
export type LanSettings = z.infer<typeof lanSettingsSchema>;

/** A change: whole fields; those that are absent stay. */
export const lanPatchSchema = z.strictObject(fields).partial();
