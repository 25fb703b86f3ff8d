/** What passed between clients and servers while it was recorded. */
export interface Traffic {
  requests: { method: string; url: string; body: string }[];
  answers: { status: number; location: string | null; body: string }[];
  /** Ends the recording. */
  stop(): void;
}

/** Records every request of this process that goes through `fetch`, and its answer. */
export function recordTraffic(): Traffic {
  const real = globalThis.fetch;
  const traffic: Traffic = { requests: [], answers: [], stop: () => void (globalThis.fetch = real) };
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { method, url } = request;
    const body = await request.clone().text();
    traffic.requests.push({ method, url, body });
    const answer = await real(request);
    const copy = await answer.clone().text();
    traffic.answers.push({ status: answer.status, location: answer.headers.get('location'), body: copy });
    return answer;
  };
  return traffic;
}
