/** Says in a list that this one watches at this moment. */
export function ConnectedNow() {
  return (
    <span className="lan-word" data-state="listening">
      Watching now
    </span>
  );
}
