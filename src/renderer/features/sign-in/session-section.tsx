import type { Session } from '../../app/app';
import { PasswordChange } from './password-change';

/** Who this browser is to the machine it watches, and the way out. */
export function SessionSection({ session }: { readonly session: Session }) {
  return (
    <section className="sheet">
      <h2>This browser</h2>
      <div className="field">
        <div>
          <span>{session.name}</span>
          <p className="field-help" id="sign-out-help">
            {session.role === 'admin' ? 'May watch and change settings.' : 'May watch.'} After signing out it has to be let in again.
          </p>
        </div>
        <div className="field-control">
          <button type="button" aria-describedby="sign-out-help" onClick={() => void session.signOut()}>
            Sign out
          </button>
        </div>
      </div>
      {session.account !== null && <PasswordChange account={session.account} change={session.changePassword} />}
    </section>
  );
}
