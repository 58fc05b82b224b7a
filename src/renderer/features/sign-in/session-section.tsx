/** The session of a browser, on its settings page. */
import type { Session } from '../../app/app-types';
import { PasswordChange } from './password-change';

/** Name and role of this browser, sign-out, and the password if it signed in with an account. */
export function SessionSection({ session }: { readonly session: Session }) {
  return (
    <section className="section">
      <h2>This browser</h2>
      <div className="field">
        <div>
          <span>{session.name}</span>
          <p className="field-help" id="sign-out-help">
            {session.role === 'admin' ? 'Admin' : 'Viewer'}. {session.account === null && 'Signing out requires a new pairing.'}
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
