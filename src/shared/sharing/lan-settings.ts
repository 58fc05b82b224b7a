/**
 * Room `shared/sharing`: what page and main share about access over the network. This file is the section `lan` of the
 * settings; access-schemas.ts has devices, accounts and tokens, sign-in-schemas.ts the sign-in requests, auth-policy.ts
 * the rules without schemas. Nothing listens while `enabled` is false.
 * May import only src/shared and zod; everything may import it.
 */
import * as z from 'zod';
import { interfaceOf } from './interface-choice';
import { LAN_INTERVAL } from './auth-policy';
import { parsePublicUrl, splitNetwork } from './public-url';

/** Default port: not used by anything well known. */
const LAN_PORT = 8543;

/** Name of a network interface; on some systems any line of visible text. */
const interfaceNameSchema = z.string().regex(/^\P{C}+$/u);
const addressSchema = z.union([z.ipv4(), z.ipv6()]);

function isBindChoice(choice: string): boolean {
  const name = interfaceOf(choice);
  return name === null ? addressSchema.safeParse(choice).success : interfaceNameSchema.safeParse(name).success;
}

const bindChoiceSchema = z.string().max(120).refine(isBindChoice, 'must be an IP address, or interface: and a name');

/** Prefixes below this would trust half of the internet. */
const MIN_PREFIX = 8;

function isTrustedProxy(text: string): boolean {
  const network = splitNetwork(text);
  if (network === null || !addressSchema.safeParse(network.address).success) return false;
  return network.prefix === null || (network.prefix >= MIN_PREFIX && network.prefix <= (network.address.includes(':') ? 128 : 32));
}

const trustedProxySchema = z.string().max(60).refine(isTrustedProxy, 'must be an IP address, or a network such as 10.0.0.0/24');

function isPublicUrl(text: string): boolean {
  const hostname = parsePublicUrl(text)?.hostname ?? '';
  return hostname.startsWith('[') ? z.ipv6().safeParse(hostname.slice(1, -1)).success : hostname !== '';
}

const publicUrlSchema = z.string().max(300).refine(isPublicUrl, 'must be a URL such as https://monitor.example, with no more than a host name, a port and a path');

/** Two URLs that differ in their path alone cannot be told apart: a proxy removes the path. */
function haveOwnOrigins(urls: readonly string[]): boolean {
  return new Set(urls.map((url) => parsePublicUrl(url)?.origin)).size === urls.length;
}

/** Without defaults: fields that are absent from a change stay as they are. */
const fields = {
  enabled: z.boolean(),
  port: z.int().min(1).max(65_535),
  /** Where to listen: at addresses and interfaces, or everywhere, future interfaces included. */
  addresses: z.union([z.literal('all'), z.array(bindChoiceSchema).min(1).max(20).readonly()]),
  /** self-signed: a certificate created by Traywatch; custom: files of the user; off: plain HTTP, which anyone on the network can read. */
  tls: z.enum(['self-signed', 'custom', 'off']),
  /** PEM files, absolute paths; needed with `custom`. */
  certFile: z.string().min(1).max(4096).nullable(),
  keyFile: z.string().min(1).max(4096).nullable(),
  /** Announce the server by multicast DNS. */
  mdns: z.boolean(),
  /** Programs on this machine may read `/metrics` without a token. */
  allowLoopbackMetrics: z.boolean(),
  /** Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto count: addresses and networks. */
  trustedProxies: z.array(trustedProxySchema).max(20).readonly(),
  /** URLs of the server besides its own names and addresses, for example at a reverse proxy. */
  publicUrls: z.array(publicUrlSchema).max(20).refine(haveOwnOrigins, 'must have different host names or ports').readonly(),
  /** Update interval of clients that request none, seconds. */
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
  trustedProxies: fields.trustedProxies.default([]),
  publicUrls: fields.publicUrls.default([]),
  intervalSeconds: fields.intervalSeconds.default(LAN_INTERVAL.default),
});
/** The section `lan` of the settings. */
export type LanSettings = z.infer<typeof lanSettingsSchema>;

/** A change: whole fields; absent ones stay as they are. */
export const lanPatchSchema = z.strictObject(fields).partial();
