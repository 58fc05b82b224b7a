/** What NtPowerInformation tells of all batteries together: SYSTEM_BATTERY_STATE (winnt.h), alike on x64 and arm64. Pure. */
import { Fields, layoutFault } from './fields';

/** SystemBatteryState of POWER_INFORMATION_LEVEL, and bytes of what it fills in. */
export const BATTERY_STATE = { number: 5, bytes: 32 } as const;

/** A level, and bytes of what it fills in. */
export type PowerClass = typeof BATTERY_STATE;

/** The batteries as one; null where the system does not know. */
export interface BatteryState {
  readonly onMains: boolean;
  readonly isPresent: boolean;
  readonly isCharging: boolean;
  readonly isDischarging: boolean;
  /** Milliwatt-hours when full and now; parts of an unknown whole where the battery is of that kind. */
  readonly full: number | null;
  readonly now: number | null;
  /** Milliwatts, negative while discharging. */
  readonly rate: number | null;
  /** Seconds until empty. */
  readonly timeLeft: number | null;
}

/** Values for unknown (poclass.h): BATTERY_UNKNOWN_CAPACITY and _TIME, BATTERY_UNKNOWN_RATE. */
const UNKNOWN = 0xffff_ffff;
const UNKNOWN_RATE = -0x8000_0000;

/** Throws a ParseError. */
export function parseBatteryState(bytes: Buffer): BatteryState {
  const fields = new Fields('SYSTEM_BATTERY_STATE', bytes);
  const flag = (at: number): boolean => {
    const value = fields.u8(at);
    if (value > 1) throw layoutFault(fields.structure, `${value} is no BOOLEAN`);
    return value === 1;
  };
  const known = (at: number): number | null => (fields.u32(at) === UNKNOWN ? null : fields.u32(at));
  const rate = fields.u32(16) | 0;
  return {
    onMains: flag(0),
    isPresent: flag(1),
    isCharging: flag(2),
    isDischarging: flag(3),
    full: known(8),
    now: known(12),
    rate: rate === UNKNOWN_RATE ? null : rate,
    timeLeft: known(20),
  };
}
