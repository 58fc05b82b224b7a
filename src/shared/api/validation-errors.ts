/** What is wrong with an input, as sentences a form can show beside the field. One text per kind of mistake, for every form. */
import * as z from 'zod';

/** Text for an empty field, by the last part of its path. */
const EMPTY: Readonly<Record<string, string>> = {
  label: 'Enter a name',
  name: 'Enter a name',
  url: 'Enter a URL',
  password: 'Enter a password',
  certFile: 'Enter a path',
  keyFile: 'Enter a path',
};

/** The schema without its wrappers: defaults, null, read-only. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodReadonly;
  return isWrapped ? bare(schema.def.innerType) : schema;
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | null {
  const parent = bare(schema);
  if (parent instanceof z.ZodObject) return parent.shape[String(key)] ?? null;
  return parent instanceof z.ZodArray ? parent.element : null;
}

/** Minimum and maximum of the number at a path; null where only the range of numbers limits it. */
export function boundsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): { readonly min: number | null; readonly max: number | null } {
  const leaf = path.reduce<z.core.$ZodType | null>((at, key) => (at === null ? null : childOf(at, key)), schema);
  const number = leaf === null ? null : bare(leaf);
  if (!(number instanceof z.ZodNumber)) return { min: null, max: null };
  const known = (value: number | null): number | null => (value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value);
  return { min: known(number.minValue), max: known(number.maxValue) };
}

function numberText(schema: z.core.$ZodType, { path = [] }: z.core.$ZodRawIssue): string {
  const { min, max } = boundsAt(schema, path);
  if (min !== null && max !== null) return `Enter a number from ${min} to ${max}.`;
  if (min !== null) return `Enter a number of at least ${min}.`;
  return max === null ? 'Enter a number.' : `Enter a number of at most ${max}.`;
}

function emptyText({ path = [] }: z.core.$ZodRawIssue): string {
  return `${EMPTY[String(path.at(-1) ?? '')] ?? 'Enter a value'}.`;
}

const WRONG_TYPE: Readonly<Record<string, string>> = { boolean: 'Choose on or off.', array: 'Enter a list.', int: 'Enter a whole number.' };

/** Sizes of text and lists; both bounds of a number are in one text. */
function sizeText(schema: z.core.$ZodType, issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>): string {
  const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  if (issue.origin === 'string' && issue.code === 'too_small') return issue.input === '' ? emptyText(issue) : `Enter at least ${limit} characters.`;
  if (issue.origin === 'string') return `Enter at most ${limit} characters.`;
  if (issue.origin !== 'array') return numberText(schema, issue);
  return issue.code === 'too_small' ? `Choose at least ${limit === '1' ? 'one' : limit}.` : `Choose at most ${limit}.`;
}

function typeText(schema: z.core.$ZodType, issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  if (issue.expected === 'number') return numberText(schema, issue);
  return WRONG_TYPE[issue.expected] ?? (issue.expected === 'string' ? emptyText(issue) : 'Not a valid value.');
}

/** Most unknown fields and issues that one text names, and most characters of each text: an input can have any number of them. */
const MAX_KEYS = 5;
const MAX_ISSUES = 10;
const MAX_TEXT = 400;
/** Most characters of the name of an unknown field. */
const MAX_KEY = 60;

/** The beginning of a text that is too long. */
function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function unknownText(keys: readonly string[]): string {
  const named = keys.slice(0, MAX_KEYS).map((key) => shorten(key, MAX_KEY));
  return `Unknown field: ${named.join(', ')}${keys.length > MAX_KEYS ? ` and ${keys.length - MAX_KEYS} more` : ''}.`;
}

/** The sentence about one issue that has no message of its own. */
function issueText(schema: z.core.$ZodType, issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'too_small' || issue.code === 'too_big') return sizeText(schema, issue);
  if (issue.code === 'invalid_type') return typeText(schema, issue);
  if (issue.code === 'invalid_value') return `Choose one of: ${issue.values.map(String).join(', ')}.`;
  return issue.code === 'unrecognized_keys' ? unknownText(issue.keys) : 'Not a valid value.';
}

/** Checks an input. The schema's own messages are kept; all others become sentences. */
export function checkInput<S extends z.ZodType>(schema: S, input: unknown): z.ZodSafeParseResult<z.output<S>> {
  return schema.safeParse(input, { error: (issue) => issueText(schema, issue) });
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return `${shorten(path.map(String).join('.'), MAX_TEXT) || 'input'}: ${shorten(message.replace(/\.$/, ''), MAX_TEXT)}`;
}

/** The issues of a failed check, each with its field: "port: Enter a number from 1 to 65535; theme: …"; of many the first ones and their number. */
export function describeValidationErrors({ issues }: z.ZodError): string {
  const rest = issues.length > MAX_ISSUES ? [`and ${issues.length - MAX_ISSUES} more`] : [];
  return [...issues.slice(0, MAX_ISSUES).map(describeIssue), ...rest].join('; ');
}
