import { t } from "@lingui/core/macro";
import { erasureTypedData, keepingTypedData } from "@sooth/markets/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Opinion, type TypedData } from "../../../api.ts";
import { announce } from "../../../components/announcer.tsx";
import { useNetwork } from "../../../shell/use-network.ts";
import { useWallet } from "../../wallet/wallet-context.tsx";
import "./error-words.ts";

/** For how long what is signed is good, in seconds: half of what the server takes, as clocks differ. */
const GOOD_SECONDS = 1_800;

/** Under a key of its own: a text stands in several markets. */
const erasureQuery = (sha256: string) =>
  queryOptions({
    queryKey: ["erasure", sha256],
    queryFn: () => api.getErasure({ name: sha256 }),
    staleTime: 0,
  });

/**
 * How it stands with the text of an opinion, once that is looked up, and what its owner can do about it: both sign, and throw what the
 * wallet or the server said.
 */
export function useErasure({ opinion, owner, erasure }: Opinion, wanted: boolean) {
  const wallet = useWallet();
  const { hub, addresses } = useNetwork();
  const client = useQueryClient();
  const query = erasureQuery(opinion);
  const told = useQuery({ ...query, enabled: wanted || erasure === "asked" });
  const sign = async (typed: typeof erasureTypedData | typeof keepingTypedData) => {
    const deadline = Math.floor(Date.now() / 1_000) + GOOD_SECONDS;
    const domain = { chainId: hub.chainId, oracle: addresses.oracle as `0x${string}` };
    const what = { sha256: opinion as `0x${string}`, owner: owner as `0x${string}`, deadline };
    const signature = await wallet.sign(typed(domain, what) as unknown as TypedData);
    return { name: opinion, owner, deadline, signature };
  };
  const tell = async (came: typeof told.data, words: string) => {
    client.setQueryData(query.queryKey, came);
    announce(words);
    await Promise.all(
      ["opinion-market", "wallet-opinions"].map((key) => client.invalidateQueries({ queryKey: [key] })),
    );
  };
  return {
    told,
    ask: useMutation({
      mutationFn: async () => api.eraseContent(await sign(erasureTypedData)),
      onSuccess: (came) => tell(came, t`Your text will be erased`),
    }),
    keep: useMutation({
      mutationFn: async () => api.keepContent(await sign(keepingTypedData)),
      onSuccess: (came) => tell(came, t`Your text stays`),
    }),
  };
}
