/** The fields of each kind of service. */
import { Check, FormField, SelectField, TextField } from '../../ui/form-fields';
import { MovedNote, SECRET_HELP, SecretField, SecretInput } from './secret-field';
import { usesCertificate, withHeader } from './service-draft';
import type { HeaderDraft, ServiceDraft, ServiceProblems } from './service-draft';

/** What every part of the form has. */
export interface FormPartProps {
  readonly draft: ServiceDraft;
  readonly problems: ServiceProblems;
  /** The service would be somewhere else than it was: secrets that are stored do not go there. */
  readonly isMoved: boolean;
  readonly onEdit: (draft: ServiceDraft) => void;
}

const METHODS = [
  ['GET', 'GET'],
  ['HEAD', 'HEAD'],
  ['POST', 'POST'],
  ['OPTIONS', 'OPTIONS'],
] as const;

const CERTIFICATES = [
  ['verify', 'Check it as browsers do'],
  ['ownCa', 'Check it against my own authority'],
  ['unverified', 'Do not check it'],
] as const;

const DATABASE_TLS = [
  ['prefer', 'Where the server has it, unchecked'],
  ['require', 'Always, with a checked certificate'],
  ['off', 'Never'],
] as const;

const KEYWORD_RULES = [
  ['has', 'must have it'],
  ['lacks', 'must not have it'],
] as const;

/** One header: its name and its value, which is a secret. */
function HeaderRow({ header, at, problems, isMoved, onChange, onRemove }: { readonly header: HeaderDraft; readonly at: number; readonly onChange: (header: HeaderDraft) => void; readonly onRemove: () => void } & Pick<FormPartProps, 'problems' | 'isMoved'>) {
  const subject = header.name.trim() === '' ? `header ${at + 1}` : header.name.trim();
  const [nameProblem, valueProblem] = [problems[`headers.${at}`], problems[`headers.${at}.value`]];
  return (
    <li className="header-row">
      {/* The value of a stored one is stored under its name. */}
      <input type="text" aria-label={`Name of header ${at + 1}`} placeholder="Authorization" spellCheck={false} disabled={header.value.isStored} aria-invalid={nameProblem !== undefined} value={header.name} onChange={({ target }) => onChange({ ...header, name: target.value })} />
      <SecretInput name={`Value of ${subject}`} subject={`the value of ${subject}`} secret={header.value} isMoved={isMoved} isOptional={false} isInvalid={valueProblem !== undefined} onEdit={(value) => onChange({ ...header, value })} />
      <button type="button" aria-label={`Remove ${subject}`} onClick={onRemove}>
        Remove
      </button>
      {(nameProblem ?? valueProblem) !== undefined && (
        <p className="field-error" role="alert">
          {nameProblem ?? valueProblem}
        </p>
      )}
    </li>
  );
}

function HeaderFields({ draft, problems, isMoved, onEdit }: FormPartProps) {
  const { headers } = draft;
  return (
    <fieldset className="form-group">
      <legend className="group-label">Headers</legend>
      <p className="field-help">Sent with each request. Values: {SECRET_HELP.charAt(0).toLowerCase() + SECRET_HELP.slice(1)}</p>
      <MovedNote isMoved={isMoved} secrets={headers.map(({ value }) => value)} />
      <ul>
        {headers.map((header, at) => (
          <HeaderRow key={header.key} {...{ header, at, problems, isMoved }} onChange={(next) => onEdit({ ...draft, headers: headers.with(at, next) })} onRemove={() => onEdit({ ...draft, headers: headers.toSpliced(at, 1) })} />
        ))}
      </ul>
      <button type="button" className="group-add" disabled={headers.length >= 20} onClick={() => onEdit(withHeader(draft))}>
        Add header
      </button>
    </fieldset>
  );
}

/** How a certificate is checked. */
function CertificateFields({ draft, problems, onEdit }: FormPartProps) {
  if (!usesCertificate(draft)) return null;
  return (
    <>
      <div className="form-row">
        <SelectField label="Certificate" value={draft.certificate} choices={CERTIFICATES} problem={problems['certificate']} onChoose={(certificate) => onEdit({ ...draft, certificate })} />
      </div>
      {draft.certificate === 'unverified' && <p className="field-help">Anybody between here and the server could answer in its place. Its last day is shown all the same.</p>}
      {draft.certificate === 'ownCa' && (
        <FormField label="Certificate of the authority" help="In PEM format, one or more." problem={problems['ca']}>
          {(id, describedBy) => <textarea id={id} rows={5} spellCheck={false} aria-describedby={describedBy} aria-invalid={problems['ca'] !== undefined} placeholder="-----BEGIN CERTIFICATE-----" value={draft.ca} onChange={({ target }) => onEdit({ ...draft, ca: target.value })} />}
        </FormField>
      )}
    </>
  );
}

function HttpFields(parts: FormPartProps) {
  const { draft, problems, onEdit } = parts;
  return (
    <>
      <TextField label="URL" placeholder="https://example.org/health" value={draft.url} problem={problems['url']} onEdit={(url) => onEdit({ ...draft, url })} />
      <div className="form-row">
        <SelectField label="Method" value={draft.method} choices={METHODS} problem={problems['method']} onChoose={(method) => onEdit({ ...draft, method })} />
        <TextField label="Status codes that are all right" help="Such as 200-399 or 200, 204." value={draft.expectedCodes} problem={problems['expectedCodes']} onEdit={(expectedCodes) => onEdit({ ...draft, expectedCodes })} />
      </div>
      <div className="form-row">
        <TextField label="Text of the answer" help="Leave it empty to accept every text. The first 64 KiB are searched." value={draft.keyword} problem={problems['keyword']} onEdit={(keyword) => onEdit({ ...draft, keyword })} />
        {draft.keyword.trim() !== '' && <SelectField label="The answer" value={draft.keywordAbsent ? 'lacks' : 'has'} choices={KEYWORD_RULES} problem={undefined} onChoose={(rule) => onEdit({ ...draft, keywordAbsent: rule === 'lacks' })} />}
      </div>
      <Check label="Follow redirects" checked={draft.followRedirects} onChange={(followRedirects) => onEdit({ ...draft, followRedirects })} />
      <CertificateFields {...parts} />
      <HeaderFields {...parts} />
    </>
  );
}

function HostField({ draft, problems, onEdit }: FormPartProps) {
  return <TextField label="Host" placeholder="db.example.org" value={draft.host} problem={problems['host']} onEdit={(host) => onEdit({ ...draft, host })} />;
}

function PortField({ draft, problems, onEdit }: FormPartProps) {
  return <TextField label="Port" value={draft.port} problem={problems['port']} onEdit={(port) => onEdit({ ...draft, port })} />;
}

function TcpFields(parts: FormPartProps) {
  const { draft, onEdit } = parts;
  return (
    <>
      <div className="form-row">
        <HostField {...parts} />
        <PortField {...parts} />
      </div>
      <Check label="The port speaks TLS" checked={draft.usesTls} onChange={(usesTls) => onEdit({ ...draft, usesTls })} />
      <CertificateFields {...parts} />
    </>
  );
}

function PostgresqlFields(parts: FormPartProps) {
  const { draft, problems, isMoved, onEdit } = parts;
  return (
    <>
      <div className="form-row">
        <HostField {...parts} />
        <PortField {...parts} />
        <TextField label="Database" value={draft.database} problem={problems['database']} onEdit={(database) => onEdit({ ...draft, database })} />
      </div>
      <div className="form-row">
        <TextField label="User" help="A user without rights of its own is enough to count connections; pg_monitor shows what they do." value={draft.user} problem={problems['user']} onEdit={(user) => onEdit({ ...draft, user })} />
        <SecretField label="Password" subject="the password" secret={draft.password} isMoved={isMoved} isOptional problem={problems['password']} onEdit={(password) => onEdit({ ...draft, password })} />
      </div>
      <MovedNote isMoved={isMoved} secrets={[draft.password]} />
      <div className="form-row">
        <SelectField label="TLS" value={draft.databaseTls} choices={DATABASE_TLS} problem={problems['tls']} onChoose={(databaseTls) => onEdit({ ...draft, databaseTls })} />
      </div>
      <CertificateFields {...parts} />
    </>
  );
}

const FIELDS: Readonly<Record<Exclude<ServiceDraft['kind'], 'heartbeat'>, (parts: FormPartProps) => React.ReactNode>> = { http: HttpFields, tcp: TcpFields, ping: HostField, postgresql: PostgresqlFields };

/** What is asked, by kind; a heartbeat asks nobody. */
export function KindFields(parts: FormPartProps) {
  const { kind } = parts.draft;
  const Fields = kind === 'heartbeat' ? null : FIELDS[kind];
  return Fields === null ? null : <Fields {...parts} />;
}
