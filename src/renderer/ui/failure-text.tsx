/** Why an action failed, read out by screen readers when it appears; nothing without a failure. */
export function FailureText({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p className="field-error" role="alert">
      {text}
    </p>
  );
}
