/** Device of a rule that applies to every device of the family: each mount, each core, each sensor. A file of its own, so that the first page loads no schemas for it. */
export const EVERY_DEVICE = '*';
