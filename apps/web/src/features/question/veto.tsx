import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
      <Section title={t`Put off by its watcher`}>
        <p className="max-w-[68ch]">
          <Trans>
            <Hash value={veto.watcher} what={t`watcher`} /> put the answer off on {formatAbsolute(veto.at)},
            in <Hash value={veto.transaction} what={t`transaction`} />: final on{" "}
            {formatAbsolute(veto.finalizeAt)} unless somebody objected. It can do so once, and changes nothing
            else.
          </Trans>
        </p>
        {veto.reason && (
          <div className="mt-3 max-w-[68ch]">
            <Reason reason={veto.reason} whose={t`in the watcher's words`} />
          </div>
        )}
      </Section>
    );
  if (watcher === null || status === "final" || status === "invalid") return null;
  return (
    <Section title={t`Watched`}>
      <p className="max-w-[68ch] text-ink-2">
        <Trans>
          <Hash value={watcher} what={t`watcher`} /> was named by who asked, and may put the answer off once,
          by {formatDuration(liveness)} at most, so that others look and object.
        </Trans>
      </p>
    </Section>
  );
}
