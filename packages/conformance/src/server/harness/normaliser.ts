const uidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const jwtPattern = /^(eyJ[\w-]+)\.([\w-]+)\.[\w-]+$/;
/** What a name that the server made up ends with (apiserver/pkg/storage/names/generate.go). */
const suffixPattern = "[bcdfghjklmnpqrstvwxz2456789]{5}";
const serviceIpPattern = /\b10\.\d+\.\d+\.\d+\b/g;
/** Times further from now than this were sent by a case, and must come back as they were. */
const nearMs = 2 * 86_400_000;

/**
 * Replaces what two servers may rightly answer differently: uids, versions, times of now, names that the server makes up.
 * Each is replaced by its number in the order of first appearance, where it can be by object, so that the same value in two
 * places stays the same.
 */
export class Normaliser {
  readonly #namespace: string;
  /** Tokens by kind and value. */
  readonly #seen = new Map<string, Map<string, string>>();
  readonly #counts = new Map<string, number>();
  readonly #generated: { readonly pattern: RegExp; readonly prefix: string }[] = [];

  /** @param namespace the case's own, shown as {ns} */
  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /**
   * @param value plain JSON
   * @param collection what it was asked of, e.g. "pods": objects of one name are told apart by it
   */
  value(value: unknown, collection = ""): unknown {
    this.#learn(value, collection);
    return this.#value(value, "", undefined);
  }

  /** A request's body: names will be made of what it says, even in refusals. */
  request(body: unknown): void {
    const metadata = isRecord(body) ? body["metadata"] : undefined;
    const generateName = isRecord(metadata) ? metadata["generateName"] : undefined;
    if (typeof generateName === "string") this.#learnPrefix(this.#names(generateName));
  }

  /** A text on its own: a path, a header. */
  text(text: string): string {
    return this.#names(text).replace(uidPattern, (uid) => this.#token("uid", uid));
  }

  #value(value: unknown, key: string, parent: Readonly<Record<string, unknown>> | undefined): unknown {
    if (Array.isArray(value)) {
      if (key === "managedFields") return "<managedFields>";
      return value.map((entry) => this.#value(entry, "", undefined));
    }
    if (typeof value === "string") return this.#string(value, key, parent);
    if (typeof value === "number" && key === "nodePort" && value >= 30_000)
      return this.#token("nodePort", String(value));
    if (typeof value !== "object" || value === null) return value;
    const record = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(record).map(([name, entry]) => [this.#names(name), this.#value(entry, name, record)]),
    );
  }

  #string(text: string, key: string, parent: Readonly<Record<string, unknown>> | undefined): unknown {
    if (key === "resourceVersion" && isVersion(text)) return this.#token("rv", text);
    if (key === "continue" && text !== "" && parent !== undefined && "resourceVersion" in parent) return "<continue>";
    if (timePattern.test(text)) return Math.abs(Date.parse(text) - Date.now()) > nearMs ? text : timeShape(text);
    const [, header, claims] = jwtPattern.exec(text) ?? [];
    if (header !== undefined && claims !== undefined) return { jwt: this.#claims(decode(header), decode(claims)) };
    return this.#numbers(this.text(text))
      .replace(serviceIpPattern, (ip) => this.#token("ip", ip))
      .replace(new RegExp(`\\b(kube-api-access-)${suffixPattern}\\b`, "g"), "$1<suffix>");
  }

  #claims(header: unknown, claims: unknown): unknown {
    const { alg, typ } = header as Record<string, unknown>;
    const { exp, iat, nbf, ...rest } = claims as Record<string, unknown>;
    return {
      header: { hasAlgorithm: typeof alg === "string", ...(typ !== undefined && { typ }) },
      claims: this.#value(rest, "", undefined),
      lifetimeS: Number(exp) - Number(iat),
      notBefore: nbf === iat,
    };
  }

  /** Versions inside of messages. */
  #numbers(text: string): string {
    const versions = this.#seen.get("rv");
    return (
      text
        // A whole object with its versions and times, as the text of the wrong value.
        .replace(/"\{(?:\\"|[^"])*?\\"resourceVersion\\".*\}":/s, "<object>:")
        .replace(/(too old resource version: \d+ )\(\d+\)/, "$1(<latest>)")
        .replace(/(current: )\d+/, "$1<latest>")
        .replace(
          /(resource ?version[^"]*? |in object meta: |in the precondition \()(\d+)\b/gi,
          (all, before: string, version: string) => {
            const known = versions?.get(version);
            return known === undefined ? all : `${before}${known}`;
          },
        )
        // It may be of a change that nobody was answered.
        .replace(/(in record \()(\d+)\b/g, (_, before: string, version: string) => {
          return `${before}${versions?.get(version) ?? "<unseen>"}`;
        })
    );
  }

  #names(text: string): string {
    let named = text.replaceAll(this.#namespace, "{ns}");
    for (const { pattern, prefix } of this.#generated) {
      named = named.replace(pattern, (name) => this.#token(`made of ${prefix}`, name));
    }
    return named;
  }

  /** Takes in what the metadata of objects says: made names, and to whom uids and versions belong. */
  #learn(value: unknown, collection: string): void {
    if (Array.isArray(value)) for (const entry of value) this.#learn(entry, collection);
    else if (isRecord(value)) {
      if (isRecord(value["metadata"])) this.#learnMetadata(value["metadata"], collection);
      for (const entry of Object.values(value)) this.#learn(entry, collection);
    }
  }

  #learnMetadata(metadata: Readonly<Record<string, unknown>>, collection: string): void {
    const { generateName, name, namespace, uid, resourceVersion } = metadata;
    if (typeof name !== "string") return;
    if (typeof generateName === "string" && name.startsWith(generateName)) {
      this.#learnPrefix(generateName.replaceAll(this.#namespace, "{ns}"));
    }
    const place = namespace === this.#namespace ? "" : `${this.#names(String(namespace ?? ""))}/`;
    const owner = `${collection === "" ? "" : `${collection} `}${place}${this.#names(name)}`;
    if (typeof uid === "string" && uid !== "") this.#token("uid", uid, owner);
    if (typeof resourceVersion === "string" && isVersion(resourceVersion)) this.#token("rv", resourceVersion, owner);
  }

  #learnPrefix(prefix: string): void {
    if (this.#generated.some((known) => known.prefix === prefix)) return;
    const literal = prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    this.#generated.push({ pattern: new RegExp(`${literal}${suffixPattern}\\b`, "g"), prefix });
  }

  /** @param owner numbered for itself, so that one object too many does not change all numbers after it */
  #token(kind: string, value: string, owner = ""): string {
    const known = this.#seen.get(kind) ?? new Map<string, string>();
    this.#seen.set(kind, known);
    const found = known.get(value);
    if (found !== undefined) return found;
    const label = `${kind}${owner === "" ? "" : ` of ${owner}`}`;
    const count = (this.#counts.get(label) ?? 0) + 1;
    this.#counts.set(label, count);
    const token = `<${label} ${count}>`;
    known.set(value, token);
    return token;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** "0" and "" are what a client says, not a version. */
function isVersion(text: string): boolean {
  return /^[1-9]\d*$/.test(text);
}

/** An answer without the version of a list or of a bookmark, which is the server's: others move it on as well. */
export function withoutListVersion(body: unknown): unknown {
  if (!isRecord(body) || !isRecord(body["metadata"])) return body;
  const { metadata } = body;
  const isList = Array.isArray(body["items"]) || Array.isArray(body["rows"]) || metadata["name"] === undefined;
  if (!isList || metadata["resourceVersion"] === undefined || metadata["resourceVersion"] === "") return body;
  return { ...body, metadata: { ...metadata, resourceVersion: "<latest>" } };
}

/** Whole seconds, or with how many digits. */
function timeShape(text: string): string {
  const digits = text.length - "2026-01-01T00:00:00Z".length - 1;
  return digits > 0 ? `<time with ${digits} digits>` : "<time>";
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}
