/** A secret of a service: it goes in, and is never shown again. */
import { FormField } from '../../ui/form-fields';
import type { SecretDraft } from './service-draft';

interface SecretInputProps {
  readonly id?: string;
  readonly describedBy?: string;
  /** Accessible name where no label is beside it. */
  readonly name?: string;
  /** What the secret is, for the names of the buttons. */
  readonly subject: string;
  readonly secret: SecretDraft;
  /** What is stored was given for another place, and is as good as not there. */
  readonly isMoved: boolean;
  readonly isInvalid: boolean;
  /** Whether the service can do without it. */
  readonly isOptional: boolean;
  readonly onEdit: (secret: SecretDraft) => void;
}

/** "Stored" with Replace and Remove; an input once it is replaced, and where none is stored. */
export function SecretInput({ id, describedBy, name, subject, secret, isMoved, isInvalid, isOptional, onEdit }: SecretInputProps) {
  const { isStored, text } = secret;
  const isThere = isStored && !isMoved;
  if (isThere && text === null) {
    return (
      <span className="secret-stored">
        <span className="quiet">Stored</span>
        <button type="button" aria-label={`Replace ${subject}`} onClick={() => onEdit({ isStored, text: '' })}>
          Replace
        </button>
        {isOptional && (
          <button type="button" aria-label={`Remove ${subject}`} onClick={() => onEdit({ isStored: false, text: '' })}>
            Remove
          </button>
        )}
      </span>
    );
  }
  return (
    <span className="secret-stored">
      <input id={id} type="password" autoComplete="new-password" spellCheck={false} maxLength={4000} aria-label={name} aria-describedby={describedBy} aria-invalid={isInvalid} value={text ?? ''} onChange={({ target }) => onEdit({ isStored, text: target.value })} />
      {isThere && (
        <button type="button" aria-label={`Keep the stored ${subject}`} onClick={() => onEdit({ isStored, text: null })}>
          Keep stored
        </button>
      )}
    </span>
  );
}

/** Why a stored secret has to be entered again; nothing where none is stored, or all stays where it was. */
export function MovedNote({ isMoved, secrets }: { readonly isMoved: boolean; readonly secrets: readonly SecretDraft[] }) {
  if (!isMoved || !secrets.some(({ isStored }) => isStored)) return null;
  return (
    <output className="secret-moved">
      The stored secrets were entered for another target, or another check of its certificate. They are not sent to this one: enter them again.
    </output>
  );
}

/** Where secrets are. */
export const SECRET_HELP = 'Kept in the system’s key store; never shown again, never exported.';

/** A secret with its label. */
export function SecretField({ label, problem, ...input }: Omit<SecretInputProps, 'id' | 'describedBy' | 'name' | 'isInvalid'> & { readonly label: string; readonly problem: string | undefined }) {
  return (
    <FormField label={label} help={SECRET_HELP} problem={problem}>
      {(id, describedBy) => <SecretInput id={id} describedBy={describedBy} isInvalid={problem !== undefined} {...input} />}
    </FormField>
  );
}
