import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Command } from "../../components/command.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { nodeCommand } from "./node-command.ts";

/** How the node is started that signs for this provider. `saved`: the key that was made in a page, and saved. */
export function RunNode({ saved }: { saved: string | undefined }) {
  const { hub } = useNetwork();
  const { chainId, local } = hub;
  return (
    <div className="grid gap-3 text-[0.9375rem]">
      <p className="text-ink-2">
        {local
          ? t`In the same folder as the running server, in a second terminal:`
          : t`In a clone of this project:`}
      </p>
      <Command text={nodeCommand({ origin: window.location.origin, chainId, local, saved })} />
      <p className="text-sm text-ink-2">
        {saved === undefined ? (
          <Trans>
            The file is one of yours with one line, <code className="font-mono">PROVIDER_KEY=</code> and the
            signing key. Only your node reads it.
          </Trans>
        ) : (
          <Trans>
            The file was saved when the key was made here; correct its path if your browser saves elsewhere.
            For another key, write a file with one line, <code className="font-mono">PROVIDER_KEY=</code> and
            the signing key. Only your node reads it.
          </Trans>
        )}
      </p>
      {!local && (
        <p className="text-sm text-ink-2">
          <Trans>
            Fill in the RPC URL of a node that you trust, and the origins that you read, such as
            https://api.kraken.com. Of anything else your node reads nothing.
          </Trans>
        </p>
      )}
    </div>
  );
}
