import { t } from "@lingui/core/macro";
import { AppError } from "@sooth/kernel";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { parseAmount } from "../../format/amount.ts";
import { useCoinWords } from "./coin.tsx";
import { useChain } from "./use-chains.ts";

const DECIMALS = 18;
/** What can be done with the amount; `most`: what there is of it. */
type Deed = { name: string; most?: bigint; onDo: (wei: bigint) => void };

/** An amount of the hub's coin, to the wei, and what can be done with it; the first by Enter. */
export function CoinForm({
  label,
  deeds,
  children,
}: {
  label: string;
  deeds: readonly [Deed, ...Deed[]];
  children?: ReactNode;
}) {
  const chain = useChain()();
  const words = useCoinWords();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const act = ({ most, onDo }: Deed) => {
    const read = amountOf(text);
    const why =
      "problem" in read
        ? read.problem
        : most !== undefined && read.wei > most
          ? t`There are ${words(most)} only.`
          : undefined;
    setProblem(why);
    if ("wei" in read && why === undefined) onDo(read.wei);
  };
  const [first, ...others] = deeds;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act(first);
  };
  return (
    <form className="flex flex-wrap items-end gap-3" noValidate onSubmit={submit}>
      <div className="w-44">
        <TextField
          label={label}
          after={chain?.coin ?? ""}
          inputMode="decimal"
          className="num"
          value={text}
          onChange={({ target: { value } }) => setText(value)}
          error={problem}
        />
      </div>
      <Button type="submit">{first.name}</Button>
      {others.map((deed) => (
        <Button key={deed.name} onClick={() => act(deed)}>
          {deed.name}
        </Button>
      ))}
      {children}
    </form>
  );
}

function amountOf(text: string): { wei: bigint } | { problem: string } {
  try {
    const wei = parseAmount(text, DECIMALS);
    return wei > 0n ? { wei } : { problem: t`An amount, more than 0.` };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { problem: error.message };
  }
}
