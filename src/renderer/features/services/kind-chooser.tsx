/** The choice of what a service is: one sentence about each kind. */
import { useId } from 'react';
import type { Service } from '../../../shared/services/service-schemas';
import { KIND_TEXTS } from '../../../shared/services/service-text';

type Kind = Service['kind'];

const KINDS = Object.keys(KIND_TEXTS) as readonly Kind[];

/** Radio buttons, so that arrow keys choose. */
export function KindChooser({ kind, onChoose }: { readonly kind: Kind; readonly onChoose: (kind: Kind) => void }) {
  const name = useId();
  return (
    <fieldset className="section form-section kinds">
      <legend>What to watch</legend>
      {KINDS.map((one) => (
        <div key={one} className="kind" data-chosen={one === kind || undefined}>
          <input type="radio" id={`${name}-${one}`} name={name} checked={one === kind} aria-describedby={`${name}-${one}-about`} onChange={() => onChoose(one)} />
          <label htmlFor={`${name}-${one}`}>{KIND_TEXTS[one].label}</label>
          <p id={`${name}-${one}-about`} className="field-help">
            {KIND_TEXTS[one].about}
          </p>
        </div>
      ))}
    </fieldset>
  );
}
