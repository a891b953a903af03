import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { SecurityEvent } from "../../api.ts";
import { Hash } from "../../components/hash.tsx";
import { TimeAgo } from "../../components/time.tsx";

const SEVERITIES: Record<number, { text: MessageDescriptor; tone: string }> = {
  1: { text: msg`Notice`, tone: "text-ink-2" },
  2: { text: msg`Low`, tone: "text-ink-2" },
  3: { text: msg`Medium`, tone: "text-gold" },
  4: { text: msg`High`, tone: "text-bad" },
  5: { text: msg`Emergency`, tone: "text-bad" },
};
const STATES: Record<SecurityEvent["state"], MessageDescriptor> = {
  open: msg`not looked at yet`,
  triaged: msg`being looked at`,
  closed: msg`closed`,
};

/** Something that the monitor saw: how bad, what, and what was made of it. */
export function EventRow({ event }: { event: SecurityEvent }) {
  const { rule, severity, subject, summary, evidence, at, state, note } = event;
  const told = SEVERITIES[severity];
  return (
    <li className="grid gap-x-4 gap-y-1 py-3 sm:grid-cols-[7.5rem_minmax(0,1fr)_auto]">
      <p className={`flex items-center gap-2 text-sm font-semibold ${told?.tone ?? ""}`}>
        <span className="flex items-end gap-0.5" aria-hidden="true">
          {[1, 2, 3, 4, 5].map((level) => (
            <span
              key={level}
              className={`w-1 rounded-sm ${level <= severity ? "bg-current" : "bg-rule-2"}`}
              style={{ height: `${4 + level * 2}px` }}
            />
          ))}
        </span>
        {told ? i18n._(told.text) : t`Severity ${severity}`}
      </p>
      <div className="min-w-0">
        <p className="font-semibold">{summary}</p>
        <p className="text-sm text-ink-2">
          {rule}, {subject.startsWith("0x") ? <Hash value={subject} what={t`subject`} /> : subject}
          {evidence !== null && (
            <>
              ,{" "}
              <Trans>
                evidence <Hash value={evidence} what={t`evidence`} />
              </Trans>
            </>
          )}
        </p>
        {note !== null && <p className="mt-1 text-[0.9375rem]">{note}</p>}
      </div>
      <p className="text-sm text-ink-3 sm:text-right">
        <TimeAgo at={at} />
        <span className={`block ${state === "open" ? "font-semibold text-gold" : ""}`}>
          {i18n._(STATES[state])}
        </span>
      </p>
    </li>
  );
}
