/** Status of a browser or token that is receiving live data. */
export function ConnectedNow() {
  return (
    <span className="lan-status" data-state="listening">
      Connected now
    </span>
  );
}
