/**
 * Room `shared/services`: what is probed, as stored in the settings and as the page shows it. A secret is never part of these:
 * it is stored apart, and only whether there is one is told. May import only src/shared and zod; everything may import it.
 */
import * as z from 'zod';
import { quietRangeSchema } from '../alerts/quiet-hours';

/** Fields of every service. */
const common = {
  /** Id of its series; never reused. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'only lower-case letters, digits and dashes'),
  name: z.string().trim().min(1).max(80),
  enabled: z.boolean().default(true),
  intervalSeconds: z.int().min(10).max(86_400).default(60),
  timeoutSeconds: z.int().min(1).max(60).default(10),
  /** Times of the week in which nothing of it is measured. */
  maintenance: z.array(quietRangeSchema).max(10).default([]),
};

/** Addresses that are refused unless this is set: link-local ones, among them the metadata services of clouds. */
const allowLinkLocal = z.boolean().default(false);
const port = z.int().min(1).max(65_535);
/** Name or address. It reaches programs as an argument, so it may not look like an option. */
const host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[^-\s/@?#][^\s/@?#]*$/, 'must be a host name or an address');

/** How a certificate is checked: by the system's authorities, by one's own, or not at all. */
const certificate = z.enum(['verify', 'ownCa', 'unverified']).default('verify');
/** PEM, for `ownCa`. */
const ca = z.string().max(100_000).nullable().default(null);

/** Without a user name and a password: these are secrets. */
const PROBE_URL = /^https?:\/\/(\[[\da-f:.]+\]|[^\s/?#@:[\]\\-][^\s/?#@:[\]\\]*)(:\d{1,5})?([/?#]\S*)?$/i;
const CODES = /^[1-5]\d\d(-[1-5]\d\d)?(,\s*[1-5]\d\d(-[1-5]\d\d)?)*$/;

const httpSchema = z.strictObject({
  ...common,
  kind: z.literal('http'),
  url: z.string().trim().max(2000).regex(PROBE_URL, 'must be a URL such as https://example.org/health, without a user name and a password'),
  method: z.enum(['GET', 'HEAD', 'POST', 'OPTIONS']).default('GET'),
  /** "200-399", "200, 204". */
  expectedCodes: z.string().trim().max(200).regex(CODES, 'must be status codes such as 200-399 or 200, 204').default('200-399'),
  /** Text that the body must have, or must not have. */
  keyword: z.string().min(1).max(500).nullable().default(null),
  keywordAbsent: z.boolean().default(false),
  /** Names of headers that are sent; their values are secrets. */
  headers: z.array(z.string().regex(/^[!#$%&'*+.^_`|~\w-]{1,100}$/, 'must be the name of a header')).max(20).default([]),
  followRedirects: z.boolean().default(true),
  certificate,
  ca,
  allowLinkLocal,
});

const tcpSchema = z.strictObject({ ...common, kind: z.literal('tcp'), host, port, /** Begin TLS, and tell how long the certificate is valid. */ tls: z.boolean().default(false), certificate, ca, allowLinkLocal });
const pingSchema = z.strictObject({ ...common, kind: z.literal('ping'), host, allowLinkLocal });
const postgresqlSchema = z.strictObject({
  ...common,
  kind: z.literal('postgresql'),
  host,
  port: port.default(5432),
  database: z.string().trim().min(1).max(63).default('postgres'),
  user: z.string().trim().min(1).max(63),
  /** off: never TLS; prefer: where the server has it, unchecked; require: TLS, checked as `certificate` says. */
  tls: z.enum(['off', 'prefer', 'require']).default('prefer'),
  certificate,
  ca,
  allowLinkLocal,
});
/** What has to call Traywatch: a cron job, a backup. Its interval is how often it is expected. */
const heartbeatSchema = z.strictObject({ ...common, kind: z.literal('heartbeat'), /** Missing for this long beyond its interval is an incident. */ graceSeconds: z.int().min(0).max(604_800).default(300) });

/** One service. */
export const serviceSchema = z.discriminatedUnion('kind', [httpSchema, tcpSchema, pingSchema, postgresqlSchema, heartbeatSchema]);
/** One service. */
export type Service = z.infer<typeof serviceSchema>;
/** A service of one kind. */
export type ServiceOf<K extends Service['kind']> = Extract<Service, { readonly kind: K }>;
/** What a person fills in, without the defaults. */
export type ServiceInput = z.input<typeof serviceSchema>;

/** Most services. */
export const MAX_SERVICES = 200;

/** All of them, each id once. */
export const servicesSchema = z
  .array(serviceSchema)
  .max(MAX_SERVICES)
  .superRefine((services, context) => {
    const seen = new Set<string>();
    services.forEach(({ id }, at) => {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: [at, 'id'], message: `there is another service "${id}"` });
      seen.add(id);
    });
  });

/** Why a probe failed, or is not counted. */
export const PROBE_FAULTS = [
  'refused', 'timeout', 'nameNotFound', 'unreachable', 'noRoute', 'reset', 'tls', 'certificate', 'status', 'keyword', 'tooManyRedirects', 'tooLarge',
  'badAnswer', 'notPermitted', 'authentication', 'tooManyConnections', 'missed', 'programMissing', 'addressRefused', 'secretMissing', 'other',
] as const;

/** What one probe found. Times in ms, null where it did not get so far: a failed probe has no latency. */
export const probeResultSchema = z.strictObject({
  /** Epoch ms. */
  time: z.number(),
  ok: z.boolean(),
  fault: z.enum(PROBE_FAULTS).nullable(),
  /** One line: "HTTP 200", "connection refused by 127.0.0.1:5432". */
  text: z.string().max(500),
  latency: z.number().nullable(),
  dns: z.number().nullable(),
  connect: z.number().nullable(),
  tls: z.number().nullable(),
  firstByte: z.number().nullable(),
  /** Until the first certificate of the chain ends; negative if that is past. */
  certificateDays: z.number().nullable(),
  /** Of a PostgreSQL server. */
  connections: z.number().nullable(),
  connectionsMax: z.number().nullable(),
  connectionsActive: z.number().nullable(),
  connectionsIdleInTransaction: z.number().nullable(),
  replicationLagSeconds: z.number().nullable(),
  /** What came back, line by line, for whoever sets the probe up: addresses, redirects, certificate, begin of the body. No secrets. */
  details: z.array(z.string().max(1000)).max(60).readonly(),
});
/** What one probe found. */
export type ProbeResult = z.infer<typeof probeResultSchema>;

/** Secrets of a service by their names: `password`, `header:Authorization`. They go in and never come out. */
export const serviceSecretsSchema = z.record(z.string().max(120), z.string().max(4000));

/** A service as a person on the machine sets it up, with the names of its stored secrets. */
const serviceConfigSchema = z.strictObject({ service: serviceSchema, storedSecrets: z.array(z.string()).readonly() });
/** All of them. */
export const serviceConfigsSchema = z.array(serviceConfigSchema).readonly();
/** A service as a person on the machine sets it up. */
export type ServiceConfig = z.infer<typeof serviceConfigSchema>;

/** Why a service is not measured: then it is neither up nor down. */
const notMeasuredSchema = z.enum(['pending', 'disabled', 'maintenance', 'asleep', 'woken', 'offline', 'networkLost', 'paused', 'unable']);
/** Why a service is not measured. Unable: something is missing on this machine, a program or a secret; the result says what. */
export type NotMeasured = z.infer<typeof notMeasuredSchema>;

/** A service as everyone may see it. */
const serviceStatusSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['http', 'tcp', 'ping', 'postgresql', 'heartbeat']),
  /** Address or URL; null for viewers on the network. */
  target: z.string().nullable(),
  intervalSeconds: z.int(),
  isUp: z.boolean().nullable(),
  notMeasured: notMeasuredSchema.nullable(),
  /** When it became what it is, epoch ms; null while that is not known. */
  since: z.number().nullable(),
  /** The last probe, without its details; its text only on the machine, since it may name addresses. */
  result: probeResultSchema.nullable(),
  /** When it is probed next, epoch ms; null while that is not planned. */
  nextAt: z.number().nullable(),
});
/** A service as everyone may see it. */
export type ServiceStatus = z.infer<typeof serviceStatusSchema>;

/** All services. */
export const serviceListSchema = z.strictObject({ services: z.array(serviceStatusSchema).readonly(), networkLost: z.boolean().nullable() });
/** All services. */
export type ServiceList = z.infer<typeof serviceListSchema>;

/** What an import did. */
export const importedServicesSchema = z.strictObject({ added: z.int(), replaced: z.int(), configs: serviceConfigsSchema });

/** Where a job calls in; told once, when the token is made. Empty while sharing is off: nobody could call. */
export const heartbeatUrlsSchema = z.strictObject({ urls: z.array(z.string()).readonly() });
