// Rules for names and their messages, from apimachinery/pkg/api/validate/content/{dns,kube}.go and
// apimachinery/pkg/util/validation/validation.go. Each function returns what is wrong, nothing for what is right.

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const labelWithUnderscore = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const subdomainWithUnderscore = `${labelWithUnderscore}(\\.${labelWithUnderscore})*`;
const dns1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const labelKey = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const labelValue = `(${labelKey})?`;
const configMapKey = "[-._a-zA-Z0-9]+";
const percent = "[0-9]+%";
const httpHeader = "[-A-Za-z0-9]+";

/** Backslashes are part of the source as Go prints it. */
const whole = new Map(
  [label, subdomain, subdomainWithUnderscore, dns1035, labelKey, labelValue, configMapKey, percent, httpHeader].map(
    (source) => [source, new RegExp(`^(?:${source})$`)],
  ),
);

function matches(source: string, value: string): boolean {
  return whole.get(source)?.test(value) === true;
}

function maxLength(most: number): string {
  return `must be no more than ${most} characters`;
}

function byRegex(message: string, source: string, ...examples: string[]): string {
  const given = examples.map((example) => `'${example}'`).join(",  or ");
  return `${message} (e.g. ${given}, regex used for validation is '${source}')`;
}

export function inclusiveRange(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

const alphanumeric = "and must start and end with an alphanumeric character";

export function dnsLabelFaults(value: string): string[] {
  const faults = value.length > 63 ? [maxLength(63)] : [];
  if (matches(label, value)) return faults;
  if (matches(subdomain, value)) return [...faults, "must not contain dots"];
  const text = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ${alphanumeric}`;
  return [...faults, byRegex(text, label, "my-name", "123-abc")];
}

export function dnsSubdomainFaults(value: string): string[] {
  const faults = value.length > 253 ? [maxLength(253)] : [];
  if (matches(subdomain, value)) return faults;
  const text = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ${alphanumeric}`;
  return [...faults, byRegex(text, subdomain, "example.com")];
}

export function dnsSubdomainWithUnderscoreFaults(value: string): string[] {
  const faults = value.length > 253 ? [maxLength(253)] : [];
  if (matches(subdomainWithUnderscore, value)) return faults;
  const text = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', ${alphanumeric}`;
  return [...faults, byRegex(text, subdomainWithUnderscore, "example.com")];
}

export function dns1035LabelFaults(value: string): string[] {
  const faults = value.length > 63 ? [maxLength(63)] : [];
  if (matches(dns1035, value)) return faults;
  const text =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...faults, byRegex(text, dns1035, "my-name", "abc-123")];
}

const labelKeyText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** A label's key, a resource's name, a condition's type: an optional DNS prefix, a slash, and a name. */
export function qualifiedNameFaults(value: string): string[] {
  const parts = value.split("/");
  const wrongForm = byRegex(labelKeyText, labelKey, "MyName", "my.name", "123-abc");
  if (parts.length > 2) {
    return [`a valid label key ${wrongForm} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1) ?? "";
  const faults = parts.length === 2 ? prefixFaults(parts[0] ?? "") : [];
  if (name === "") faults.push("name part must be non-empty");
  else if (name.length > 63) faults.push(`name part ${maxLength(63)}`);
  if (!matches(labelKey, name)) faults.push(`name part ${wrongForm}`);
  return faults;
}

function prefixFaults(prefix: string): string[] {
  if (prefix === "") return ["prefix part must be non-empty"];
  return dnsSubdomainFaults(prefix).map((fault) => `prefix part ${fault}`);
}

export function labelValueFaults(value: string): string[] {
  const faults = value.length > 63 ? [maxLength(63)] : [];
  if (matches(labelValue, value)) return faults;
  const text = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', ${alphanumeric}`;
  return [...faults, byRegex(text, labelValue, "MyValue", "my_value", "12345")];
}

export function portNumberFaults(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : [inclusiveRange(1, 65535)];
}

export function portNameFaults(name: string): string[] {
  const faults: string[] = [];
  if (name.length > 15) faults.push(maxLength(15));
  if (!/^[-a-z0-9]+$/.test(name)) {
    faults.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(name)) faults.push("must contain at least one letter (a-z)");
  if (name.includes("--")) faults.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) faults.push("must not begin or end with a hyphen");
  return faults;
}

/** The relaxed rule, which is final since 1.34: printable ASCII without "=". */
export function envNameFaults(name: string): string[] {
  if (name === "") return ["environment variable name must be non-empty"];
  if (/^[ -<>-~]*$/.test(name)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function configMapKeyFaults(key: string): string[] {
  const faults = key.length > 253 ? [maxLength(253)] : [];
  if (!matches(configMapKey, key)) {
    const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    faults.push(byRegex(text, configMapKey, "key.name", "KEY_NAME", "key-name"));
  }
  if (key === "." || key === "..") faults.push(`must not be '${key}'`);
  else if (key.startsWith("..")) faults.push("must not start with '..'");
  return faults;
}

export function percentFaults(text: string): string[] {
  if (matches(percent, text)) return [];
  const rule = "a valid percent string must be a numeric string followed by an ending '%'";
  return [byRegex(rule, percent, "1%", "93%")];
}

export function httpHeaderNameFaults(name: string): string[] {
  if (matches(httpHeader, name)) return [];
  return [byRegex("a valid HTTP header must consist of alphanumeric characters or '-'", httpHeader, "X-Header-Name")];
}

/** Users and groups of containers. */
export function unixIdFaults(id: number): string[] {
  return id >= 0 && id <= 2147483647 ? [] : [inclusiveRange(0, 2147483647)];
}

/** Names that may be a part of a path, e.g. of roles. */
export function pathSegmentFaults(name: string): string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"]
    .filter((character) => name.includes(character))
    .map((character) => `may not contain '${character}'`);
}
