import { useId, useState } from 'react';
import { useStore } from 'zustand';
import type { ApiToken } from '../../../shared/sharing/access-schemas';
import { MAX_TOKEN_DAYS, SCOPE_NAMES, SCOPES } from '../../../shared/sharing/auth-policy';
import type { Scope } from '../../../shared/sharing/auth-policy';
import { useApp } from '../../app/app-context';
import { formatAge, formatDay } from '../../lib/age';
import { CopyButton } from '../../ui/copy-button';
import { autofocus } from '../../ui/autofocus';
import { ConfirmButton } from '../../app/setting-inputs';
import { ConnectedNow } from './connected-now';

function TokenForm({ onMade, onCancel }: { readonly onMade: (token: string) => void; readonly onCancel: () => void }) {
  const { lan } = useApp();
  const [label, setLabel] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['metrics:read']);
  const [days, setDays] = useState('90');
  const [failure, setFailure] = useState<string | null>(null);
  const id = useId();
  const toggle = (scope: Scope): void => setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  const make = async (): Promise<void> => {
    const answer = await lan.createToken({ label, scopes: [...scopes], days: Number(days) });
    if (answer.ok) onMade(answer.value);
    else setFailure(answer.message);
  };
  return (
    <form
      className="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <label htmlFor={`${id}-label`}>For what</label>
      <input id={`${id}-label`} type="text" autoComplete="off" ref={autofocus} placeholder="Prometheus" maxLength={60} value={label} onChange={(event) => setLabel(event.target.value)} />
      <fieldset>
        <legend>It may</legend>
        {SCOPE_NAMES.map((scope) => (
          <label key={scope} className="check">
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
            {SCOPES[scope].label} <code className="quiet">{scope}</code>
          </label>
        ))}
      </fieldset>
      <label htmlFor={`${id}-days`}>Days</label>
      <input id={`${id}-days`} type="number" min={1} max={MAX_TOKEN_DAYS} value={days} onChange={(event) => setDays(event.target.value)} />
      {failure !== null && (
        <p className="field-error" role="alert">
          {failure}
        </p>
      )}
      <span className="field-buttons">
        <button type="submit" className="strong" disabled={label.trim() === '' || scopes.length === 0 || !(Number(days) >= 1)}>
          Make the token
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </span>
    </form>
  );
}

/** The token itself, this once. */
function MadeToken({ token, onDone }: { readonly token: string; readonly onDone: () => void }) {
  return (
    <section className="made-token" aria-label="The new token">
      <p>
        <strong>Copy it now.</strong> It is not kept and cannot be shown again. Send it as <code>Authorization: Bearer …</code>
      </p>
      <code className="secret">{token}</code>
      <span className="field-buttons">
        <CopyButton text={token} label="Copy the token" />
        <button type="button" onClick={onDone}>
          Done
        </button>
      </span>
    </section>
  );
}

function TokenRow({ token, watching }: { readonly token: ApiToken; readonly watching: boolean }) {
  const { lan } = useApp();
  const [failure, setFailure] = useState<string | null>(null);
  const [now] = useState(() => Date.now());
  const over = token.expiresAt <= now;
  return (
    <li className="row">
      <div className="row-text">
        <strong>{token.label}</strong>
        <p className="field-help">
          {token.scopes.map((scope) => SCOPES[scope].label).join('; ')}. {over ? <span className="field-error">Ended {formatDay(token.expiresAt)}.</span> : `Ends ${formatDay(token.expiresAt)}.`}{' '}
          {watching ? <ConnectedNow /> : token.lastUsed === null ? 'Never used.' : `Used ${formatAge(now - token.lastUsed)} ago.`}
        </p>
        {failure !== null && (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
      </div>
      <div className="row-controls">
        <ConfirmButton label="Remove" question="Whatever uses it stops working." yes="Remove" run={() => lan.run('lanRemoveToken', { id: token.id })} onFailure={setFailure} />
      </div>
    </li>
  );
}

/** Tokens for scripts. */
export function TokensSection() {
  const { lan } = useApp();
  const tokens = useStore(lan.store, ({ access }) => access?.tokens ?? null);
  const connections = useStore(lan.store, (slice) => slice.connections);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  if (tokens === null) return null;
  const take = (token: string): void => {
    setMade(token);
    setAdding(false);
  };
  return (
    <section className="sheet">
      <h2>Tokens for scripts</h2>
      <p className="sheet-note">For Prometheus, home automation and the like. Each may do only what it was given, and ends one day.</p>
      <ul className="rows">
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} watching={connections?.some(({ id }) => id === token.id) ?? false} />
        ))}
      </ul>
      <div className="sheet-foot">
        {made !== null && <MadeToken token={made} onDone={() => setMade(null)} />}
        {adding ? (
          <TokenForm onMade={take} onCancel={() => setAdding(false)} />
        ) : (
          <button type="button" onClick={() => setAdding(true)}>
            Add a token…
          </button>
        )}
      </div>
    </section>
  );
}
