import { isUnserved } from "../api-disputes.ts";
import { Empty, Failure } from "./states.tsx";

/** A failed read; a server that does not offer it at all is told from one that could not answer. */
export function FailureOrUnserved({
  error,
  what,
  retry,
}: {
  error: Error;
  /** What this server does not tell: "disputes". */
  what: string;
  retry: () => void;
}) {
  if (!isUnserved(error)) return <Failure error={error} retry={retry} />;
  return (
    <Empty title="Not available here">
      This server does not tell of {what}. What the contracts hold can still be read from the chain.
    </Empty>
  );
}
