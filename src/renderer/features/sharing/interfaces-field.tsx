import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { LanSettings } from '../../../shared/sharing/lan-settings';
import { KIND_LABELS, rowsOf, withChoice } from './interface-rows';
import type { AddressRow, InterfaceRow } from './interface-rows';
import { useInterfaces } from './use-interfaces';
import { useSettingsUpdate } from '../../app/setting-inputs';

/** What a row may do. */
interface Choosing {
  /** Everywhere: what is ticked cannot be unticked by itself. */
  readonly locked: boolean;
  readonly toggle: (choice: string, on: boolean) => void;
}

function Choice({ choice, checked, locked, toggle, children }: Choosing & { readonly choice: string; readonly checked: boolean; readonly children: ReactNode }) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} disabled={locked} onChange={(event) => toggle(choice, event.target.checked)} />
      <span>{children}</span>
    </label>
  );
}

/** What a browser would open at each address. */
function Urls({ addresses, checked }: Pick<InterfaceRow, 'addresses' | 'checked'>) {
  return (
    <ul className={checked ? 'interface-urls' : 'interface-urls quiet'}>
      {addresses.map(({ address, family, url }) => (
        <li key={address}>
          <span className="quiet">IPv{family}</span>
          <span>
            <code>{url ?? address}</code>
            {url === null && <span className="quiet"> for this link alone; browsers cannot open it</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function InterfaceChoice({ row, ...choosing }: Choosing & { readonly row: InterfaceRow }) {
  const { choice, name, kind, checked, addresses } = row;
  return (
    <li>
      <Choice choice={choice} checked={checked} {...choosing}>
        <strong>{name}</strong> <span className="quiet">{kind === null ? 'Not there now' : KIND_LABELS[kind]}</span>
      </Choice>
      {kind === null && <p className="interface-gone">{checked ? 'Nobody can watch over it until it is back. The server looks again by itself, at least each minute.' : 'Forgotten when this page is left.'}</p>}
      <Urls addresses={addresses} checked={checked} />
    </li>
  );
}

function TypedChoice({ row: { choice, checked, on }, ...choosing }: Choosing & { readonly row: AddressRow }) {
  return (
    <li>
      <Choice choice={choice} checked={checked} {...choosing}>
        <strong>{choice}</strong> <span className="quiet">{on === null ? 'Not there now' : `Address, on ${on}`}</span>
      </Choice>
      {on === null && checked && <p className="interface-gone">No interface has this address now. The server looks again by itself, at least each minute.</p>}
    </li>
  );
}

function Choices({ rows, typed, ...choosing }: Choosing & { readonly rows: readonly InterfaceRow[]; readonly typed: readonly AddressRow[] }) {
  return (
    <ul className="interface-list">
      {rows.map((row) => (
        <InterfaceChoice key={row.choice} row={row} {...choosing} />
      ))}
      {typed.map((row) => (
        <TypedChoice key={row.choice} row={row} {...choosing} />
      ))}
    </ul>
  );
}

/** For an address that comes later, or one of several of an interface. */
function AddressForm({ add }: { readonly add: (address: string, onSaved: () => void) => void }) {
  const [text, setText] = useState('');
  const id = useId();
  return (
    <details className="lan-fingerprint">
      <summary>Choose a single address</summary>
      <form
        className="address-form"
        onSubmit={(event) => {
          event.preventDefault();
          add(text.trim(), () => setText(''));
        }}
      >
        <label htmlFor={id}>IP address</label>
        <input id={id} type="text" autoComplete="off" spellCheck={false} placeholder="10.8.0.2" maxLength={60} value={text} onChange={(event) => setText(event.target.value)} />
        <button type="submit" disabled={text.trim() === ''}>
          Add
        </button>
        <p className="field-help">One of several of an interface, or one that this machine gets later, from a VPN say.</p>
      </form>
    </details>
  );
}

/** The choice of places, and how it is saved: at once, but never an empty one. */
function useChoice({ addresses }: LanSettings) {
  const { failure, save } = useSettingsUpdate();
  /** Only these are wished, and none is ticked yet. */
  const [undecided, setUndecided] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [kept, setKept] = useState<readonly string[]>([]);
  const chosen = addresses === 'all' && undecided ? [] : addresses;
  const store = (next: LanSettings['addresses'], onSaved?: () => void): void => {
    setRefusal(null);
    save({ lan: { addresses: next === 'all' ? next : [...next] } }, () => {
      setUndecided(false);
      onSaved?.();
    });
  };
  const put = (choice: string, on: boolean, onSaved?: () => void): void => {
    const next = withChoice(chosen === 'all' ? [] : chosen, choice, on);
    if (next.length === 0) setRefusal('At least one stays ticked. To share nothing, switch sharing off.');
    else store(next, onSaved);
    if (!on) setKept((before) => [...new Set([...before, choice])]);
  };
  return { chosen, kept, failure: refusal ?? failure, put, takeAll: () => store('all'), takeSome: () => setUndecided(addresses === 'all') };
}

/** Where the server listens: everywhere, or at interfaces picked from those the machine has. */
export function InterfacesField({ lan }: { readonly lan: LanSettings }) {
  const { list, failure } = useInterfaces();
  const { chosen, kept, failure: refused, put, takeAll, takeSome } = useChoice(lan);
  const name = useId();
  const everywhere = chosen === 'all';
  const choosing: Choosing = { locked: everywhere, toggle: put };
  const { outside, loopback, typed } = rowsOf(chosen, list ?? [], kept);
  return (
    <fieldset className="field field-wide interfaces">
      <legend>Network interfaces</legend>
      <p className="field-help interface-scope">Browsers on the network behind a ticked interface can open the addresses that stand with it.</p>
      <div>
        <label className="check">
          <input type="radio" name={name} checked={everywhere} onChange={takeAll} />
          <span>
            All interfaces <span className="quiet">those of tomorrow as well</span>
          </span>
        </label>
        <label className="check">
          <input type="radio" name={name} checked={!everywhere} onChange={takeSome} />
          <span>
            Only these <span className="quiet">nobody gets in through any other</span>
          </span>
        </label>
      </div>
      {refused !== null && (
        <p className="field-error" role="alert">
          {refused}
        </p>
      )}
      {chosen.length === 0 && <output className="field-help">Tick at least one. Until then all are open.</output>}
      {failure !== null && (
        <p className="field-error" role="alert">
          The interfaces cannot be read now: {failure}
        </p>
      )}
      {list?.every(({ kind }) => kind === 'loopback') === true && <p className="field-help">This machine has no network now: only its own browsers can watch.</p>}
      <Choices rows={outside} typed={typed.outside} {...choosing} />
      {loopback.length + typed.loopback.length > 0 && (
        <>
          <p className="interface-apart">For browsers on this machine alone</p>
          <Choices rows={loopback} typed={typed.loopback} {...choosing} />
        </>
      )}
      {!everywhere && <AddressForm add={(address, onSaved) => put(address, true, onSaved)} />}
    </fieldset>
  );
}
