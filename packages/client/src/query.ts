/** Values of a query; what is undefined, "", false or 0 is left out, as Go's `omitempty` does. */
export type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** A query in the form of Go's url.Values.Encode: sorted by name; "" or beginning with "?". */
export function encodeQuery(values: QueryValues): string {
  let query = "";
  for (const name of Object.keys(values).sort()) {
    const value = values[name];
    if (value === undefined || value === "" || value === false || value === 0) continue;
    query += `${query === "" ? "?" : "&"}${name}=${escaped(String(value))}`;
  }
  return query;
}

/** Most of what a kubelet names needs no escape, and a look costs a tenth of escaping it. */
const unreserved = /^[A-Za-z0-9\-_.~]*$/;

/** Go escapes all but letters, digits and `-_.~` (net/url, shouldEscape). */
function escaped(text: string): string {
  if (unreserved.test(text)) return text;
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
