/** Names and versions of the runtime, for the System page. */
export function formatRuntime(): string {
  const { electron, node, chrome } = process.versions;
  return `Electron ${electron}, Node ${node}, Chromium ${chrome ?? '?'}`;
}
