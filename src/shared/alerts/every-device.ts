/** Which devices a rule is for. A file of its own, so that the first page loads no schemas for it. */

/** Device of a rule that applies to every device of the family: each mount, each core, each sensor. */
export const EVERY_DEVICE = '*';

/** True if a rule applies to this device (null: the machine itself). */
export function ruleCovers(rule: { readonly device: string | null }, device: string | null): boolean {
  return rule.device === device || (rule.device === EVERY_DEVICE && device !== null);
}
