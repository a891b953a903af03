import { t } from "@lingui/core/macro";
import { TextField } from "../../components/field.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { isMany } from "./draft.ts";
import type { FormPart } from "./form.ts";

/** What the question costs its asker and what the market earns its creator. */
export function MoneyPart({ draft, set, problems }: FormPart) {
  const { collateral } = useNetwork();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={t`Reward for the answer`}
        inputMode="decimal"
        className="num"
        after={collateral.symbol}
        value={draft.reward}
        onChange={(event) => set({ reward: event.target.value })}
        error={problems.reward}
        hint={t`Shared by the providers who sign. You get it back if no answer comes.`}
      />
      <TextField
        label={t`Depends on it elsewhere (optional)`}
        inputMode="decimal"
        className="num"
        after={collateral.symbol}
        value={draft.secures}
        onChange={(event) => set({ secures: event.target.value })}
        error={problems.secures}
        hint={t`The most that contracts of others will pay by the answer. Those who sign must have three times as much at stake, and objecting costs more.`}
      />
      <TextField
        label={t`Watcher (optional)`}
        className="num"
        placeholder="0x…"
        spellCheck={false}
        autoComplete="off"
        value={draft.watcher}
        onChange={(event) => set({ watcher: event.target.value })}
        error={problems.watcher}
        hint={t`An address that may put the answer off, once, for as long as it can be objected to. It changes nothing else, and your wallet sends one call more.`}
      />
      {!isMany(draft) && (
        <TextField
          label={t`Your fee`}
          inputMode="decimal"
          className="num"
          after="%"
          value={draft.fee}
          onChange={(event) => set({ fee: event.target.value })}
          error={problems.fee}
          hint={t`Of the losing stakes only, at most 10. None when the market is void.`}
        />
      )}
    </div>
  );
}
