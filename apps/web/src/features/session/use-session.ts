import { t } from "@lingui/core/macro";
import { sameAddress } from "@sooth/kernel";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { sessionQuery } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useWallet } from "../wallet/wallet-context.tsx";

/** Everything that the server tells one visitor and not another. */
const PERSONAL = [["session"], ["comments"], ["notifications"]];

/**
 * Whether the wallet that is connected is signed in. A session of another wallet counts as none: what is done here is done in the
 * name of the wallet that is shown. `signIn` throws what the wallet or the server said.
 */
export function useSession() {
  const wallet = useWallet();
  const { hub } = useNetwork();
  const client = useQueryClient();
  const session = useQuery(sessionQuery).data;
  const account = wallet.account;
  const signedIn =
    account !== undefined &&
    session !== undefined &&
    session.address !== null &&
    sameAddress(session.address, account.address);
  const renew = () => Promise.all(PERSONAL.map((queryKey) => client.invalidateQueries({ queryKey })));

  const signIn = async () => {
    if (!account) throw new Error(t`no wallet is connected`);
    const [{ signInMessage }, { nonce, issuedAt }] = await Promise.all([
      import("./message.ts"),
      api.giveNonce(),
    ]);
    const message = signInMessage({
      address: account.address as `0x${string}`,
      chainId: hub.chainId,
      // Of this page, not of what the server says: a wallet compares it with where it is asked.
      origin: window.location.origin,
      nonce,
      issuedAt,
    });
    await api.signIn({ message, signature: await wallet.signText(message) });
    await renew();
    announce(t`Signed in`);
  };
  const signOut = async (everywhere: boolean) => {
    await api.signOut({ everywhere: everywhere ? "true" : "false" });
    await renew();
    announce(t`Signed out`);
  };
  return {
    account,
    /** Of the wallet that is connected; undefined while it is not signed in. */
    address: signedIn ? account.address : undefined,
    /** Signed in here, while the wallet that is connected is another: nothing is said in its name. */
    other: account !== undefined && !signedIn ? (session?.address ?? undefined) : undefined,
    expiresAt: signedIn ? session.expiresAt : null,
    signIn: useMutation({ mutationFn: signIn }),
    signOut: useMutation({ mutationFn: signOut }),
  };
}
