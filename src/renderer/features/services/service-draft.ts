/** A service as the form of its editor: fields as text, conversion from and to a service, secrets, and validation. Pure. */
import type * as z from 'zod';
import type { QuietRange } from '../../../shared/alerts/quiet-hours';
import { toSentence } from '../../../shared/api/problem-text';
import { checkInput } from '../../../shared/api/validation-errors';
import { serviceSchema } from '../../../shared/services/service-schemas';
import type { Service, ServiceConfig, ServiceInput } from '../../../shared/services/service-schemas';
import { isElsewhere } from '../../../shared/services/service-place';
import { KIND_TEXTS } from '../../../shared/services/service-text';
import { parseDuration, toDurationText } from '../../lib/duration-text';

/** A secret: what was typed, or null while it is not touched: one that is stored stays then. */
export interface SecretDraft {
  readonly isStored: boolean;
  readonly text: string | null;
}

/** One header of a request; its value is a secret. */
export interface HeaderDraft {
  readonly key: number;
  readonly name: string;
  readonly value: SecretDraft;
}

/** All form fields of all kinds: what was typed for one kind stays while another is looked at. */
export interface ServiceDraft {
  readonly kind: Service['kind'];
  readonly name: string;
  readonly enabled: boolean;
  readonly intervalText: string;
  readonly timeoutText: string;
  readonly maintenance: readonly QuietRange[];
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS';
  readonly expectedCodes: string;
  readonly keyword: string;
  readonly keywordAbsent: boolean;
  readonly headers: readonly HeaderDraft[];
  readonly followRedirects: boolean;
  readonly certificate: 'verify' | 'ownCa' | 'unverified';
  readonly ca: string;
  readonly allowLinkLocal: boolean;
  readonly host: string;
  readonly port: string;
  readonly usesTls: boolean;
  readonly database: string;
  readonly user: string;
  readonly password: SecretDraft;
  readonly databaseTls: 'off' | 'prefer' | 'require';
  readonly graceText: string;
}

/** The validation errors, by the path of their field as the schema names it. */
export type ServiceProblems = Readonly<Record<string, string>>;

/**
 * A valid service, or its validation errors. `isMoved`: its secrets were given for another place, and do not go to this one; not
 * known, and false, while its fields are not valid.
 */
export type ServiceCheck = { readonly isMoved: boolean } & ({ readonly service: Service; readonly problems: null } | { readonly service: null; readonly problems: ServiceProblems });

const NO_SECRET: SecretDraft = { isStored: false, text: null };

/** How often each kind is asked at first; a job calls in once a day. */
const DEFAULT_INTERVALS: Readonly<Record<Service['kind'], string>> = { http: '1 min', tcp: '1 min', ping: '1 min', postgresql: '1 min', heartbeat: '1 d' };

/** Ports that PostgreSQL and everything else begin with. */
const POSTGRESQL_PORT = '5432';

/** The form of a new service. */
export const NEW_SERVICE: ServiceDraft = {
  kind: 'http', name: '', enabled: true, intervalText: DEFAULT_INTERVALS.http, timeoutText: '10 s', maintenance: [],
  url: '', method: 'GET', expectedCodes: '200-399', keyword: '', keywordAbsent: false, headers: [], followRedirects: true,
  certificate: 'verify', ca: '', allowLinkLocal: false, host: '', port: '', usesTls: false,
  database: 'postgres', user: '', password: NO_SECRET, databaseTls: 'prefer', graceText: '1 h',
};

const headerSecret = (name: string): string => `header:${name}`;

/** The fields that a kind has besides those of all. */
function kindFields(service: Service, isStored: (name: string) => boolean): Partial<ServiceDraft> {
  if (service.kind === 'heartbeat') return { graceText: toDurationText(service.graceSeconds) };
  const { allowLinkLocal } = service;
  if (service.kind === 'ping') return { host: service.host, allowLinkLocal };
  const tls = { certificate: service.certificate, ca: service.ca ?? '', allowLinkLocal };
  if (service.kind === 'tcp') return { ...tls, host: service.host, port: String(service.port), usesTls: service.tls };
  if (service.kind === 'postgresql') {
    const { host, port, database, user } = service;
    return { ...tls, host, port: String(port), database, user, databaseTls: service.tls, password: { isStored: isStored('password'), text: null } };
  }
  const { url, method, expectedCodes, keyword, keywordAbsent, followRedirects } = service;
  const headers = service.headers.map((name, key) => ({ key, name, value: { isStored: isStored(headerSecret(name)), text: null } }));
  return { ...tls, url, method, expectedCodes, keyword: keyword ?? '', keywordAbsent, followRedirects, headers };
}

/** Fills the form from a service. */
export function toDraft({ service, storedSecrets }: ServiceConfig): ServiceDraft {
  const { kind, name, enabled, maintenance } = service;
  return {
    ...NEW_SERVICE,
    kind, name, enabled, maintenance,
    intervalText: toDurationText(service.intervalSeconds),
    timeoutText: toDurationText(service.timeoutSeconds),
    ...kindFields(service, (secret) => storedSecrets.includes(secret)),
  };
}

/** Changes the kind; what was not typed takes the value that is usual for it. */
export function withKind(draft: ServiceDraft, kind: ServiceDraft['kind']): ServiceDraft {
  const intervalText = draft.intervalText === DEFAULT_INTERVALS[draft.kind] ? DEFAULT_INTERVALS[kind] : draft.intervalText;
  const port = kind === 'postgresql' && draft.port === '' ? POSTGRESQL_PORT : kind === 'tcp' && draft.port === POSTGRESQL_PORT ? '' : draft.port;
  return { ...draft, kind, intervalText, port };
}

/** Adds an empty header. */
export function withHeader(draft: ServiceDraft): ServiceDraft {
  const key = Math.max(-1, ...draft.headers.map((header) => header.key)) + 1;
  return { ...draft, headers: [...draft.headers, { key, name: '', value: NO_SECRET }] };
}

const seconds = (text: string): number => parseDuration(text) ?? Number.NaN;
const whole = (text: string): number => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN);
const orNull = (text: string): string | null => (text.trim() === '' ? null : text);

/** The form fields as an unchecked service: a text that is no number or no duration becomes NaN, which the schema refuses. */
function toCandidate(draft: ServiceDraft, id: string, name: string): ServiceInput {
  const { kind, enabled, maintenance, host, database, user, allowLinkLocal } = draft;
  const common = { id, name: draft.name.trim() === '' ? name : draft.name, enabled, maintenance: [...maintenance], intervalSeconds: seconds(draft.intervalText), timeoutSeconds: seconds(draft.timeoutText) };
  if (kind === 'heartbeat') return { ...common, kind, timeoutSeconds: NEW_TIMEOUT, graceSeconds: seconds(draft.graceText) };
  if (kind === 'ping') return { ...common, kind, host, allowLinkLocal };
  const certificate = { certificate: draft.certificate, ca: draft.certificate === 'ownCa' ? draft.ca : null };
  if (kind === 'tcp') return { ...common, kind, host, port: whole(draft.port), tls: draft.usesTls, ...certificate, allowLinkLocal };
  if (kind === 'postgresql') return { ...common, kind, host, port: whole(draft.port), database, user, tls: draft.databaseTls, ...certificate, allowLinkLocal };
  const { url, method, expectedCodes, keyword, keywordAbsent, followRedirects } = draft;
  return { ...common, kind, url, method, expectedCodes, keyword: orNull(keyword), keywordAbsent, headers: draft.headers.map((header) => header.name.trim()), followRedirects, ...certificate, allowLinkLocal };
}

/** Of a heartbeat, which asks nobody. */
const NEW_TIMEOUT = 10;

/** What a duration may be: it is typed with its unit, while the schema counts seconds. */
const DURATION_TEXTS: Readonly<Record<string, string>> = {
  intervalSeconds: 'Enter a duration from 10 s to 1 d.',
  timeoutSeconds: 'Enter a duration from 1 s to 1 min.',
  graceSeconds: 'Enter a duration from 0 s to 7 d.',
};

const EMPTY_TEXTS: Readonly<Record<string, string>> = {
  host: 'Enter a host name or an address.',
  port: 'Enter a number from 1 to 65535.',
  user: 'Enter a user name.',
  database: 'Enter the name of a database.',
  expectedCodes: 'Enter status codes such as 200-399 or 200, 204.',
};

function issueText({ path, code, message }: z.core.$ZodIssue, isEmpty: (field: string) => boolean): string {
  const field = String(path[0] ?? '');
  if (field === 'headers') return code === 'too_big' && path.length === 1 ? toSentence(message) : 'Enter the name of a header, such as Authorization.';
  const text = DURATION_TEXTS[field] ?? (field === 'port' || isEmpty(field) ? EMPTY_TEXTS[field] : undefined);
  return text ?? toSentence(message);
}

/** What the schema cannot see: a certificate authority that is chosen but not given, headers without a value. */
function furtherProblems(draft: ServiceDraft, isMoved: boolean): Record<string, string> {
  const problems: Record<string, string> = {};
  if (usesCertificate(draft) && draft.certificate === 'ownCa' && !/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(draft.ca)) {
    problems['ca'] = 'Paste a certificate in PEM format. It begins with -----BEGIN CERTIFICATE-----.';
  }
  if (draft.kind !== 'http') return problems;
  draft.headers.forEach(({ name, value }, at) => {
    if (draft.headers.findIndex((other) => other.name.trim().toLowerCase() === name.trim().toLowerCase()) < at) problems[`headers.${at}`] = 'This header is there twice.';
    if ((value.text ?? '') === '' && (isMoved || !(value.isStored && value.text === null))) problems[`headers.${at}.value`] = 'Enter a value.';
  });
  return problems;
}

/** Whether a certificate is checked for what the form says. */
export function usesCertificate({ kind, url, usesTls, databaseTls }: Pick<ServiceDraft, 'kind' | 'url' | 'usesTls' | 'databaseTls'>): boolean {
  if (kind === 'http') return /^https:/i.test(url.trim());
  return (kind === 'tcp' && usesTls) || (kind === 'postgresql' && databaseTls === 'require');
}

/** The name of a service whose name is empty: what it asks. */
export function usualName({ kind, url, host, port }: Pick<ServiceDraft, 'kind' | 'url' | 'host' | 'port'>): string {
  if (kind === 'heartbeat') return '';
  const target = kind === 'http' ? (/^https?:\/\/([^/?#]+)/i.exec(url.trim())?.[1] ?? '') : kind === 'tcp' && host.trim() !== '' ? `${host.trim()}:${port.trim()}` : host.trim();
  return target === '' ? '' : kind === 'postgresql' ? `${KIND_TEXTS.postgresql.label} ${target}` : target;
}

/** Validates the form: the service, or the first error of each field. `before`: as it is saved. */
export function checkDraft(draft: ServiceDraft, id: string, before: Service | null = null): ServiceCheck {
  // Without a target it is the target that is asked for.
  const name = usualName(draft) || (draft.kind === 'heartbeat' ? '' : KIND_TEXTS[draft.kind].label);
  const parsed = checkInput(serviceSchema, toCandidate(draft, id, name.slice(0, 80)));
  const isMoved = before !== null && parsed.success && isElsewhere(before, parsed.data);
  const problems = furtherProblems(draft, isMoved);
  if (parsed.success && Object.keys(problems).length === 0) return { service: parsed.data, problems: null, isMoved };
  const isEmpty = (field: string): boolean => String(Reflect.get(draft, field) ?? '').trim() === '';
  for (const issue of parsed.error?.issues ?? []) problems[issue.path.join('.')] ??= issueText(issue, isEmpty);
  return { service: null, problems, isMoved };
}

/** The secrets that were typed, or taken out (an empty text); those that were not touched are not named. */
export function secretsOf(draft: ServiceDraft): Record<string, string> {
  if (draft.kind === 'postgresql') return draft.password.text === null ? {} : { password: draft.password.text };
  if (draft.kind !== 'http') return {};
  return Object.fromEntries(draft.headers.flatMap(({ name, value }) => (value.text === null ? [] : [[headerSecret(name.trim()), value.text]])));
}

/** An id for a new service: its name in lower case, and a few letters: the history of one that was removed is not continued. */
export function newServiceId(name: string, suffix: string): string {
  const base = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return base === '' ? `service-${suffix}` : `${base}-${suffix}`;
}
