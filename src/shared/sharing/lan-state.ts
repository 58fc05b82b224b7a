/** Schema of the LAN server's state. */
import * as z from 'zod';

/** Why the server, or one of its addresses, does not listen. */
const lanErrorReasonSchema = z.enum(['portInUse', 'addressGone', 'interfaceGone', 'notPermitted', 'portReserved', 'certificate', 'other']);
/** Why the server, or one of its addresses, does not listen. */
export type LanErrorReason = z.infer<typeof lanErrorReasonSchema>;

/** The certificate in use. */
const lanCertificateSchema = z.strictObject({
  /** Created by Traywatch, not a file of the user. */
  selfSigned: z.boolean(),
  /** SHA-256 of the certificate as browsers display it: upper-case pairs with colons. It changes with every renewal. */
  fingerprint: z.string(),
  /** Epoch milliseconds. */
  validFrom: z.number(),
  validTo: z.number(),
  /** A problem with its file, as text for the user; it is in use all the same. Null when there is none. */
  problem: z.string().nullable(),
});
/** `address` is the name of the interface where that is missing. */
const missingSchema = z.strictObject({ address: z.string(), reason: lanErrorReasonSchema, message: z.string() });
/** A configured address at which the server does not listen. */
export type MissingAddress = z.infer<typeof missingSchema>;

/** State of the LAN server. Times are epoch milliseconds. */
export const lanStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('off') }),
  z.strictObject({ state: z.literal('starting') }),
  z.strictObject({
    state: z.literal('listening'),
    /** URLs for a browser, the likeliest first. */
    urls: z.array(z.string()).readonly(),
    /** Null over plain HTTP. */
    certificate: lanCertificateSchema.nullable(),
    /** Configured addresses at which it does not listen; retried at `retryAt`. */
    missing: z.array(missingSchema).readonly(),
    retryAt: z.number().nullable(),
    mdns: z.enum(['off', 'announcing', 'announced', 'failed']),
    /** Open streams. */
    connections: z.int(),
  }),
  z.strictObject({ state: z.literal('failed'), reason: lanErrorReasonSchema, message: z.string(), retryAt: z.number() }),
]);
/** State of the LAN server. */
export type LanState = z.infer<typeof lanStateSchema>;
