/** Names and versions of the runtime, for the System page; of plain Node where it is not Electron. */
export function formatRuntime({ electron, node, chrome }: Readonly<Record<string, string | undefined>> = process.versions): string {
  return electron === undefined ? `Node ${node}` : `Electron ${electron}, Node ${node}, Chromium ${chrome ?? '?'}`;
}
