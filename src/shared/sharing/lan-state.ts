/** How the LAN server stands, for the window. */
import * as z from 'zod';

/** Why the server, or one of its addresses, does not listen. */
const lanErrorReasonSchema = z.enum(['portInUse', 'addressGone', 'interfaceGone', 'notPermitted', 'certificate', 'other']);
/** Why the server, or one of its addresses, does not listen. */
export type LanErrorReason = z.infer<typeof lanErrorReasonSchema>;

/** The certificate in use. */
const lanCertificateSchema = z.strictObject({
  /** Made here, not given by a person. */
  own: z.boolean(),
  /** SHA-256 of the certificate as browsers show it: upper-case pairs with colons. It changes when the certificate is renewed. */
  fingerprint: z.string(),
  /** Epoch milliseconds. */
  validFrom: z.number(),
  validTo: z.number(),
  /** What is wrong with its file, as text for the user: it is in use all the same. Null when nothing is. */
  problem: z.string().nullable(),
});
/** `address` is the interface's name where that is gone. */
const missingSchema = z.strictObject({ address: z.string(), reason: lanErrorReasonSchema, message: z.string() });
/** An address that is to listen and does not. */
export type MissingAddress = z.infer<typeof missingSchema>;

/** How the LAN server stands. Times are epoch milliseconds. */
export const lanStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('off') }),
  z.strictObject({ state: z.literal('starting') }),
  z.strictObject({
    state: z.literal('listening'),
    /** Addresses for a browser, the likeliest first. */
    urls: z.array(z.string()).readonly(),
    /** Null over plain HTTP. */
    certificate: lanCertificateSchema.nullable(),
    /** Addresses that are set and do not listen; they are tried again at `retryAt`. */
    missing: z.array(missingSchema).readonly(),
    retryAt: z.number().nullable(),
    mdns: z.enum(['off', 'announcing', 'announced', 'failed']),
    /** Open streams. */
    connections: z.int(),
  }),
  z.strictObject({ state: z.literal('failed'), reason: lanErrorReasonSchema, message: z.string(), retryAt: z.number() }),
]);
/** How the LAN server stands. */
export type LanState = z.infer<typeof lanStateSchema>;
