import autocannon from "autocannon";

export type Load = {
  url: string;
  seconds: number;
  connections: number;
  /** Requests a second over all connections; undefined: as many as the server takes. */
  rate?: number;
};

export type LoadResult = {
  requestsPerSecond: number;
  /** Milliseconds from sending a request to its whole answer, in order of arrival. */
  latencies: number[];
  /** Answers that were no 2xx, and requests without an answer. */
  failures: number;
};

/** Runs one load against one address, in this process: the server has to be in another. */
export async function run(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const options = {
    url: load.url,
    duration: load.seconds,
    connections: load.connections,
    ...(load.rate === undefined ? {} : { overallRate: load.rate }),
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error: Error | null, found) =>
      error ? reject(error) : resolve(found),
    );
    running.on("response", (_client, _status, _bytes, milliseconds) => latencies.push(milliseconds));
  });
  return {
    requestsPerSecond: result.requests.total / result.duration,
    latencies,
    failures: result.non2xx + result.errors + result.timeouts,
  };
}
