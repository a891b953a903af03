import type { QuestionDetail } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { Section } from "../../components/page.tsx";
import { formatAbsolute, formatDuration } from "../../format/time.ts";
import { Reason } from "../dispute/dispute-card.tsx";

/** Who may put the answer off, or did, when and why; nothing where nobody was named. */
export function Watched({ question }: { question: QuestionDetail }) {
  const { watcher, veto, liveness, status } = question;
  if (veto !== null)
    return (
      <Section title="Put off by its watcher">
        <p className="max-w-[68ch]">
          <Hash value={veto.watcher} what="watcher" /> put the answer off on {formatAbsolute(veto.at)}, in{" "}
          <Hash value={veto.transaction} what="transaction" />: final on {formatAbsolute(veto.finalizeAt)}{" "}
          unless somebody objected. It can do so once, and changes nothing else.
        </p>
        {veto.reason && (
          <div className="mt-3 max-w-[68ch]">
            <Reason reason={veto.reason} whose="in the watcher's words" />
          </div>
        )}
      </Section>
    );
  if (watcher === null || status === "final" || status === "invalid") return null;
  return (
    <Section title="Watched">
      <p className="max-w-[68ch] text-ink-2">
        <Hash value={watcher} what="watcher" /> was named by who asked, and may put the answer off once, by{" "}
        {formatDuration(liveness)} at most, so that others look and object.
      </p>
    </Section>
  );
}
