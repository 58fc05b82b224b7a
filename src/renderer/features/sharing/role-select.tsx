/** Select of the role that an account or a paired browser has. */
import { useId } from 'react';
import type { Device } from '../../../shared/sharing/access-schemas';

interface RoleSelectProps {
  /** Whose role it is, for screen readers. */
  readonly name: string;
  readonly role: Device['role'];
  readonly onChoose: (role: Device['role']) => void;
}

/** The select and its label, which only screen readers have. */
export function RoleSelect({ name, role, onChoose }: RoleSelectProps) {
  const id = useId();
  return (
    <>
      <label className="sr" htmlFor={id}>
        Role of {name}
      </label>
      <select id={id} value={role} onChange={(event) => onChoose(event.target.value as Device['role'])}>
        <option value="viewer">Viewer</option>
        <option value="admin">Admin</option>
      </select>
    </>
  );
}
