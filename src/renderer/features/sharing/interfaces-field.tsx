/** Choice of the network interfaces on which the server listens. */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { LanSettings } from '../../../shared/sharing/lan-settings';
import { KIND_LABELS, rowsOf, withChoice } from './interface-rows';
import type { AddressRow, InterfaceRow } from './interface-rows';
import { useInterfaces } from './use-interfaces';
import { useSettingsUpdate } from '../../app/setting-inputs';
import { FailureText } from '../../ui/failure-text';

interface ChoiceProps {
  /** All interfaces are selected: single ones cannot be deselected. */
  readonly locked: boolean;
  readonly toggle: (choice: string, on: boolean) => void;
}

function Choice({ choice, checked, locked, toggle, children }: ChoiceProps & { readonly choice: string; readonly checked: boolean; readonly children: ReactNode }) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} disabled={locked} onChange={(event) => toggle(choice, event.target.checked)} />
      <span>{children}</span>
    </label>
  );
}

/** The URL at each address. */
function Urls({ addresses, checked }: Pick<InterfaceRow, 'addresses' | 'checked'>) {
  return (
    <ul className={checked ? 'interface-urls' : 'interface-urls quiet'}>
      {addresses.map(({ address, family, url }) => (
        <li key={address}>
          <span className="quiet">IPv{family}</span>
          <span>
            <code>{url ?? address}</code>
            {url === null && <span className="quiet"> link-local, not reachable from browsers</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function InterfaceChoice({ row, ...choosing }: ChoiceProps & { readonly row: InterfaceRow }) {
  const { choice, name, kind, checked, addresses } = row;
  return (
    <li>
      <Choice choice={choice} checked={checked} {...choosing}>
        <strong>{name}</strong> <span className="quiet">{kind === null ? 'Not connected' : KIND_LABELS[kind]}</span>
      </Choice>
      {kind === null && <p className="interface-gone">{checked ? 'Resumes automatically when it is back.' : 'Removed when you leave this page.'}</p>}
      <Urls addresses={addresses} checked={checked} />
    </li>
  );
}

function TypedChoice({ row: { choice, checked, on }, ...choosing }: ChoiceProps & { readonly row: AddressRow }) {
  return (
    <li>
      <Choice choice={choice} checked={checked} {...choosing}>
        <strong>{choice}</strong> <span className="quiet">{on === null ? 'Not connected' : `Address on ${on}`}</span>
      </Choice>
      {on === null && checked && <p className="interface-gone">No interface has this address. Resumes automatically when it is back.</p>}
    </li>
  );
}

function Choices({ rows, typed, ...choosing }: ChoiceProps & { readonly rows: readonly InterfaceRow[]; readonly typed: readonly AddressRow[] }) {
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

/** Adds a single IP address: one of several of an interface, or one that is assigned later. */
function AddressForm({ add }: { readonly add: (address: string, onSaved: () => void) => void }) {
  const [text, setText] = useState('');
  const id = useId();
  return (
    <details className="lan-fingerprint">
      <summary>Add an IP address</summary>
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
        <p className="field-help">A single address, also one assigned later (VPN).</p>
      </form>
    </details>
  );
}

/** The chosen interfaces; changes are saved at once, but an empty choice is refused. */
function useChoice({ addresses }: LanSettings) {
  const { failure, save } = useSettingsUpdate();
  /** "Selected interfaces only" was chosen and none is selected yet; nothing is saved until then. */
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
  const setChosen = (choice: string, on: boolean, onSaved?: () => void): void => {
    const next = withChoice(chosen === 'all' ? [] : chosen, choice, on);
    if (next.length === 0) setRefusal('Keep at least one selected, or turn sharing off.');
    else store(next, onSaved);
    if (!on) setKept((before) => [...new Set([...before, choice])]);
  };
  return { chosen, kept, failure: refusal ?? failure, setChosen, chooseAll: () => store('all'), chooseSome: () => setUndecided(addresses === 'all') };
}

/** The choice: all interfaces, or some of those the machine has. */
export function InterfacesField({ lan }: { readonly lan: LanSettings }) {
  const { list, failure } = useInterfaces();
  const { chosen, kept, failure: refusal, setChosen, chooseAll, chooseSome } = useChoice(lan);
  const name = useId();
  const everywhere = chosen === 'all';
  const choosing: ChoiceProps = { locked: everywhere, toggle: setChosen };
  const { outside, loopback, typed } = rowsOf(chosen, list ?? [], kept);
  return (
    <fieldset className="field field-wide interfaces">
      <legend>Network interfaces</legend>
      <p className="field-help interface-scope">Choose the networks this machine can be reached from.</p>
      <div>
        <label className="check">
          <input type="radio" name={name} checked={everywhere} onChange={chooseAll} />
          <span>
            All interfaces <span className="quiet">including future ones</span>
          </span>
        </label>
        <label className="check">
          <input type="radio" name={name} checked={!everywhere} onChange={chooseSome} />
          <span>
            Selected interfaces only
          </span>
        </label>
      </div>
      <FailureText text={refusal} />
      {chosen.length === 0 && <output className="field-help">Select at least one. Until then all interfaces are open.</output>}
      {failure !== null && (
        <p className="field-error" role="alert">
          Couldn’t load interfaces: {failure}
        </p>
      )}
      {list?.every(({ kind }) => kind === 'loopback') === true && <p className="field-help">No network. Only browsers on this machine can connect.</p>}
      <Choices rows={outside} typed={typed.outside} {...choosing} />
      {loopback.length + typed.loopback.length > 0 && (
        <>
          <p className="interface-apart">This machine only</p>
          <Choices rows={loopback} typed={typed.loopback} {...choosing} />
        </>
      )}
      {!everywhere && <AddressForm add={(address, onSaved) => setChosen(address, true, onSaved)} />}
    </fieldset>
  );
}
