// The rules of label keys and values with the texts of apimachinery, pkg/api/validate/content/{kube,dns,errors}.go.

const keyFormat = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const dnsLabelFormat = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomainFormat = `${dnsLabelFormat}(\\.${dnsLabelFormat})*`;
const valueFormat = `(${keyFormat})?`;

const keyPattern = new RegExp(`^${keyFormat}$`);
const subdomainPattern = new RegExp(`^${subdomainFormat}$`);
const valuePattern = new RegExp(`^${valueFormat}$`);

const maxNameBytes = 63;
const maxSubdomainBytes = 253;

/** What is wrong with a label key such as `app` or `example.com/app`; empty if nothing is. */
export function labelKeyFaults(key: string): string[] {
  const parts = key.split("/");
  if (parts.length > 2) {
    const example = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    return [`a valid label key ${keyFormatText} ${example}`];
  }
  const name = parts.at(-1) ?? "";
  const faults = parts.length === 2 ? prefixFaults(parts[0] ?? "") : [];
  if (name === "") faults.push("name part must be non-empty");
  else if (byteLength(name) > maxNameBytes) faults.push(`name part ${tooLong(maxNameBytes)}`);
  if (!keyPattern.test(name)) faults.push(`name part ${keyFormatText}`);
  return faults;
}

function prefixFaults(prefix: string): string[] {
  if (prefix === "") return ["prefix part must be non-empty"];
  return dnsSubdomainFaults(prefix).map((fault) => `prefix part ${fault}`);
}

/** What is wrong with a DNS-1123 subdomain, the rule of most object names; empty if nothing is. */
export function dnsSubdomainFaults(text: string): string[] {
  const faults: string[] = [];
  if (byteLength(text) > maxSubdomainBytes) faults.push(tooLong(maxSubdomainBytes));
  if (!subdomainPattern.test(text)) {
    faults.push(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
        `and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomainFormat}')`,
    );
  }
  return faults;
}

/** What is wrong with a label value; empty if nothing is. */
export function labelValueFaults(value: string): string[] {
  const faults: string[] = [];
  if (byteLength(value) > maxNameBytes) faults.push(tooLong(maxNameBytes));
  if (!valuePattern.test(value)) {
    faults.push(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
        `end with an alphanumeric character ${examples(valueFormat, "MyValue", "my_value", "12345")}`,
    );
  }
  return faults;
}

const keyFormatText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  examples(keyFormat, "MyName", "my.name", "123-abc");

function examples(format: string, ...values: readonly string[]): string {
  return `(e.g. ${values.map((value) => `'${value}', `).join(" or ")}regex used for validation is '${format}')`;
}

function tooLong(bytes: number): string {
  return `must be no more than ${bytes} bytes`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
