import { KubeconfigError } from "./kubeconfig-error.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the fields of one YAML mapping with the types that Go's decoder would insist on: a field of another type is an
 * error, an unknown one is not. Absent, null and the empty string are all `undefined`, as they are alike to client-go.
 */
export class FieldReader {
  readonly file: string;
  readonly #path: string;
  readonly #fields: Fields;

  /** @param path of the mapping inside the file; "" at the root */
  constructor(file: string, path: string, value: unknown) {
    this.file = file;
    this.#path = path;
    if (value !== undefined && value !== null && !isMapping(value)) throw this.#wrongType("", "a mapping", value);
    this.#fields = value ?? {};
  }

  /** The same mapping under another path, once its name is known. */
  renamed(path: string): FieldReader {
    return new FieldReader(this.file, path, this.#fields);
  }

  string(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || value === "") return undefined;
    if (typeof value !== "string") throw this.#wrongType(name, "a string", value);
    return value;
  }

  boolean(name: string): boolean {
    const value = this.raw(name);
    if (value === undefined) return false;
    if (typeof value !== "boolean") throw this.#wrongType(name, "true or false", value);
    return value;
  }

  strings(name: string): readonly string[] {
    return this.#list(name).map((item, index) => {
      if (item === null) return "";
      if (typeof item !== "string") throw this.#wrongType(`${name}[${index}]`, "a string", item);
      return item;
    });
  }

  /** Base64 as Go's `[]byte` fields have it, decoded. */
  decoded(name: string): string | undefined {
    const text = this.string(name)?.replace(/[\r\n]/g, "");
    if (text === undefined || text === "") return undefined;
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
      throw new KubeconfigError("bad-field", this.#place(name), `is not base64 (${text.length} characters)`, {
        remedy: `Write it as the output of "base64 -w0" of a PEM file, or name that file in ${name.replace(/-data$/, "")}.`,
      });
    }
    return Buffer.from(text, "base64").toString("utf8");
  }

  child(name: string): FieldReader {
    return new FieldReader(this.file, this.#pathOf(name), this.raw(name));
  }

  children(name: string): readonly FieldReader[] {
    return this.#list(name).map((item, index) => new FieldReader(this.file, this.#pathOf(`${name}[${index}]`), item));
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  names(): readonly string[] {
    return Object.keys(this.#fields);
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? undefined) : undefined;
  }

  #list(name: string): readonly unknown[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.#wrongType(name, "a list", value);
    return value;
  }

  #pathOf(name: string): string {
    if (name === "") return this.#path;
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  #place(name: string): { file: string; field: string | undefined } {
    const field = this.#pathOf(name);
    return { file: this.file, field: field === "" ? undefined : field };
  }

  /** Says the type and not the value, which may be a secret. */
  #wrongType(name: string, wanted: string, value: unknown): KubeconfigError {
    return new KubeconfigError("bad-field", this.#place(name), `is ${typeName(value)}, not ${wanted}`, {
      remedy: wanted === "a string" ? "Put the value in quotes." : `Write ${wanted} there.`,
    });
  }
}

function isMapping(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isMapping(value)) return "a mapping";
  return typeof value === "object" ? "binary data" : `a ${typeof value}`;
}
