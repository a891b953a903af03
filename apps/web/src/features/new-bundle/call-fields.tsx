import { t } from "@lingui/core/macro";
import { TextField, SelectField } from "../../components/field.tsx";
import type { Problems } from "./build-draft.ts";
import { functionOf } from "./argument.ts";
import type { CallDraft, Input } from "./draft.ts";

/** A step whose result may be taken: its number, and what it returns. */
export type Giver = { number: number; outputs: readonly string[] };

/** What a step returns, as its signature says; nothing where that cannot be read yet. */
export function outputsOf(signature: string): string[] {
  try {
    return functionOf(signature).outputs.map(
      ({ name, type }, index) => `${name || t`value ${index + 1}`} (${type})`,
    );
  } catch {
    return [];
  }
}

function inputsOf(signature: string): string[] {
  try {
    return functionOf(signature).inputs.map(
      ({ name, type }, index) => `${name || t`argument ${index + 1}`} (${type})`,
    );
  } catch {
    return [];
  }
}

const blank: Input = { text: "", from: "", output: "0" };

/** Target, function, arguments, value and gas of a call. */
export function CallFields({
  call,
  field,
  givers,
  problems,
  onChange,
  coin,
}: {
  call: CallDraft;
  field: string;
  givers: readonly Giver[];
  problems: Problems;
  onChange: (call: CallDraft) => void;
  /** Of the chain that it is on. */
  coin: string;
}) {
  const names = inputsOf(call.signature);
  const setInput = (index: number, change: Partial<Input>) => {
    const inputs = names.map((_, at) => call.inputs[at] ?? blank);
    onChange({ ...call, inputs: inputs.map((one, at) => (at === index ? { ...one, ...change } : one)) });
  };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div className="sm:col-span-2">
        <TextField
          label={t`Contract`}
          value={call.target}
          onChange={({ target: { value } }) => onChange({ ...call, target: value })}
          error={problems[`${field}.target`]}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-sm"
        />
      </div>
      <div className="sm:col-span-2">
        <TextField
          label={t`Function`}
          value={call.signature}
          onChange={({ target: { value } }) => onChange({ ...call, signature: value })}
          error={problems[`${field}.signature`]}
          placeholder="mint(address to, uint256 amount) returns (uint256 id)"
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-sm"
          hint={t`With its types, and with what it returns where a later step takes it.`}
        />
      </div>
      {names.map((name, index) => (
        <InputField
          key={name}
          {...{ name, givers }}
          input={call.inputs[index] ?? blank}
          error={problems[`${field}.inputs.${index}`]}
          onChange={(change) => setInput(index, change)}
        />
      ))}
      <TextField
        label={t`Value sent along`}
        after={coin}
        inputMode="decimal"
        className="num"
        value={call.value}
        onChange={({ target: { value } }) => onChange({ ...call, value })}
        error={problems[`${field}.value`]}
      />
      <TextField
        label={t`Gas`}
        inputMode="numeric"
        className="num"
        value={call.gas}
        onChange={({ target: { value } }) => onChange({ ...call, gas: value })}
        error={problems[`${field}.gas`]}
        hint={t`The call gets all of it.`}
      />
    </div>
  );
}

function InputField({
  name,
  input,
  givers,
  error,
  onChange,
}: {
  name: string;
  input: Input;
  givers: readonly Giver[];
  error: string | undefined;
  onChange: (change: Partial<Input>) => void;
}) {
  const offers = givers.flatMap(({ number, outputs }) =>
    outputs.map((output, index) => ({
      value: `${number}.${index}`,
      text: t`What step ${number + 1} returns: ${output}`,
    })),
  );
  const chosen = input.from === "" ? "" : `${input.from}.${input.output}`;
  return (
    <div className="grid content-start gap-2 sm:col-span-2 sm:grid-cols-2">
      {input.from === "" && (
        <TextField
          label={name}
          value={input.text}
          onChange={({ target: { value } }) => onChange({ text: value })}
          error={error}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-sm"
        />
      )}
      {(offers.length > 0 || input.from !== "") && (
        <SelectField
          label={input.from === "" ? t`Where ${name} comes from` : name}
          value={chosen}
          error={input.from === "" ? undefined : error}
          onChange={({ target: { value } }) => {
            const [from = "", output = "0"] = value.split(".");
            onChange({ from, output });
          }}
        >
          <option value="">{t`What is written here`}</option>
          {offers.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </SelectField>
      )}
    </div>
  );
}
