import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { api, type ProviderDetail } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { type ChosenKey, choiceOf, KeyFields, useKeyChoice } from "./key-choice.tsx";
import { PreparedDialog } from "./prepared-dialog.tsx";
import { preparedWith } from "./shown-key.ts";

/** Another key signs from the next epoch on. Signatures that the old one gave stay checkable. */
export function RotateDialog({ provider, onClose }: { provider: ProviderDetail; onClose: () => void }) {
  const { owner } = provider;
  const choice = useKeyChoice(owner);
  const [chosen, setChosen] = useState<ChosenKey>();
  const [problem, setProblem] = useState<string>();
  const prepare = chosen && {
    key: [owner, chosen.signer],
    run: () => preparedWith(chosen, (key) => api.prepareRotate({ owner, ...key })),
  };
  const take = () => {
    const read = choiceOf(choice.draft, owner);
    setProblem("problem" in read ? read.problem : undefined);
    if ("chosen" in read) setChosen(read.chosen);
  };
  return (
    <PreparedDialog
      title={t`Change the signing key`}
      press={t`Change it`}
      done={t`The new key signs from the next epoch on. Keep the old one running until then.`}
      rules={provider.rules}
      prepare={prepare}
      onClose={onClose}
    >
      {chosen ? (
        <p className="text-[0.9375rem]">
          <Trans>
            Reports are signed by <code className="font-mono text-sm break-all">{chosen.signer}</code>.{" "}
            <button type="button" className="font-semibold text-accent" onClick={() => setChosen(undefined)}>
              Choose another
            </button>
          </Trans>
        </p>
      ) : (
        <>
          <KeyFields choice={choice} problem={problem} />
          <Button onClick={take}>{t`Use this key`}</Button>
        </>
      )}
    </PreparedDialog>
  );
}
