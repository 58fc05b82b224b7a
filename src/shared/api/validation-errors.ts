/** What was wrong with an input, for whoever sent it. */
import type * as z from 'zod';

/** Every issue of a failed check, each with the field it is about. */
export function describeValidationErrors(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
}
