import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "../../components/button.tsx";
import { Choice, SelectField, TextField } from "../../components/field.tsx";
import { PlusIcon } from "../../components/icons.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { chainsOf } from "../bundle/use-chains.ts";
import type { Problems } from "./build-draft.ts";
import { CallFields, type Giver, outputsOf } from "./call-fields.tsx";
import { type Draft, newStep, type Step, withoutStep } from "./draft.ts";

const MOST_STEPS = 16;
type Props = { draft: Draft; set: (change: Partial<Draft>) => void; problems: Problems };

/** Calls that follow each other across chains, with what undoes each. */
export function StepsPart({ draft, set, problems }: Props) {
  const { steps } = draft;
  const change = (number: number, part: Partial<Step>) =>
    set({ steps: steps.map((step, index) => (index === number ? { ...step, ...part } : step)) });
  const givers = steps.map(({ kind, call }, number): Giver => ({
    number,
    outputs: kind === "call" ? outputsOf(call.signature) : [],
  }));
  return (
    <div className="grid gap-6">
      {steps.map((step, number) => (
        <StepCard
          // Steps are known by their number alone, here and to those that name them.
          // oxlint-disable-next-line react/no-array-index-key
          key={number}
          {...{ step, number, problems, givers }}
          onChange={(part) => change(number, part)}
          onRemove={steps.length > 1 ? () => set({ steps: withoutStep(steps, number) }) : undefined}
        />
      ))}
      {steps.length < MOST_STEPS && (
        <Button
          className="w-fit"
          onClick={() => set({ steps: [...steps, newStep(steps.at(-1)?.chainId ?? "", steps.length)] })}
        >
          <PlusIcon />
          {t`Add a step`}
        </Button>
      )}
    </div>
  );
}

type CardProps = {
  step: Step;
  number: number;
  problems: Problems;
  givers: readonly Giver[];
  onChange: (part: Partial<Step>) => void;
  onRemove: (() => void) | undefined;
};

function StepCard({ step, number, problems, givers, onChange, onRemove }: CardProps) {
  const network = useNetwork();
  const field = `steps.${number}`;
  const coin = chainsOf(network).find(({ chainId }) => String(chainId) === step.chainId)?.coin ?? "";
  return (
    <section className="panel grid gap-4 p-4 sm:p-5" aria-label={t`Step ${number + 1}`}>
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="text-base font-bold">
          <Trans>Step {number + 1}</Trans>
        </h2>
        {onRemove && (
          <Button size="small" look="plain" onClick={onRemove}>
            <Trans>
              Remove<span className="sr-only"> step {number + 1}</span>
            </Trans>
          </Button>
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t`On`}
          value={step.chainId}
          onChange={({ target: { value } }) => onChange({ chainId: value })}
        >
          {chainsOf(network).map(({ chainId, title }) => (
            <option key={chainId} value={chainId}>
              {title}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t`What it does`}
          value={step.kind}
          onChange={({ target: { value } }) => onChange({ kind: value as Step["kind"] })}
        >
          <option value="call">{t`Calls a contract`}</option>
          <option value="value">{t`Sends value alone`}</option>
        </SelectField>
      </div>
      {step.kind === "call" ? (
        <>
          <CallFields
            call={step.call}
            field={`${field}.call`}
            givers={givers.slice(0, number)}
            problems={problems}
            onChange={(call) => onChange({ call })}
            coin={coin}
          />
          <Choice
            legend={t`Called from`}
            value={step.fromAccount ? "account" : "shared"}
            onChange={(value) => onChange({ fromAccount: value === "account" })}
            options={[
              {
                value: "shared",
                label: t`A contract that holds nothing`,
                hint: t`For calls that anybody may make. Who relays brings the value.`,
              },
              {
                value: "account",
                label: t`Your own account there`,
                hint: t`The same address on every chain. It pays what it sends, and others see it as the caller.`,
              },
            ]}
          />
        </>
      ) : (
        <ValueFields {...{ step, field, problems, onChange, coin }} />
      )}
      {number > 0 && <After {...{ step, number, onChange }} />}
      {number > 0 && (
        <ConditionFields {...{ step, field, problems, onChange }} givers={givers.slice(0, number)} />
      )}
      <UndoFields {...{ step, field, problems, onChange, coin }} givers={givers.slice(0, number + 1)} />
    </section>
  );
}

type PartProps = Pick<CardProps, "step" | "problems" | "onChange"> & { field: string };

function ValueFields({ step, field, problems, onChange, coin }: PartProps & { coin: string }) {
  const set = (change: Partial<Step["call"]>) => onChange({ call: { ...step.call, ...change } });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div className="sm:col-span-2">
        <TextField
          label={t`To`}
          value={step.call.target}
          onChange={({ target: { value } }) => set({ target: value })}
          error={problems[`${field}.call.target`]}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-sm"
        />
      </div>
      <TextField
        label={t`Value`}
        after={coin}
        inputMode="decimal"
        className="num"
        value={step.call.value}
        onChange={({ target: { value } }) => set({ value })}
        error={problems[`${field}.call.value`]}
        hint={t`Who relays brings it, so the fee has to be worth more.`}
      />
      <TextField
        label={t`Gas`}
        inputMode="numeric"
        className="num"
        value={step.call.gas}
        onChange={({ target: { value } }) => set({ gas: value })}
        error={problems[`${field}.call.gas`]}
      />
    </div>
  );
}

const CHECK = "flex min-h-9 items-center gap-2 text-[0.9375rem]";
const BOX = "size-4 accent-(--accent)";

function After({ step, number, onChange }: Pick<CardProps, "step" | "number" | "onChange">) {
  return (
    <fieldset>
      <legend className="text-sm font-semibold">{t`Runs after these ran well`}</legend>
      <div className="flex flex-wrap gap-x-6">
        {Array.from({ length: number }, (_, before) => String(before)).map((before) => (
          <label key={before} className={CHECK}>
            <input
              type="checkbox"
              className={BOX}
              checked={step.after.includes(before)}
              onChange={({ target: { checked } }) =>
                onChange({
                  after: checked ? [...step.after, before] : step.after.filter((one) => one !== before),
                })
              }
            />
            <Trans>Step {Number(before) + 1}</Trans>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function ConditionFields({
  step,
  field,
  problems,
  givers,
  onChange,
}: PartProps & { givers: readonly Giver[] }) {
  const { condition } = step;
  const set = (change: Partial<Step["condition"]>) => onChange({ condition: { ...condition, ...change } });
  const offers = givers.flatMap(({ number, outputs }) =>
    outputs.map((output, index) => ({ value: `${number}.${index}`, text: t`Step ${number + 1}: ${output}` })),
  );
  if (offers.length === 0 && !step.hasCondition) return null;
  return (
    <div className="grid gap-3">
      <label className={CHECK}>
        <input
          type="checkbox"
          className={BOX}
          checked={step.hasCondition}
          onChange={({ target: { checked } }) => onChange({ hasCondition: checked })}
        />
        <Trans>Only if an earlier step returned what I want</Trans>
      </label>
      {step.hasCondition && (
        <div className="grid gap-4 sm:grid-cols-3">
          <SelectField
            label={t`What was returned`}
            value={condition.from === "" ? "" : `${condition.from}.${condition.output}`}
            error={problems[`${field}.condition`]}
            onChange={({ target: { value } }) => {
              const [from = "", output = "0"] = value.split(".");
              set({ from, output });
            }}
          >
            <option value="">{t`Choose`}</option>
            {offers.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t`Is to`}
            value={condition.comparison}
            onChange={({ target: { value } }) => set({ comparison: value as "equal" })}
          >
            <option value="at_least">{t`be at least`}</option>
            <option value="at_most">{t`be at most`}</option>
            <option value="equal">{t`equal`}</option>
          </SelectField>
          <TextField
            label={t`This`}
            value={condition.value}
            onChange={({ target: { value } }) => set({ value })}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-sm"
          />
        </div>
      )}
    </div>
  );
}

function UndoFields({
  step,
  field,
  problems,
  givers,
  onChange,
  coin,
}: PartProps & { givers: readonly Giver[]; coin: string }) {
  return (
    <div className="grid gap-3 border-t border-dashed border-rule-2 pt-3">
      <label className={CHECK}>
        <input
          type="checkbox"
          className={BOX}
          checked={step.hasUndo}
          onChange={({ target: { checked } }) => onChange({ hasUndo: checked })}
        />
        <Trans>Undo it when the bundle is called off</Trans>
      </label>
      {step.hasUndo ? (
        <CallFields
          call={step.undo}
          field={`${field}.undo`}
          givers={givers}
          problems={problems}
          onChange={(undo) => onChange({ undo })}
          coin={coin}
        />
      ) : (
        <p className="text-sm text-ink-2">{t`Otherwise it stays as it is, whatever becomes of the others.`}</p>
      )}
    </div>
  );
}
