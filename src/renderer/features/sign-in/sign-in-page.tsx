import { useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { SignIn, SignInState } from './sign-in-controller';
import { toCode } from '../../lib/pairing-link';
import { autofocus } from '../../ui/autofocus';
import './sign-in.css';

type Out = Extract<SignInState, { kind: 'out' }>;

/** Six digits, as they stand on the desktop. */
function CodeForm({ signIn, out }: { readonly signIn: SignIn; readonly out: Out }) {
  const [typed, setTyped] = useState('');
  const code = toCode(typed);
  const id = useId();
  return (
    <form
      className="login-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (code !== null) void signIn.pair({ code });
      }}
    >
      <label htmlFor={id}>Code from the desktop</label>
      <p className="field-help" id={`${id}-help`}>
        On the machine open Traywatch, Sharing, “Make a code”. Or scan the QR code there.
      </p>
      <input
        id={id}
        ref={autofocus}
        className="login-code"
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        placeholder="000 000"
        maxLength={9}
        value={typed}
        aria-describedby={`${id}-help`}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="strong" disabled={code === null || out.busy}>
        Ask to be let in
      </button>
    </form>
  );
}

function PasswordForm({ signIn, out }: { readonly signIn: SignIn; readonly out: Out }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const id = useId();
  return (
    <form
      className="login-form"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn.login(name.trim(), password);
        setPassword('');
      }}
    >
      <label htmlFor={`${id}-name`}>Name</label>
      <input id={`${id}-name`} type="text" autoComplete="username" autoCapitalize="none" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
      <label htmlFor={`${id}-password`}>Password</label>
      <input id={`${id}-password`} type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
      <button type="submit" disabled={name.trim() === '' || password === '' || out.busy}>
        Sign in
      </button>
    </form>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} – Traywatch`;
  }, [title]);
  return (
    <main className="login">
      <section className="login-card">
        <p className="login-name">Traywatch</p>
        <h1>{title}</h1>
        {children}
      </section>
    </main>
  );
}

function OutCard({ signIn, out, host }: { readonly signIn: SignIn; readonly out: Out; readonly host: string }) {
  return (
    <Card title="Sign in">
      <p className="field-help">This browser is not known to {host} yet.</p>
      {out.told !== null && (
        <p className="field-error" role="alert">
          {out.told}
        </p>
      )}
      <CodeForm signIn={signIn} out={out} />
      {out.passwords && (
        <>
          <p className="login-or">or with an account</p>
          <PasswordForm signIn={signIn} out={out} />
        </>
      )}
    </Card>
  );
}

/** What a browser shows that nobody has let in yet, or that finds nobody to ask. */
export function SignInPage({ signIn, host }: { readonly signIn: SignIn; readonly host: string }) {
  const state = useStore(signIn.store);
  if (state.kind === 'away') {
    return (
      <Card title="Not connected">
        <output className="field-help">{host} does not answer. This page tries again by itself; is Traywatch running there, and is this device on the same network?</output>
      </Card>
    );
  }
  if (state.kind === 'waiting') {
    return (
      <Card title="Waiting for approval">
        <output className="field-help">
          Allow this browser on <strong>{state.host}</strong>: the request stands in the Traywatch window there. This page goes on by itself.
        </output>
        <button type="button" onClick={() => signIn.giveUp()}>
          Cancel
        </button>
      </Card>
    );
  }
  if (state.kind === 'out') return <OutCard signIn={signIn} out={state} host={host} />;
  return null;
}
