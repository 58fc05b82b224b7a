/** Accounts on the Sharing page: add, change role or password, remove. */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { LanAccount } from '../../../shared/sharing/access-schemas';
import { PASSWORD_LENGTH, passwordProblem } from '../../../shared/sharing/auth-policy';
import { useApp } from '../../app/app-context';
import { FailureText } from '../../ui/failure-text';
import { autofocus } from '../../ui/autofocus';
import { ConfirmButton } from '../../app/setting-inputs';
import { RoleSelect } from './role-select';

interface PasswordFieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  /** What else a new password causes; may be empty. */
  readonly consequence: string;
  readonly fieldRef?: (element: HTMLElement | null) => void;
  readonly onEdit: (password: string) => void;
}

/** A new password, validated while it is typed. */
function PasswordField({ label, name, value, consequence, fieldRef, onEdit }: PasswordFieldProps) {
  const id = useId();
  const problem = value === '' ? null : passwordProblem(value, name);
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input id={id} ref={fieldRef} type="password" autoComplete="new-password" value={value} aria-describedby={`${id}-help`} aria-invalid={problem !== null} onChange={(event) => onEdit(event.target.value)} />
      <p className="field-help" id={`${id}-help`}>
        {problem === null ? `At least ${PASSWORD_LENGTH.min} characters.` : `It ${problem}.`} {consequence}
      </p>
    </>
  );
}

interface AccountFormProps {
  readonly ready: boolean;
  readonly save: () => Promise<string | null>;
  readonly onDone: () => void;
  readonly children: ReactNode;
}

/** A form that closes once it is saved. Its button is disabled meanwhile: hashing a password takes noticeable time. */
function AccountForm({ ready, save, onDone, children }: AccountFormProps) {
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    const problem = await save();
    setBusy(false);
    setFailure(problem);
    if (problem === null) onDone();
  };
  return (
    <form
      className="row-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <FailureText text={failure} />
      <span className="field-buttons">
        <button type="submit" className="strong" disabled={busy || !ready}>
          Save
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </span>
    </form>
  );
}

function NewAccount({ onDone }: { readonly onDone: () => void }) {
  const { sharing } = useApp();
  const [name, setName] = useState('');
  const [role, setRole] = useState<LanAccount['role']>('viewer');
  const [password, setPassword] = useState('');
  const id = useId();
  return (
    <AccountForm ready={name.trim() !== '' && password !== '' && passwordProblem(password, name) === null} save={() => sharing.run('lanSetAccount', { name: name.trim(), role, password })} onDone={onDone}>
      <label htmlFor={`${id}-name`}>Name</label>
      <input id={`${id}-name`} ref={autofocus} type="text" autoComplete="off" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
      <label htmlFor={`${id}-role`}>Role</label>
      <select id={`${id}-role`} value={role} onChange={(event) => setRole(event.target.value as LanAccount['role'])}>
        <option value="viewer">Viewer</option>
        <option value="admin">Admin</option>
      </select>
      <PasswordField label="Password" name={name} value={password} consequence="" onEdit={setPassword} />
    </AccountForm>
  );
}

function NewPassword({ account: { name, role }, onDone }: { readonly account: LanAccount; readonly onDone: () => void }) {
  const { sharing } = useApp();
  const [password, setPassword] = useState('');
  return (
    <AccountForm ready={password !== '' && passwordProblem(password, name) === null} save={() => sharing.run('lanSetAccount', { name, role, password })} onDone={onDone}>
      <PasswordField label="New password" name={name} value={password} consequence="Ends all sessions of this account." fieldRef={autofocus} onEdit={setPassword} />
    </AccountForm>
  );
}

function AccountRow({ account }: { readonly account: LanAccount }) {
  const { sharing } = useApp();
  const [changing, setChanging] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { name } = account;
  return (
    <li className="row">
      <div className="row-text">
        <strong>{name}</strong>
        <FailureText text={failure} />
      </div>
      <div className="row-controls">
        <RoleSelect name={name} role={account.role} onChoose={(role) => void sharing.run('lanSetAccount', { name, role }).then(setFailure)} />
        <button type="button" aria-expanded={changing} onClick={() => setChanging(!changing)}>
          Change password…
        </button>
        <ConfirmButton label="Remove" question="Remove account and end its sessions?" yes="Remove" run={() => sharing.run('lanRemoveAccount', { name })} onFailure={setFailure} />
      </div>
      {changing && <NewPassword account={account} onDone={() => setChanging(false)} />}
    </li>
  );
}

/** The accounts: an alternative to pairing, for sign-in without an approval on the machine. */
export function AccountsSection() {
  const { sharing } = useApp();
  const accounts = useStore(sharing.store, ({ access }) => access?.accounts ?? null);
  const [adding, setAdding] = useState(false);
  if (accounts === null) return null;
  return (
    <section className="section">
      <h2>Accounts</h2>
      <p className="section-note">Optional. People with an account sign in without your approval.</p>
      <ul className="rows">
        {accounts.map((account) => (
          <AccountRow key={account.name} account={account} />
        ))}
      </ul>
      <div className="section-foot">
        {adding ? (
          <NewAccount onDone={() => setAdding(false)} />
        ) : (
          <button type="button" onClick={() => setAdding(true)}>
            Add an account…
          </button>
        )}
      </div>
    </section>
  );
}
