/** The runtime's names and versions, for the Host page. */
export function formatRuntime(): string {
  const { electron, node, chrome } = process.versions;
  return `Electron ${electron}, Node ${node}, Chromium ${chrome ?? '?'}`;
}
