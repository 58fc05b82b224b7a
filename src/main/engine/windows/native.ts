/** The functions of Windows that are called, and how each is declared. Pure: bind.win32.ts makes callable what is declared here. */

/** Handles and addresses are numbers of 64 bits; a buffer is passed by its address, and must be kept until the call has ended. */
export type Argument = number | bigint | Buffer | null;

/** A bound function. What it returns is a number: a status, a count, a handle, 0 for false. */
export interface NativeFunction {
  (...values: readonly Argument[]): number;
  /** The same off the main thread. */
  later(...values: readonly Argument[]): Promise<number>;
}

/** Result and parameters: u a number of 32 bits, h one of 64 (handle, size), p a pointer. */
type Signature = `${'u' | 'h'}:${string}`;

/** By library, as the headers of Windows declare them. */
export const SIGNATURES = {
  'iphlpapi.dll': {
    GetIfTable2: 'u:p',
    FreeMibTable: 'u:h',
    GetIfEntry2: 'u:p',
    GetExtendedTcpTable: 'u:ppuuuu',
    GetExtendedUdpTable: 'u:ppuuuu',
  },
  'ntdll.dll': {
    NtQuerySystemInformation: 'u:upup',
    NtPowerInformation: 'u:upupu',
    NtQueryInformationProcess: 'u:hupup',
    RtlMoveMemory: 'u:phh',
  },
  'kernel32.dll': {
    CloseHandle: 'u:h',
    CreateFileW: 'h:puupuuh',
    DeviceIoControl: 'u:hupupupp',
    FindFirstVolumeW: 'h:pu',
    FindNextVolumeW: 'u:hpu',
    FindVolumeClose: 'u:h',
    GetDriveTypeW: 'u:p',
    GetLogicalDrives: 'u:',
    GetVolumeInformationW: 'u:ppuppppu',
    GetVolumePathNamesForVolumeNameW: 'u:ppup',
    K32GetPerformanceInfo: 'u:pu',
    OpenProcess: 'h:uuu',
    QueryDosDeviceW: 'u:ppu',
    QueryUnbiasedInterruptTime: 'u:p',
  },
  'advapi32.dll': {
    GetTokenInformation: 'u:hupup',
    OpenProcessToken: 'u:hup',
  },
  'pdh.dll': {
    PdhAddEnglishCounterW: 'u:hphp',
    PdhCloseQuery: 'u:h',
    PdhCollectQueryData: 'u:h',
    PdhGetFormattedCounterArrayW: 'u:huppp',
    PdhOpenQueryW: 'u:php',
  },
} as const satisfies Record<string, Record<string, Signature>>;

type Libraries = typeof SIGNATURES;
/** Names of all functions. */
export type FunctionName = { [Library in keyof Libraries]: keyof Libraries[Library] }[keyof Libraries];

/** All functions, bound, and the address of a buffer's bytes. */
export type NativeLibrary = Readonly<Record<FunctionName, NativeFunction>> & { addressOf(buffer: Buffer): bigint };

/** Text as most functions take it: UTF-16 that ends with NUL. */
export const wide = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');

/** A number or a handle that a function fills in. */
export const outNumber = (): Buffer => Buffer.alloc(8);

/** A handle that was filled in. */
export const handleIn = (out: Buffer): bigint => out.readBigUInt64LE(0);
