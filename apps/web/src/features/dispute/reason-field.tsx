import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { MOST_REASON_BYTES, reasonComplaint } from "@sooth/oracle/core";
import { LongTextField } from "../../components/field.tsx";
import { roomWords } from "../../format/room.ts";

const ROOM = { most: MOST_REASON_BYTES, unit: "bytes" } as const;

/** Why a reason cannot be handed over as it stands, or undefined; who gives none is free to. */
export function reasonProblem(why: string): string | undefined {
  const text = why.trim();
  if (text === "") return undefined;
  const over = roomWords(text, ROOM).over;
  if (over !== undefined) return over;
  return reasonComplaint(text) === null ? undefined : t`It holds characters that are no text.`;
}

/** Why somebody objects or appeals. `tried`: he went on although it does not hold. */
export function ReasonField({
  hint,
  value,
  tried,
  onChange,
}: {
  hint: string;
  value: string;
  tried: boolean;
  onChange: (why: string) => void;
}) {
  return (
    <LongTextField
      label={t`Why (optional)`}
      hint={hint}
      room={ROOM}
      className="min-h-24"
      error={tried ? reasonProblem(value) : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Beside the button that it holds up. */
export function ReasonHeld({ why, tried }: { why: string; tried: boolean }) {
  const problem = tried ? reasonProblem(why) : undefined;
  if (problem === undefined) return null;
  return (
    <p role="alert" className="text-sm font-medium text-bad">
      <Trans>The reason: {problem}</Trans>
    </p>
  );
}
