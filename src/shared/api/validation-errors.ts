/** The message for an input that failed validation. */
import type * as z from 'zod';

/** All issues, each with its field. */
export function describeValidationErrors(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
}
