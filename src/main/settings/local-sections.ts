/** Settings that only the desktop may change. */
import { REFUSALS } from '../../shared/api/refusals';
import type { Caller } from '../../shared/api/dispatch';
import { CallError } from '../../shared/result';
import { LOCAL_SECTIONS } from '../../shared/settings/settings-schema';
import type { SettingsPatch } from '../../shared/settings/settings-schema';

/** Throws a CallError when somebody else than the desktop wants to change one of them. */
export function refuseLocalSections(patch: SettingsPatch, { role }: Caller): void {
  const refused = LOCAL_SECTIONS.find((section) => patch[section] !== undefined);
  if (role !== 'local' && refused !== undefined) throw new CallError('Forbidden', REFUSALS.local);
}
