/** Schemas of the sign-in routes: pairing, login, password change, and who is signed in. */
import * as z from 'zod';
import { passwordSchema, roleSchema } from './access-schemas';

/** Self-reported name of a browser; the server makes it plain text. */
const deviceNameSchema = z.string().max(200).default('');

/** Requests access with a typed code, or with the secret of the QR code. */
export const pairSchema = z.union([
  z.strictObject({ code: z.string().regex(/^\d{6}(?:\d{2})?$/), name: deviceNameSchema }),
  z.strictObject({ secret: z.string().regex(/^[\w-]{43}$/), name: deviceNameSchema }),
]);

/** Signs in with an account. */
export const loginSchema = z.strictObject({ name: z.string().min(1).max(100), password: passwordSchema, device: deviceNameSchema });

/** Changes the password of the signed-in account. */
export const passwordChangeSchema = z.strictObject({ current: passwordSchema, password: passwordSchema });

/** An access request that was accepted and waits for approval. */
const pendingSchema = z.strictObject({
  id: z.string(),
  /** Name of the machine on which it is approved. */
  host: z.string(),
  /** Milliseconds; no time of day, since the clocks of two machines differ. */
  expiresIn: z.number(),
});

/** State of an access request. */
const requestStateSchema = z.strictObject({ state: z.enum(['pending', 'approved', 'denied', 'expired']) });

/** The signed-in identity of a browser. */
const identitySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  /** The account it signed in with, whose password it may change; null for a paired browser. */
  account: z.string().nullable(),
  /** Names of the calls it may use. */
  capabilities: z.array(z.string()).readonly(),
});

/** The signed-in identity, null for none, and the ways to sign in. */
const meSchema = z.strictObject({
  identity: identitySchema.nullable(),
  /** True when there are accounts to sign in with. */
  passwords: z.boolean(),
});

/** An access request that waits for approval. */
export type Pending = z.infer<typeof pendingSchema>;
/** State of an access request. */
export type RequestStateResponse = z.infer<typeof requestStateSchema>;
/** The signed-in identity of a browser. */
export type SignedInIdentity = z.infer<typeof identitySchema>;
/** The signed-in identity, null for none, and the ways to sign in. */
export type Me = z.infer<typeof meSchema>;
