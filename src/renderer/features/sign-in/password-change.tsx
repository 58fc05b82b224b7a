/** Change of the password of the account that this browser signed in with. */
import { useId, useState } from 'react';
import { PASSWORD_LENGTH, passwordProblem } from '../../../shared/sharing/auth-policy';
import type { PasswordRefusal, Session } from '../../app/app-types';
import { autofocus } from '../../ui/autofocus';
import { Field } from '../../app/settings-fields';

interface PasswordInputProps {
  readonly label: string;
  readonly help: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly value: string;
  readonly failure: string | null;
  readonly first?: boolean;
  readonly onEdit: (password: string) => void;
}

function PasswordInput({ label, help, autoComplete, value, failure, first = false, onEdit }: PasswordInputProps) {
  const id = useId();
  return (
    <Field id={id} label={label} help={help} failure={failure}>
      <input
        id={id}
        ref={first ? autofocus : undefined}
        type="password"
        autoComplete={autoComplete}
        value={value}
        aria-describedby={failure === null ? `${id}-help` : `${id}-error ${id}-help`}
        aria-invalid={failure !== null}
        onChange={(event) => onEdit(event.target.value)}
      />
    </Field>
  );
}

interface PasswordFormProps {
  readonly account: string;
  readonly change: Session['changePassword'];
  readonly onDone: (changed: boolean) => void;
}

/** The current and the new password. The new one is validated while it is typed; other errors come from the server. */
function PasswordChangeForm({ account, change, onDone }: PasswordFormProps) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<PasswordRefusal | null>(null);
  const problem = password === '' ? null : passwordProblem(password, account);
  const failureAt = (field: PasswordRefusal['field']): string | null => (refusal !== null && refusal.field === field ? refusal.message : null);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    const response = await change(current, password);
    setBusy(false);
    setRefusal(response);
    if (response === null) onDone(true);
  };
  return (
    <form
      aria-label="Change password"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {/* Password managers save the new password under this name. */}
      <input type="text" autoComplete="username" value={account} readOnly hidden />
      <PasswordInput label="Current password" help="Required to change the password." autoComplete="current-password" value={current} failure={failureAt('current')} first onEdit={setCurrent} />
      <PasswordInput
        label="New password"
        help={`At least ${PASSWORD_LENGTH.min} characters. Other sessions of this account are signed out.`}
        autoComplete="new-password"
        value={password}
        failure={problem === null ? failureAt('password') : `It ${problem}.`}
        onEdit={setPassword}
      />
      <div className="field">
        {failureAt(null) !== null && (
          <p className="field-error" role="alert">
            {failureAt(null)}
          </p>
        )}
        <div className="field-control field-buttons">
          <button type="button" onClick={() => onDone(false)}>
            Cancel
          </button>
          <button type="submit" className="strong" disabled={busy || current === '' || password === '' || problem !== null}>
            Change
          </button>
        </div>
      </div>
    </form>
  );
}

/** A field with the button that opens the form, and the result. */
export function PasswordChange({ account, change }: Pick<PasswordFormProps, 'account' | 'change'>) {
  const [state, setState] = useState<'idle' | 'changing' | 'cancelled' | 'changed'>('idle');
  if (state === 'changing') return <PasswordChangeForm account={account} change={change} onDone={(changed) => setState(changed ? 'changed' : 'cancelled')} />;
  return (
    <div className="field">
      <div>
        <span>Password</span>
        <p className="field-help">
          <output>{state === 'changed' ? 'Password changed. Other sessions were signed out.' : `Account: ${account}`}</output>
        </p>
      </div>
      <div className="field-control">
        <button type="button" ref={state === 'idle' ? undefined : autofocus} onClick={() => setState('changing')}>
          Change password…
        </button>
      </div>
    </div>
  );
}
