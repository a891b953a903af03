import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { AlertIcon } from "../../components/icons.tsx";
import { useSettled } from "../create/use-settled.ts";
import { rejectionWords } from "./label-words.ts";

/**
 * While somebody writes: why analysts would not count these words, by the very rule that they have. The rule comes with the first word
 * that is written: who only reads the page needs none of it. It stops nobody.
 */
export function WouldCount({ statement, text }: { statement: string; text: string }) {
  const settled = useSettled(text);
  const isWritten = settled.trim() !== "";
  const rules = useQuery({
    queryKey: ["rules of rejection"],
    queryFn: () => import("@sooth/markets/rejection"),
    enabled: isWritten,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const why = isWritten && settled === text ? (rules.data?.rejectionOf(statement, settled) ?? null) : null;
  return (
    <div aria-live="polite">
      {why !== null && (
        <p className="mt-3 flex gap-2.5 rounded-md bg-gold-wash px-3 py-2 text-[0.9375rem]">
          <AlertIcon className="mt-0.5 shrink-0 text-lg text-gold" />
          {t`Analysts would not count this: ${rejectionWords(why)}.`}
        </p>
      )}
    </div>
  );
}
