import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { OPINION_LIMITS, RULES } from "@sooth/markets/core";
import type { ReactNode } from "react";
import type { Network } from "../../api.ts";
import { Choice, LongTextField, SelectField, TextField } from "../../components/field.tsx";
import { formatDuration } from "../../format/time.ts";
import { RULE_WORDS } from "../opinion/rule-words.ts";
import {
  type Draft,
  DURATIONS,
  type Field,
  LOCAL_DURATIONS,
  NOBODY_TELLS,
  type Problems,
  revealSecondsOf,
} from "./draft.ts";

type Form = {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  /** What is said at the fields. */
  problems: Problems;
  network: Network;
};
/** What is asked for at once, and the fields whose problems keep one there. */
export type Part = {
  name: MessageDescriptor;
  title: MessageDescriptor;
  fields: readonly Field[];
  show: (form: Form) => ReactNode;
};
export const PARTS: readonly Part[] = [
  {
    name: msg`Statement`,
    title: msg`Statement`,
    fields: ["statement"],
    show: (form) => <StatementPart {...form} />,
  },
  {
    name: msg`Time`,
    title: msg`Time and stances`,
    fields: ["openSeconds", "hidden"],
    show: (form) => <TimePart {...form} />,
  },
  {
    name: msg`Money`,
    title: msg`Who is paid`,
    fields: ["rule", "leastStake", "mostStake", "mostInAll", "fee", "prize", "prizes"],
    show: (form) => <MoneyPart {...form} />,
  },
  {
    name: msg`Judges`,
    title: msg`Who judges, and for what`,
    fields: ["minConfidence", "reward"],
    show: (form) => <JudgesPart {...form} />,
  },
];

export const problemsIn = (part: Part, problems: Problems): string[] =>
  part.fields.flatMap((field) => problems[field] ?? []);

type Typed =
  | "fee"
  | "prize"
  | "prizes"
  | "leastStake"
  | "mostStake"
  | "mostInAll"
  | "minConfidence"
  | "reward";
const amountField = ({ draft, set, problems }: Form, name: Typed, after: string) => ({
  value: draft[name],
  after,
  inputMode: "decimal" as const,
  className: "num",
  error: problems[name],
  onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
});

function StatementPart({ draft, set, problems }: Form) {
  return (
    <LongTextField
      label={t`What people are for or against`}
      rows={3}
      room={{ most: OPINION_LIMITS.statementBytes, unit: "bytes" }}
      value={draft.statement}
      onChange={(event) => set({ statement: event.target.value })}
      error={problems.statement}
      hint={t`One sentence that one can be for or against.`}
    />
  );
}

function TimePart({ draft, set, problems, network: { hub, keeper } }: Form) {
  const durations = hub.local ? [...LOCAL_DURATIONS, ...DURATIONS] : DURATIONS;
  return (
    <div className="grid gap-4">
      <SelectField
        label={t`Open for`}
        value={String(draft.openSeconds)}
        onChange={(event) => set({ openSeconds: Number(event.target.value) })}
        hint={t`In the last tenth of it, an hour at most, only the smallest stake is taken.`}
      >
        {durations.map(({ seconds, label }) => (
          <option key={seconds} value={seconds}>
            {i18n._(label)}
          </option>
        ))}
      </SelectField>
      <Choice
        legend={t`While it is open, stances are`}
        value={draft.hidden ? "hidden" : "open"}
        onChange={(value) => set({ hidden: value === "hidden" })}
        error={problems.hidden}
        options={[
          { value: "open", label: t`Open`, hint: t`Everybody sees where the stakes stand.` },
          {
            value: "hidden",
            label: t`Hidden`,
            hint: keeper.tells
              ? t`Nobody can follow the crowd: each browser locks its stance, and the lock opens after closing. Judging starts ${formatDuration(revealSecondsOf(hub))} later.`
              : NOBODY_TELLS(),
            disabled: !keeper.tells,
          },
        ]}
      />
    </div>
  );
}

function MoneyPart(form: Form) {
  const { draft, set } = form;
  const { symbol } = form.network.collateral;
  return (
    <>
      <Choice
        legend={t`How nearness to the score counts`}
        columns={2}
        value={draft.rule}
        onChange={(rule) => set({ rule })}
        options={RULES.map((value) => ({
          value,
          label: i18n._(RULE_WORDS[value].name),
          hint: i18n._(RULE_WORDS[value].hint),
        }))}
      />
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        <TextField label={t`Smallest stake`} {...amountField(form, "leastStake", symbol)} />
        <TextField
          label={t`Largest stake`}
          {...amountField(form, "mostStake", symbol)}
          hint={t`One opinion an address.`}
        />
        <TextField
          label={t`Most in all`}
          {...amountField(form, "mostInAll", symbol)}
          hint={t`This server takes no stake beyond it. Providers who sign the score must have three times as much at stake, and the more it is, the longer it can be objected to.`}
        />
        <TextField
          label={t`Your fee`}
          {...amountField(form, "fee", "%")}
          hint={t`Of all stakes, at most 10. None when void.`}
        />
        <TextField
          label={t`Prizes`}
          {...amountField(form, "prize", "%")}
          hint={t`Of all stakes, drawn by odds; 0 switches the draw off.`}
        />
        <TextField
          label={t`Number of prizes`}
          {...amountField(form, "prizes", "")}
          hint={t`Equal ones, 1 to 16.`}
        />
      </div>
    </>
  );
}

function JudgesPart(form: Form) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={t`Least confidence`}
        {...amountField(form, "minConfidence", "%")}
        hint={t`Where less of the providers’ weight agrees on the score, the market is void.`}
      />
      <TextField
        label={t`Reward for judging`}
        {...amountField(form, "reward", form.network.collateral.symbol)}
        hint={t`Shared by the providers who sign the score. You get it back if no answer comes.`}
      />
    </div>
  );
}
