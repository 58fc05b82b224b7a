/**
 * The update document: one static file that says which version is the latest, and what its files are. It is a JSON object
 * `{ "format": 1, "payload": "<JSON as text>", "signature": "<base64>" }`; the signature is Ed25519 over the bytes of the
 * payload, so that who can write where it lies, but does not have the key, can offer nothing. Pure.
 */
import { verify } from 'node:crypto';
import * as z from 'zod';
import type { UpdateProblem } from '../../shared/updates';
import { APP_ID, isTrustedTransport } from './update-source';
import type { UpdateSource } from './update-source';
import { RELEASE } from './version';

/** Most bytes of a document; one of a release has about 4000. */
export const MAX_DOCUMENT_BYTES = 64 * 1024;

const envelopeSchema = z.strictObject({ format: z.literal(1), payload: z.string(), signature: z.base64().max(200) });

const fileSchema = z.strictObject({
  /** A plain name: it becomes the name of a file, and a part of a command that the user copies. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
  kind: z.enum(['AppImage', 'deb', 'rpm', 'tar.gz', 'nsis', 'zip', 'dmg']),
  platform: z.enum(['linux', 'darwin', 'win32']),
  arch: z.enum(['x64', 'arm64']),
  url: z.url().max(1000),
  size: z.int().min(1).max(2_000_000_000),
  /** SHA-512 of the whole file, in base64. */
  sha512: z.base64().length(88),
});

/** One file of a release. */
export type ReleaseFile = z.infer<typeof fileSchema>;

const payloadSchema = z.strictObject({
  app: z.string().max(100),
  channel: z.string().max(100),
  version: z.string().regex(RELEASE),
  /** Epoch milliseconds. */
  released: z.int().nonnegative(),
  /** Page with the notes and all files, for people. */
  page: z.url().max(1000),
  files: z.array(fileSchema).max(50),
});

/** What a document says, once it is believed. */
export type Release = z.infer<typeof payloadSchema>;

/** Thrown where a check or a download fails for a known reason. */
export class UpdateError extends Error {
  constructor(readonly problem: UpdateProblem, options?: ErrorOptions) {
    super(`${problem.code}${problem.what === null ? '' : `: ${problem.what}`}`, options);
    this.name = 'UpdateError';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UpdateError({ code: 'malformed', what: 'it is no JSON' });
  }
}

/** Where in a value the first fault is: "files.0.url". Never the value itself, which may be anything. */
function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UpdateError({ code: 'malformed', what: `${issue?.path.join('.') || 'it'} is not as expected` });
}

/** Reads a document. Throws an UpdateError: malformed, badSignature or otherChannel. */
export function parseDocument(text: string, { key, channel, url }: UpdateSource): Release {
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) throw new UpdateError({ code: 'tooLarge', what: null });
  const { payload, signature } = check(envelopeSchema, parseJson(text));
  if (!verify(null, Buffer.from(payload), key, Buffer.from(signature, 'base64'))) throw new UpdateError({ code: 'badSignature', what: null });
  const release = check(payloadSchema, parseJson(payload));
  if (release.app !== APP_ID) throw new UpdateError({ code: 'otherChannel', what: release.app });
  if (release.channel !== channel) throw new UpdateError({ code: 'otherChannel', what: release.channel });
  // A signed mistake is a mistake, too: everything comes by a connection that nobody changes on the way.
  const isLocal = url.protocol === 'http:';
  const addresses = [release.page, ...release.files.map((file) => file.url)].map((address) => new URL(address));
  if (!addresses.every((address) => address.protocol === 'https:' || (isLocal && isTrustedTransport(address)))) throw new UpdateError({ code: 'malformed', what: 'an address is not https' });
  return release;
}
