/**
 * The page of a browser that is not signed in: pairing code, account, and the wait for approval. This folder also has the
 * session's controller, and its section on the settings page.
 * It may import app, charts, ui, data, lib and src/shared, and no other feature. remote.tsx imports page and controller,
 * frame.tsx the section; charts, ui, data, lib, theme and worker must not import it.
 */
import { useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { SignIn, SignInState } from './sign-in-controller';
import { toCode } from '../../lib/pairing-link';
import { FailureText } from '../../ui/failure-text';
import { autofocus } from '../../ui/autofocus';
import './sign-in.css';

type SignedOut = Extract<SignInState, { kind: 'signedOut' }>;

/** Requests access with a pairing code. */
function PairingCodeForm({ signIn, busy }: { readonly signIn: SignIn; readonly busy: boolean }) {
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
      <label htmlFor={id}>Pairing code</label>
      <p className="field-help" id={`${id}-help`}>
        On that machine: Traywatch → Sharing → Create pairing code.
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
      <button type="submit" className="strong" disabled={code === null || busy}>
        Request access
      </button>
    </form>
  );
}

/** Signs in with an account. */
function AccountForm({ signIn, busy }: { readonly signIn: SignIn; readonly busy: boolean }) {
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
      <button type="submit" disabled={name.trim() === '' || password === '' || busy}>
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

function SignedOutCard({ signIn, state: { message, passwords, busy }, host }: { readonly signIn: SignIn; readonly state: SignedOut; readonly host: string }) {
  return (
    <Card title={`Connect to ${host}`}>
      <FailureText text={message} />
      <PairingCodeForm signIn={signIn} busy={busy} />
      {passwords && (
        <>
          <p className="login-or">or sign in with an account</p>
          <AccountForm signIn={signIn} busy={busy} />
        </>
      )}
    </Card>
  );
}

/** The page, by the state of the session. `host` is the host and port in the address of the page. */
export function SignInPage({ signIn, host }: { readonly signIn: SignIn; readonly host: string }) {
  const state = useStore(signIn.store);
  if (state.kind === 'unreachable') {
    return (
      <Card title="Not connected">
        <output className="field-help">Can’t reach {host}. Retrying… Is Traywatch running, and are you on the same network?</output>
      </Card>
    );
  }
  if (state.kind === 'waiting') {
    return (
      <Card title="Waiting for approval">
        <output className="field-help">
          Approve this browser in Traywatch on <strong>{state.host}</strong>. This page continues automatically.
        </output>
        <button type="button" onClick={() => signIn.cancelRequest()}>
          Cancel
        </button>
      </Card>
    );
  }
  if (state.kind === 'signedOut') return <SignedOutCard signIn={signIn} state={state} host={host} />;
  return null;
}
