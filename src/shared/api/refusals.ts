/** Why a call is refused to a caller who is not allowed to make it. The window shows these texts as they are. */
import type { AccessLevel } from './contract';

/** The text by the access level that the call requires. */
export const REFUSALS: Readonly<Record<AccessLevel, string>> = {
  viewer: 'Sign-in required.',
  admin: 'Administrator role required.',
  local: 'Only changeable on the machine itself.',
};
