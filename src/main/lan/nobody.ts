import type { Authenticator } from './auth-types';

/** Knows nobody, so that nobody is let in: what stands where no other authenticator is given. */
export const NOBODY: Authenticator = {
  authenticate: () => Promise.resolve(null),
  onRevoked: () => () => undefined,
};
