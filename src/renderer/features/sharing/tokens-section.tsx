/** API tokens on the Sharing page. */
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import type { ApiToken } from '../../../shared/sharing/access-schemas';
import { MAX_TOKEN_DAYS, SCOPE_NAMES, SCOPES } from '../../../shared/sharing/auth-policy';
import type { Scope } from '../../../shared/sharing/auth-policy';
import { problemText } from '../../../shared/api/problem-text';
import { useApp } from '../../app/app-context';
import { formatAge, formatDay } from '../../lib/age';
import { FailureText } from '../../ui/failure-text';
import { CopyButton } from '../../ui/copy-button';
import { autofocus } from '../../ui/autofocus';
import { ConfirmButton } from '../../app/setting-inputs';
import { ConnectedNow } from './connected-now';

function TokenForm({ onCreated, onCancel }: { readonly onCreated: (token: string) => void; readonly onCancel: () => void }) {
  const { sharing } = useApp();
  const [label, setLabel] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['metrics:read']);
  const [days, setDays] = useState('90');
  const [failure, setFailure] = useState<string | null>(null);
  const id = useId();
  const toggle = (scope: Scope): void => setScopes(scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope]);
  const create = async (): Promise<void> => {
    const response = await sharing.createToken({ label, scopes: [...scopes], days: Number(days) });
    if (response.ok) onCreated(response.value);
    else setFailure(problemText(response.message));
  };
  return (
    <form
      className="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <label htmlFor={`${id}-label`}>Name</label>
      <input id={`${id}-label`} type="text" autoComplete="off" ref={autofocus} placeholder="Prometheus" maxLength={60} value={label} onChange={(event) => setLabel(event.target.value)} />
      <fieldset>
        <legend>Permissions</legend>
        {SCOPE_NAMES.map((scope) => (
          <label key={scope} className="check">
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
            {SCOPES[scope].label} <code className="quiet">{scope}</code>
          </label>
        ))}
      </fieldset>
      <label htmlFor={`${id}-days`}>Expires after (days)</label>
      <input id={`${id}-days`} type="number" min={1} max={MAX_TOKEN_DAYS} value={days} onChange={(event) => setDays(event.target.value)} />
      <FailureText text={failure} />
      <span className="field-buttons">
        <button type="submit" className="strong" disabled={label.trim() === '' || scopes.length === 0 || !(Number(days) >= 1)}>
          Create token
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </span>
    </form>
  );
}

/** Shows a new token, which cannot be read again later. */
function NewToken({ token, onDone }: { readonly token: string; readonly onDone: () => void }) {
  return (
    <section className="new-token" aria-label="New token">
      <p>
        <strong>Copy this token now.</strong> You won’t see it again. Send it as <code>Authorization: Bearer …</code>
      </p>
      <code className="secret">{token}</code>
      <span className="field-buttons">
        <CopyButton text={token} label="Copy token" />
        <button type="button" onClick={onDone}>
          Done
        </button>
      </span>
    </section>
  );
}

function TokenRow({ token, connected }: { readonly token: ApiToken; readonly connected: boolean }) {
  const { sharing } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const [now] = useState(() => Date.now());
  const expired = token.expiresAt <= now;
  return (
    <li className="row">
      <div className="row-text">
        <strong>{token.label}</strong>
        <p className="field-help">
          {token.scopes.map((scope) => SCOPES[scope].label).join('; ')}. {expired ? <span className="field-error">Expired {formatDay(token.expiresAt)}.</span> : `Expires ${formatDay(token.expiresAt)}.`}{' '}
          {connected ? <ConnectedNow /> : token.lastUsed === null ? 'Never used.' : `Used ${formatAge(now - token.lastUsed)} ago.`}
        </p>
        <FailureText text={failure} />
      </div>
      <div className="row-controls">
        <ConfirmButton label="Revoke" question="Revoke token? Anything using it stops working." yes="Revoke" run={() => sharing.run('lanRemoveToken', { id: token.id })} onFailure={setFailure} />
      </div>
    </li>
  );
}

/** The tokens: access for scripts, limited by permissions and expiry. */
export function TokensSection() {
  const { sharing } = useApp();
  const tokens = useStore(sharing.store, ({ access }) => access?.tokens ?? null);
  const connections = useStore(sharing.store, (slice) => slice.connections);
  const [adding, setAdding] = useState(false);
  const [created, setCreated] = useState<string | null>(null);
  if (tokens === null) return null;
  const onCreated = (token: string): void => {
    setCreated(token);
    setAdding(false);
  };
  return (
    <section className="section">
      <h2>API tokens</h2>
      <p className="section-note">For Prometheus and scripts. Limited permissions, with expiry.</p>
      <ul className="rows">
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} connected={connections?.some(({ id }) => id === token.id) ?? false} />
        ))}
      </ul>
      <div className="section-foot">
        {created !== null && <NewToken token={created} onDone={() => setCreated(null)} />}
        {adding ? (
          <TokenForm onCreated={onCreated} onCancel={() => setAdding(false)} />
        ) : (
          <button type="button" onClick={() => setAdding(true)}>
            Create token…
          </button>
        )}
      </div>
    </section>
  );
}
