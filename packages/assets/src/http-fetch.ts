import { AssetsError, aborted } from "./assets-error.ts";

export interface FetchOptions {
  /** Time to connect and to get the first byte of an answer; default 5,000. */
  readonly headTimeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An answer and the means to give up on its body. */
export interface Fetched {
  readonly response: Response;
  readonly abort: () => void;
}

/**
 * GET, following redirects. Throws AssetsError: "unreachable" for anything that leaves open whether the file exists (no
 * connection, no answer, a proxy that refuses, a server in trouble), "no-such-release" for 404.
 */
export async function fetchUrl(url: string, options: FetchOptions = {}): Promise<Fetched> {
  const control = new AbortController();
  const onAbort = () => control.abort();
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => control.abort(), options.headTimeoutMs ?? 5000);
  try {
    if (options.signal?.aborted === true) control.abort();
    const response = await fetch(url, { signal: control.signal, headers: { ...options.headers } });
    // 416 is an answer to a Range that the caller has to understand.
    if (response.ok || response.status === 416) return { response, abort: () => control.abort() };
    control.abort();
    throw refusal(url, response.status);
  } catch (cause) {
    if (cause instanceof AssetsError) throw cause;
    if (options.signal?.aborted === true) throw aborted("download", cause);
    throw unreachable(url, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** The whole body as text; for small files. */
export async function fetchText(url: string, options: FetchOptions = {}): Promise<string> {
  const { response } = await fetchUrl(url, options);
  try {
    return await response.text();
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

const mirrorRemedy = "install with --from go, or name a mirror with HOLLOW_KUBERNETES_URL and HOLLOW_ETCD_URL";

export function unreachable(url: string, cause: unknown): AssetsError {
  return new AssetsError("unreachable", `${new URL(url).host} cannot be reached`, { cause, remedy: mirrorRemedy });
}

function refusal(url: string, status: number): AssetsError {
  if (status === 404) {
    return new AssetsError("no-such-release", `${url} does not exist`, {
      remedy: "check the version with --k8s-version, and the mirror if you named one",
    });
  }
  return new AssetsError("unreachable", `${url} was answered with status ${status}`, { remedy: mirrorRemedy });
}
