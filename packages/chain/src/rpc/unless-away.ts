import { appErrorIn } from "@sooth/kernel";

/** What is asked, or undefined where no node of its chain answers: for what is worth saying all the same. */
export async function unlessAway<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (appErrorIn(error)?.code === "chain.rpc_unreachable") return undefined;
    throw error;
  }
}
