import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { TypedData } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { LongTextField, SelectField } from "../../components/field.tsx";
import { Hash } from "../../components/hash.tsx";
import { shortHex } from "../../format/hex.ts";
import { characters } from "../../format/room.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

/** A Safe signs in its own app, and a cold key where no browser is: what comes of it is pasted here. */
export function SignedElsewhere({
  digest,
  typedData,
  missing,
  busy,
  onHand,
}: {
  digest: string;
  typedData: TypedData | null;
  /** Members who have not signed it. */
  missing: readonly string[];
  busy: boolean;
  onHand: (member: string, signature: string) => void;
}) {
  const names = useWalletNames();
  const [chosen, setChosen] = useState("");
  const [signature, setSignature] = useState("");
  const member = missing.includes(chosen) ? chosen : (missing[0] ?? "");
  const text = signature.trim();
  const isHex = /^0x([0-9a-fA-F]{2})+$/.test(text);
  if (missing.length === 0) return null;
  return (
    <details className="text-[0.9375rem]">
      <summary className="cursor-pointer font-semibold text-accent">{t`Signed elsewhere, or by a Safe`}</summary>
      <div className="mt-3 grid gap-3">
        <p className="text-ink-2">
          <Trans>
            What is signed hashes to <Hash value={digest} what={t`digest`} />. A Safe’s owners sign that hash
            as a message of their Safe.
          </Trans>
        </p>
        <details>
          <summary className="cursor-pointer">{t`Typed data (EIP-712)`}</summary>
          <pre className="mt-2 max-h-64 overflow-auto rounded-md bg-sunken p-3 text-xs">
            {JSON.stringify(typedData, null, 2)}
          </pre>
        </details>
        <SelectField label={t`Member`} value={member} onChange={(event) => setChosen(event.target.value)}>
          {missing.map((each) => (
            <option key={each} value={each}>
              {names(each) ?? shortHex(each)}
            </option>
          ))}
        </SelectField>
        <LongTextField
          label={t`Signature`}
          rows={2}
          room={characters(8_194)}
          value={signature}
          className="font-mono text-sm"
          placeholder="0x…"
          error={text !== "" && !isHex ? t`A signature is 0x and hex digits, two a byte.` : undefined}
          onChange={(event) => setSignature(event.target.value)}
        />
        <Button disabled={!isHex} busy={busy} onClick={() => onHand(member, text)}>{t`Hand it over`}</Button>
      </div>
    </details>
  );
}
